"""What a fake Bluesky server holds: one account's posts and uploads, by name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.fakes import bluesky_cid
from tests.fakes.bluesky_lexicon import POSTS, Json
from tests.fakes.platform import Seen

DID = "did:plc:standfirstfakeaccount23"
TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")


class Refused(Exception):
    """The answer to a request that this server will not do."""

    def __init__(self, status: int, error: str, message: str = "") -> None:
        super().__init__(error)
        self.status = status
        self.answer = {"error": error, "message": message or error}


@dataclass
class Repo:
    """What one account has published, and uploaded."""

    records: dict[str, Json] = field(default_factory=dict)  # by rkey
    blobs: dict[str, Json] = field(default_factory=dict)  # by cid
    edits: int = 0
    taken: dict[str, datetime] = field(default_factory=dict)  # when a record came

    def put(self, rkey: str, asked: Json) -> Json:
        record, made = asked["record"], bluesky_cid.of_record(asked["record"])
        standing = self.records.get(rkey)
        if standing and standing["cid"] == made:
            return standing  # the same bytes: nothing happens
        if standing and "swapRecord" in asked and asked["swapRecord"] is None:
            raise Refused(400, "InvalidSwap", f"Record was at {standing['cid']}")
        self.edits += standing is not None
        self.taken.setdefault(rkey, datetime.now(UTC))
        self.records[rkey] = {"uri": uri(rkey), "cid": made, "value": record}
        return self.records[rkey]

    def upload(self, data: bytes, media_type: str) -> Json:
        made = bluesky_cid.of_blob(data)
        self.blobs[made] = {
            "$type": "blob",
            "ref": {"$link": made},
            "mimeType": media_type,
            "size": len(data),
        }
        return self.blobs[made]


def seen(standing: Json) -> Seen:
    """As a reader's app shows it: a shortened link leads where its facet says."""
    record = standing["value"]
    embed = record.get("embed", {})
    features = [one for facet in record.get("facets", []) for one in facet["features"]]
    links = [one["uri"] for one in features if "uri" in one]
    if "external" in embed:
        links.append(embed["external"]["uri"])
    rkey = standing["uri"].rpartition("/")[2]
    names = [standing["uri"], standing["cid"]]
    if reply := record.get("reply"):
        names += [reply["root"]["uri"], reply["root"]["cid"]]
    return Seen(
        remote_id=" ".join(names),
        url=f"https://bsky.app/profile/{DID}/post/{rkey}",
        text=record["text"],
        link=links[-1] if links else None,
        alts=tuple(image["alt"] for image in embed.get("images", [])),
        at=datetime.fromisoformat(record["createdAt"]),
        key=rkey,
    )


def uri(rkey: str) -> str:
    return f"at://{DID}/{POSTS}/{rkey}"
