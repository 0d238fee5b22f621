"""Pages that keep visitors out: log-in forms, passwords, robot checks. They are reported, never passed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditbot.collect.browser.page import RenderedPage
from auditbot.collect.html.content import around, find_container
from auditbot.collect.html.dom import ancestors, attribute, inside, line_of, select
from auditbot.collect.net.urls import absolute
from auditbot.model import Why
from auditbot.sentences import NOTHING, Sentence, say

_LOGIN_ADDRESS = re.compile(
    r"/(wp-login\.php|log-?in|sign-?in|signin|auth|account/login|users/sign_in)(\.\w+)?/?($|\?)", re.IGNORECASE
)
_OF_THIS_PAGE = re.compile(
    r"\b(log|sign) ?in to (continue\b|(view|see|read|access) (this|the) (page|post|content|article))|"
    r"\byou must (be logged|log|sign) in to (continue|view|see|read|access)|"
    r"\bthis (content|page|post) is (password[- ]protected|for (\w+ )?(members|subscribers)|restricted)|"
    r"\benter (the|your) password to (continue|view|see|read|access)|"
    r"\blog ?in required|"
    r"\b(rhaid|mae angen) (i chi )?(fod wedi )?(fewngofnodi|mewngofnodi) i (weld|barhau|ddarllen)|"
    r"\bmewngofnodwch i (weld|barhau|ddarllen)|\brhowch (y|eich) cyfrinair",
    re.IGNORECASE,
)
_LOGIN_WORDS = re.compile(
    r"\b(log|sign) ?in to (continue|view|see|read|access)|you must (be logged|log|sign) in|please (log|sign) in\b|"
    r"enter (the|your) password|already have an account|(private|restricted) (page|content|area)|members only|"
    r"\b(rhaid|angen) (i chi )?(fod wedi )?(fewngofnodi|mewngofnodi)|\bmewngofnodwch\b|\baelodau yn unig",
    re.IGNORECASE,
)
_LOGIN_LINKS = (
    "a[href*=login i], a[href*=log-in i], a[href*=signin i], a[href*=sign-in i], "
    "[data-portal=signin], form[action*=login i], form[action*=signin i]"
)
_LEADS_TO_LOGIN = re.compile(r"(log|sign)[-_]?in\b|servicelogin|/(auth|sso|saml|oauth2?)\b", re.IGNORECASE)
_NOT_FOUND = re.compile(
    r"\bnot found\b|\b404\b|\bno longer (here|exists?|available)|\b(does not|doesn['’]t) exist\b|"
    r"\bcan(not|['’]t) (be found|find)|\bni (ddaethpwyd|allwn ddod) o hyd i|\bheb ei (ch|g)?anfod\b",
    re.IGNORECASE,
)
_NOT_NOW = re.compile(
    r"\bmaintenance\b|\btemporar(y|ily)\b|\btry again\b|\bback (soon|shortly)\b|\bblocked\b|\bservice unavailable\b|"
    r"\b(web|content) filter|\b(log|sign) ?in to\b|\bplease (log|sign) ?in\b",
    re.IGNORECASE,
)
_ROBOT_WORDS = re.compile(
    r"just a moment|checking your browser|are you (a )?(robot|human)|verify (that )?you are (a )?human|unusual traffic|"
    r"you look like a robot|"
    r"attention required|access denied|complete the (security check|captcha)|not a robot|ddos protection",
    re.IGNORECASE,
)
_ROBOT_MARKS = "#challenge-form, #cf-challenge-running, .g-recaptcha, .h-captcha, .cf-turnstile, iframe[src*=captcha]"
WALLS: Mapping[Why, Sentence] = {
    Why.NAME_AND_PASSWORD: say("The page asks for a user name and password."),
    Why.PASSWORD: say("The page is protected by a password."),
    Why.LOG_IN: say("The page asks visitors to log in."),
    Why.MEMBERS: say("The page is for members only."),
    Why.NO_ACCESS: say("The site does not let visitors see it (403)."),
    Why.ROBOT_CHECK: say("The site takes automatic visitors for robots and does not let them in."),
    Why.SEEMS_WALLED: say("The page seems to ask visitors to log in."),
}
"""What keeps visitors out, each with its sentence. What words and a link suggest, without a form to prove it, is
SEEMS_WALLED: such a page is read all the same."""
NOT_PUBLIC = frozenset({Why.NAME_AND_PASSWORD, Why.PASSWORD, Why.LOG_IN, Why.MEMBERS})
"""The walls that stand round what is not published; the others may stand round what is."""
_FEW_CHARACTERS = 800
_VERY_FEW_CHARACTERS = 300
_FEWEST_LISTED = 2


def wall(page: RenderedPage, tree: LexborHTMLParser) -> Why | None:
    """Return what keeps visitors out of this page, one of WALLS; None if nothing does."""
    words = line_of(tree.body) if tree.body is not None else ""
    title = tree.css_first("title")
    said = f"{title.text() if title is not None else ''} {words[:_FEW_CHARACTERS]}"
    bare = len(words) < _VERY_FEW_CHARACTERS and not tree.css_first("article, time")
    asked = bool(_ROBOT_WORDS.search(said)) or (page.status != 200 and tree.css_first(_ROBOT_MARKS) is not None)
    if asked and (bare or page.status in (403, 429, 503)):
        return Why.ROBOT_CHECK
    if page.status in (401, 407):
        return Why.NAME_AND_PASSWORD
    if page.status == 403:
        return Why.NO_ACCESS
    if password_form(tree):
        return Why.PASSWORD
    if _LOGIN_ADDRESS.search(page.url) and tree.css_first("input[type=password]"):
        return Why.LOG_IN
    return _members_only(page, tree)


def wall_instead_of_file(page: RenderedPage) -> Sentence:
    """Say what may keep visitors from a file where a page answers, as a sentence; empty if the file is not there."""
    tree = LexborHTMLParser(page.html)
    words = line_of(tree.body) if tree.body is not None else ""
    title = " ".join(node.text() for node in tree.css("title, h1, h2"))
    if page_wall := wall(page, tree):
        return WALLS[page_wall]
    if _NOT_FOUND.search(title):
        return NOTHING
    if tree.css_first("input[type=password]") or _LEADS_TO_LOGIN.search(page.url):
        return WALLS[Why.LOG_IN]
    if len(words) < _FEW_CHARACTERS and _NOT_NOW.search(f"{title} {words}"):
        return say("A page says that the site, or a filter on the way to it, does not show it now.")
    return NOTHING if title or words else say("A page without words answers there.")


def _members_only(page: RenderedPage, tree: LexborHTMLParser) -> Why | None:
    """Look at the page's own content alone: nearly every page has a log-in link somewhere around it."""
    outside = around(tree)
    container = find_container(tree, outside)
    if container is None:
        return None
    if select(container, ".gh-post-upgrade-cta, .members-only-notice, .paywall, #paywall"):
        return Why.MEMBERS
    words = line_of(container, outside)
    bare = len(words) < _VERY_FEW_CHARACTERS
    asked = len(words) < _FEW_CHARACTERS and _OF_THIS_PAGE.search(words)
    if not asked and not (bare and _LOGIN_WORDS.search(words)):
        return None
    if bare and _ours(select(container, "input[type=password]"), page, outside):
        return Why.LOG_IN
    doors = select(container, f"input[type=password], {_LOGIN_LINKS}")
    return Why.SEEMS_WALLED if _ours(doors, page, outside) else None


def _ours(nodes: list[LexborNode], page: RenderedPage, outside: set[int]) -> bool:
    """True if one of these leads to a log-in of this very site: what a school says of other services is no wall."""
    own = urlsplit(page.url).hostname
    for node in nodes:
        form = next((parent for parent in ancestors(node) if parent.tag == "form"), node)
        target = absolute(page.base, attribute(node, "href") or attribute(form, "action")) or page.url
        if urlsplit(target).hostname == own and not inside(node, outside):
            return True
    return False


def password_form(tree: LexborHTMLParser) -> bool:
    """True if the page is a post that WordPress protects by a password: a list in which such a post stands is none."""
    asks = "form.post-password-form input, input[name=post_password], form[action*='action=postpass'] input"
    if not any(attribute(node, "type") == "password" for node in select(tree, asks)):
        return False
    outside = around(tree)
    heads = [node for node in select(tree, "h1 a[href], h2 a[href], h3 a[href]") if not inside(node, outside)]
    return len({attribute(node, "href") for node in heads}) < _FEWEST_LISTED
