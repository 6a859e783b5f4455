"""Calls to a server as one account: who that is, and what its refusals mean."""

from __future__ import annotations

import re
from dataclasses import dataclass

from connectors.base import (
    ConnectorError,
    OutcomeUnknown,
    Rejected,
    Unauthorized,
    Unavailable,
)
from connectors.http import Client, Response, refusal
from connectors.mastodon.fediverse import Json
from connectors.mastodon.status import named_id, shows_a_post

# 403 for a credential that can't post; "This action is not allowed" is about the post
_CREDENTIAL = re.compile(r"token|scope|authori[sz]|authentic|login|suspend|disabled")


@dataclass(frozen=True)
class Api:
    """A server as one account asks it: who that is, and what a refusal means."""

    client: Client
    seconds: float  # for a call that only reads

    def account(self) -> tuple[Json, Response]:
        """Who the token belongs to; a server may answer 400 to a bad one."""
        path = "/api/v1/accounts/verify_credentials"
        response = self.client.get(path, seconds=self.seconds)
        if response.status in (400, 401, 403):
            raise Unauthorized(response.reason)
        if not response.ok:
            raise refusal(response, response.at)
        account = response.entry()
        if not account.get("id"):
            raise response.lost("an account without an id")
        return account, response

    def without_receipt(self, response: Response) -> ConnectorError:
        """A refusal; or an answer in which the post may be named all the same."""
        if response.ok:
            return response.lost("back a post without its id")
        error = self.refused(response)
        shown = isinstance(error, Rejected) and shows_a_post(response)
        if shown or isinstance(error, OutcomeUnknown):
            return OutcomeUnknown(error.reason, named_id(response))
        return error

    def refused(self, response: Response) -> ConnectorError:
        """The error for a post or an upload that was not taken."""
        said = response.words.lower()
        reason = response.reason
        match response.status:
            case 400 if "duplicate idempotency key" in said:  # Pixelfed
                return Rejected(reason, duplicate=True)
            case 400 if self._token_is_dead():
                return Unauthorized(reason)
            case 403 if _CREDENTIAL.search(said):
                return Unauthorized(reason)
            case 422 if "authenticated user" in said:  # the token of an app alone
                return Unauthorized(reason)
            case 422 if "not finished processing" in said:
                return Unavailable(reason)
            case _:
                return refusal(response, response.at)

    def _token_is_dead(self) -> bool:
        """A 400 may be about the token or about the post; its words are no help."""
        try:
            self.account()
        except ConnectorError as error:
            return isinstance(error, Unauthorized)
        return False
