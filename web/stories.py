"""Stories: several rows of the inbox, ticked, and changed by one press."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from desk import articles, posts
from desk.articles import inbox
from desk.models import Post
from desk.posts import Seen, reasons, stands
from desk.scheduling import sharing
from desk.scheduling.sharing import Plan
from desk.shares import labelling
from desk.shares import newest_of as newest_share
from web import answers, current, forms, notices, shown, story_notices
from web.guards import Permission, may
from web.inbox import anew

bp = Blueprint("stories", __name__)


@bp.get("/stories/plan")
@may(Permission.WRITE)
def plan() -> str:
    """What the bar says of the ticked ones, by the plan that a press would follow."""
    asked = forms.numbers_asked("stories", inbox.SHOWN)
    its = dict.fromkeys(sorted(asked, reverse=True))
    with current.reading() as at:
        plans = sharing.plan_all(current.desk_opened(), at.session, its, at.now)
        return _said_of(list(plans.values()), at)


def _said_of(plans: list[Plan], at: current.Moment) -> str:
    found = [one.slot_at for plan in plans for one in plan.fit.values()]
    return render_template(
        "inbox/_ticked.html",
        stories=len(plans),
        going=sum(bool(plan.fit) for plan in plans),
        on=len(set[int]().union(*(plan.on for plan in plans))),
        times=sorted(slot for slot in found if slot),
        slotless=len({name for plan in plans for name in plan.slotless}),
        unfit=sum(bool(plan.unfit) for plan in plans),
        returned=sum(bool(plan.returned) for plan in plans),
        at=at.now,
    )


@bp.post("/stories/schedule")
@may(Permission.WRITE)
def schedule() -> Response:
    """Each at the next free slots, the upper ones first; what can't go stays ticked."""
    its = _ticked()
    plans = current.do_once("plans", partial(_plans, its))
    done = {
        one: current.do_once(f"story {one}", partial(_share, plans[one])) for one in its
    }
    left = [one for one in its if not done[one] or story_notices.reasons_of(plans[one])]
    _tell(done, {one: plans[one] for one in left})
    notices.wake_clock()
    return anew(left)


@bp.post("/stories/dismiss")
@may(Permission.WRITE)
def dismiss() -> Response:
    its = _ticked()
    with current.writing() as at:
        found = [inbox.dismiss(at.session, one, at.now) for one in sorted(its)]
        mine = [one.id for one in found if one.dismissed_at == at.now]
    answers.say(
        f"Dismissed {story_notices.count(len(mine))}. Their posts stay as they are.",
        undo="inbox.back" if mine else "",
        of=mine,
        stands=at.now,
    )
    return anew()


@bp.post("/stories/label")
@may(Permission.WRITE)
def label() -> Response:
    """On the newest share of each, beside the labels that it has."""
    its = _ticked()
    name = forms.text("label", 200)
    with current.writing() as at:
        found = [newest_share(at.session, one) for one in its]
        put_on, changed = labelling.label_all(
            at.session,
            [one.id for one in found if one],
            name,
            now=at.now,
            by=current.actor(),
        )
        of = [f"{put_on.id}:{one.id}" for one in changed]
        left = labelling.as_labelled(changed)
    answers.say(
        f"Labelled {story_notices.count(len(changed))} “{put_on.name}”.",
        undo="stories.unlabel" if changed else "",
        of=of,
        stands=left,
    )
    return anew(its)


@bp.post("/stories/unlabel")
@may(Permission.WRITE)
def unlabel() -> Response:
    """Undo a labelling."""
    its = forms.pairs_undone(inbox.SHOWN)
    label_id = its[0][0]
    with current.writing() as at:
        labelling.unlabel_all(
            at.session,
            [share_id for _, share_id in its],
            label_id,
            now=at.now,
            by=current.actor(),
            over=forms.stands(),
        )
    answers.say("Undone: the label is off again.")
    return anew()


def _ticked() -> list[int]:
    """The upper ones first, as the list shows them."""
    its = forms.many("stories", inbox.SHOWN)
    if not its:
        raise forms.BadForm("Tick a story first: the box at the left of its row.")
    return sorted(its, reverse=True)


def _plans(its: list[int]) -> dict[int, Plan]:
    with current.reading() as at:
        seen = {one: _seen(at, one) for one in its}
        return sharing.plan_all(current.desk_opened(), at.session, seen, at.now)


def _tell(done: dict[int, list[Post]], left: dict[int, Plan]) -> None:
    given = [post for some in done.values() for post in some]
    notices.tell_foreseen(given)
    with current.reading() as at:
        named = [
            (articles.find_article(at.session, one).headline, plan)
            for one, plan in left.items()
        ]
    story_notices.tell_all(given, sum(map(bool, done.values())), named)


def _seen(at: current.Moment, article_id: int) -> dict[int, Seen]:
    """Its drafts, where all stand as the page showed them. Raises `Unsaid`."""
    its = _drafts(at, article_id)
    if forms.showed(f"drafts-{article_id}") != shown.drafts_together(its):
        return {}
    return {post.id: Seen(None, stood=stands(post)) for post in its}


def _drafts(at: current.Moment, article_id: int) -> list[Post]:
    its = posts.drafts(at.session, article_id)
    return [post for post in its if not reasons.was_sent_back(post)]


def _share(planned: Plan) -> list[Post]:
    """In a transaction of its own: forty stories are too much for one."""
    with current.writing() as at:
        return sharing.share(
            current.desk_opened(), at.session, planned, now=at.now, by=current.actor()
        )
