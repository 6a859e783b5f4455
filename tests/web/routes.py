"""Who may call which route: the whole desk on one page. A new route is put here."""

from __future__ import annotations

from desk.models.people import Role

EVERYONE = frozenset(Role)
WRITERS = frozenset({Role.ADMIN, Role.EDITOR, Role.AUTHOR})
EDITORS = frozenset({Role.ADMIN, Role.EDITOR})
ADMINS = frozenset({Role.ADMIN})

LOOK = (  # change nothing
    "calendar.index",
    "channels.index",
    "channels.page",
    "compose.page",
    "inbox.home",
    "inbox.index",
    "live.version",
    "needs.groups",
    "needs.index",
    "people.signed_in",
    "people.you",
    "pictures.card",
    "pictures.show",
    "posts.account",
    "posts.page",
    "queue.index",
    "records.as_csv",
    "records.as_json",
    "records.index",
    "shares.page",
    "status.board",
    "status.columns",
    "status.counters",
)
OWN = (  # change only one's own name, theme, password and sessions
    "people.end_session",
    "people.password",
    "people.theme",
    "sign_in.sign_out",
)
WRITE = (
    "correcting.back",
    "correcting.choose_picture",
    "correcting.picture_back",
    "correcting.take",
    "inbox.back",
    "inbox.dismiss",
    "inbox.share",
    "inbox.take",
    "inbox.unshare",
    "pictures.put",
    "pictures.put_articles",
    "pictures.remove",
    "posts.bring_copy_back",
    "posts.choose_words",
    "posts.discard_copy",
    "posts.save",
    "posts.undo",
    "posts.write",
    "shares.make",
    "shares.new",
    "shares.plan",
    "shares.put_picture",
    "shares.remove_picture",
    "shares.save",
    "shares.schedule",  # an author's goes to an editor for approval
    "shares.write",
    "writing.follow",
    "writing.link_place",
    "writing.spread",
    "writing.thread",
    "writing.undo",
)
PUBLISH = (
    "calendar.move",
    "calendar.mover",
    "calendar.to_draft",
    "calendar.undo",
    "channels.check",
    "channels.hold",
    "channels.lift",
    "holding.hold",
    "holding.lift",
    "holding.undo",
    "needs.approve",
    "needs.ask_for_changes",
    "needs.drop",
    "needs.deleted",
    "needs.leave",
    "needs.send_again",
    "needs.wait_again",
    "posts.cancel",
    "posts.confirm_absent",
    "posts.confirm_live",
    "posts.restore",
    "posts.retry",
    "posts.schedule",
    "posts.to_draft",
    "queue.move",
    "shares.publish",
    "styles.example",
    "styles.page",
    "styles.save",
    "styles.undo",
    "weekly.change",
    "weekly.page",
    "weekly.undo",
)
RUN = (
    "channels.bring_back",
    "channels.promise",
    "channels.retire",
    "channels.settings",
    "channels.undo_promise",
    "connecting.add",
    "connecting.again",
    "connecting.choose",
    "connecting.form",
    "connecting.reconnect",
    "settings.index",
    "settings.name",
    "settings.undo_zone",
    "settings.zone",
    "team.disable",
    "team.enable",
    "team.end_sessions",
    "team.index",
    "team.invite",
    "team.link",
    "team.role",
    "team.undo_role",
)
WHO = {
    endpoint: roles
    for endpoints, roles in (
        (LOOK + OWN, EVERYONE),
        (WRITE, WRITERS),
        (PUBLISH, EDITORS),
        (RUN, ADMINS),
    )
    for endpoint in endpoints
}
