"""What stands in a page's markup and no reader of the story sees as part of it.

Hidden words, words taken back, readings above signs, windows that lie over the page,
posts of others that are embedded. It is taken out before anything is read.
"""

from __future__ import annotations

import regex
from lxml import etree
from lxml.html import HtmlElement

ASIDE_WORDS = frozenset(("rt", "rp", "del", "s", "strike", "dialog"))
HIDDEN = 400  # letters; what is hidden and longer waits for a script to show it
WINDOW = 6_000  # letters of a notice that lies over the page
SPOKEN = regex.compile(  # for screen readers alone
    r"(?<![a-z])(?:sr-?only|(?:visually|visibility)-?hidden|hidden-visually|"
    r"screen-?reader(?:s|-text|-only)?|reader-only|assistive(?:-text)?|off-?screen|"
    r"a11y(?:-hidden|-only)?|element-invisible|u-hidden|is-hidden)(?![a-z])",
    regex.IGNORECASE,
)
STRUCK = regex.compile(
    r"(?<![a-z])(?:strike|strike-?through|struck(?:-?out)?|line-?through)(?![a-z])",
    regex.IGNORECASE,
)
UNSEEN = regex.compile(
    r"(?:display\s?:\s?none|visibility\s?:\s?hidden)", regex.IGNORECASE
)
CROSSED = regex.compile(
    r"text-decoration(?:-line)?\s?:\s?line-through", regex.IGNORECASE
)
TIP = regex.compile(r"(?<![a-z])tool-?tip", regex.IGNORECASE)
NOTICE = regex.compile(
    r"(?<![a-z])(?:cookies?|consent|gdpr|ccpa|onetrust|didomi|usercentrics|cookiebot|"
    r"cmp|iubenda|quantcast|sourcepoint|sp_message|rgpd|dsgvo|lgpd)(?![a-z])",
    regex.IGNORECASE,
)
EMBEDDED = regex.compile(
    r"(?:twitter|instagram|tiktok|bluesky|mastodon|facebook|fb|reddit|threads|"
    r"linkedin|telegram|vk|youtube|flickr|pinterest|imgur|weibo|x)"
    r"[-_]?(?:tweet|post|media|embed|video|quote|player|status)|"
    r"(?:^|\s)(?:text-post-media|imgur-embed-pub|embed(?:ded)?-?(?:post|tweet|social))",
    regex.IGNORECASE,
)
SOCIAL = regex.compile(
    r"https?://(?:[\w-]+\.)?(?:twitter|x|instagram|tiktok|bsky|threads|facebook)\."
    r"(?:com|app|net)/",
    regex.IGNORECASE,
)
POSTED = regex.compile(r"[—–-]\s*\S.{0,80}?\(\s*@[\w.@-]{2,60}\s*\)")
WITHIN = frozenset(("a", "span", "abbr", "button", "dfn", "em", "b", "strong", "i"))
STORY_TAGS = ("h1", "article", "main", "img")


def clear(tree: HtmlElement) -> None:
    """Take all of it out of the tree; what follows each stays."""
    for element in list(tree.iter(etree.Element)):
        if element.getparent() is not None and _is_none_of_it(element):
            element.drop_tree()


def _is_none_of_it(element: HtmlElement) -> bool:
    if element.tag in ASIDE_WORDS:
        return not _holds_story(element)
    if element.tag == "blockquote":
        return _is_embedded(element)
    if not element.attrib:
        return False
    return _is_hidden(element) or _is_window(element) or _is_tip(element)


def _is_hidden(element: HtmlElement) -> bool:
    get = element.get
    style, marks = get("style") or "", get("class") or ""
    unseen = get("hidden") is not None or bool(style and UNSEEN.search(style))
    if not unseen:
        unseen = bool(marks) and SPOKEN.search(marks) is not None
    struck = bool((marks and STRUCK.search(marks)) or (style and CROSSED.search(style)))
    return (unseen or struck) and _is_short(element, HIDDEN)


def _is_window(element: HtmlElement) -> bool:
    """A dialog, or a notice by its name, that holds no story."""
    if element.get("role") in ("dialog", "alertdialog") or element.get("aria-modal"):
        return _is_short(element, WINDOW)
    if element.tag not in ("div", "section", "aside", "form"):
        return False
    named = f"{element.get('id') or ''} {element.get('class') or ''}"
    return NOTICE.search(named) is not None and _is_short(element, WINDOW)


def _is_tip(element: HtmlElement) -> bool:
    """Words that a pointer brings up, within those that they explain."""
    told = element.get("role") == "tooltip"
    if not told and not TIP.search(element.get("class") or ""):
        return False
    parent = element.getparent()
    nested = any(TIP.search(e.get("class") or "") for e in element.iterdescendants())
    return (told or (parent.tag in WITHIN and not nested)) and _is_short(
        element, HIDDEN
    )


def _is_embedded(quote: HtmlElement) -> bool:
    """A post on another site, by its marks or by how it is signed."""
    marks = " ".join((*quote.attrib.keys(), quote.get("class") or ""))
    if EMBEDDED.search(marks) or SOCIAL.match(quote.get("cite") or ""):
        return True
    if POSTED.search(str(quote.text_content())[-300:]):
        return True
    links = list(quote.iter("a"))
    return bool(links) and SOCIAL.match(links[-1].get("href") or "") is not None


def _is_short(element: HtmlElement, most: int) -> bool:
    return not _holds_story(element) and len(element.text_content()) <= most


def _holds_story(element: HtmlElement) -> bool:
    return (
        element.tag in STORY_TAGS or next(element.iter(*STORY_TAGS), None) is not None
    )
