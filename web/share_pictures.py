"""Share pictures: what a share shows wherever it is followed, and the way back."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from desk import conflicts
from desk.models import Share
from desk.shares import find_share, illustrating
from desk.shares.editing import Shown
from desk.shares.rendering import Field
from web import answers, current, forms, shares
from web.guards import Permission, may
from web.limits import takes_files

bp = Blueprint("share_pictures", __name__)

MOST_UNDONE = 1200  # letters about a picture: its Undo is kept in a cookie


@bp.post("/shares/<int:share_id>/picture")
@may(Permission.WRITE)
@takes_files
def put(share_id: int) -> Response:
    """An editor's own picture, on every channel that follows."""
    file = forms.upload("share-picture")
    if file is None:
        raise forms.BadForm("Choose a picture first: a JPEG, PNG, WebP or GIF.")
    revision = shares.save_all(share_id).revision
    former = _pictures_of(share_id)
    illustrating.upload(
        current.desk_opened(), share_id, file.read(), revision, by=current.actor()
    )
    _tell_shown(
        share_id, "The picture is in. Describe it for people who can't see it.", former
    )
    return shares.back_to(share_id)


@bp.post("/shares/<int:share_id>/picture/remove")
@may(Permission.WRITE)
def remove(share_id: int) -> Response:
    revision = shares.save_all(share_id).revision
    former = _pictures_of(share_id)
    illustrating.show(current.desk_opened(), share_id, (), revision, by=current.actor())
    _tell_shown(share_id, "The picture is out of this share.", former)
    return shares.back_to(share_id)


@bp.post("/shares/picture/back")
@may(Permission.WRITE)
def bring_back() -> Response:
    """Undo: what the share showed before, with all that was said of it."""
    share_id, words = forms.undone(4)
    with current.reading() as at:
        share = find_share(at.session, share_id)
        conflicts.refuse_changed(forms.stands(), _how_pictures_stand(share))
        revision = share.revision
    shown = _shown_again(*words)
    illustrating.show(
        current.desk_opened(), share_id, shown, revision, by=current.actor()
    )
    answers.say("Undone: it shows what it showed before.")
    return answers.go("shares.page", share_id=share_id)


def _pictures_of(share_id: int) -> tuple[Shown, ...]:
    with current.reading() as at:
        share = find_share(at.session, share_id)
        return tuple(map(Shown.of, share.pictures))


def _tell_shown(share_id: int, said: str, former: tuple[Shown, ...]) -> None:
    """With the way back, where what was said of the former one has room in a cookie."""
    with current.reading() as at:
        stands = _how_pictures_stand(find_share(at.session, share_id))
    words = _to_undo(former[0]) if former else ["", "", "", ""]
    short = sum(map(len, words)) <= MOST_UNDONE
    answers.say(
        said,
        undo="share_pictures.bring_back" if short else "",
        of=[share_id, *words] if short else [],
        stands=stands,
    )


def _how_pictures_stand(share: Share) -> object:
    """What an Undo compares: nobody changed them since."""
    return [share.id, share.changed_at.get(Field.PICTURES, 0)]


def _to_undo(shown: Shown) -> list[str]:
    draft = "draft" if shown.alt_is_draft else ""
    return [str(shown.picture_id), draft, shown.alt, shown.credit]


def _shown_again(number: str, draft: str, alt: str, credit: str) -> tuple[Shown, ...]:
    picture_id = forms.number(number)
    return (Shown(picture_id, alt, credit, bool(draft)),) if picture_id else ()
