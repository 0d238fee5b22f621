"""Pages that keep visitors out: log-in forms, passwords, robot checks. They are reported, never passed."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.content import around, find_container
from auditbot.collect.dom import attribute, line_of, select
from auditbot.collect.page import RenderedPage

_LOGIN_ADDRESS = re.compile(
    r"/(wp-login\.php|log-?in|sign-?in|signin|auth|account/login|users/sign_in)(\.\w+)?/?($|\?)", re.IGNORECASE
)
_LOGIN_WORDS = re.compile(
    r"\b(log|sign) ?in to (continue|view|see|read|access)|you must (be logged|log|sign) in|please (log|sign) in\b|"
    r"\bthis (content|page|post) is (password[- ]protected|for (\w+ )?(members|subscribers)|restricted)|"
    r"enter (the|your) password|"
    r"already have an account|"
    r"(private|restricted) (page|content|area)|members only|log ?in required",
    re.IGNORECASE,
)
_LOGIN_WAYS = (
    "input[type=password], a[href*=login i], a[href*=log-in i], a[href*=signin i], a[href*=sign-in i], "
    "[data-portal=signin], "
    "form[action*=login i], form[action*=signin i]"
)
_ROBOT_WORDS = re.compile(
    r"just a moment|checking your browser|are you (a )?(robot|human)|verify (that )?you are (a )?human|unusual traffic|"
    r"you look like a robot|"
    r"attention required|access denied|complete the (security check|captcha)|not a robot|ddos protection",
    re.IGNORECASE,
)
_ROBOT_MARKS = "#challenge-form, #cf-challenge-running, .g-recaptcha, .h-captcha, .cf-turnstile, iframe[src*=captcha]"
_NAME_AND_PASSWORD = "The page asks for a user name and password."
_PASSWORD = "The page is protected by a password."
_LOG_IN = "The page asks visitors to log in."
_MEMBERS = "The page is for members only."
NOT_PUBLIC = frozenset({_NAME_AND_PASSWORD, _PASSWORD, _LOG_IN, _MEMBERS})
"""The walls that stand round what is not published; the others may stand round what is."""
_FEW_CHARACTERS = 800
_VERY_FEW_CHARACTERS = 300


def wall(page: RenderedPage, tree: LexborHTMLParser) -> str:
    """Say what keeps visitors out of this page, as a sentence; empty if nothing does."""
    words = line_of(tree.body) if tree.body is not None else ""
    title = tree.css_first("title")
    said = f"{title.text() if title is not None else ''} {words[:_FEW_CHARACTERS]}"
    bare = len(words) < _VERY_FEW_CHARACTERS and not tree.css_first("article, time")
    asked = bool(_ROBOT_WORDS.search(said)) or (page.status != 200 and tree.css_first(_ROBOT_MARKS) is not None)
    if asked and (bare or page.status in (403, 429, 503)):
        return "The site takes automatic visitors for robots and does not let them in."
    if page.status in (401, 407):
        return _NAME_AND_PASSWORD
    if page.status == 403:
        return "The site does not let visitors see it (403)."
    if password_form(tree):
        return _PASSWORD
    if _LOGIN_ADDRESS.search(page.url) and tree.css_first("input[type=password]"):
        return _LOG_IN
    return _members_only(tree)


def _members_only(tree: LexborHTMLParser) -> str:
    """Look at the page's own content alone: nearly every page has a log-in link somewhere around it."""
    outside = around(tree)
    container = find_container(tree, outside)
    if container is None:
        return ""
    if select(container, ".gh-post-upgrade-cta, .members-only-notice, .paywall, #paywall"):
        return _MEMBERS
    words = line_of(container, outside)
    if len(words) < _FEW_CHARACTERS and _LOGIN_WORDS.search(words) and select(container, _LOGIN_WAYS):
        return _LOG_IN
    return ""


def password_form(tree: LexborHTMLParser) -> bool:
    """True if the page is a post that WordPress protects by a password."""
    return any(
        attribute(node, "type") == "password"
        for node in select(
            tree, "form.post-password-form input, input[name=post_password], form[action*='action=postpass'] input"
        )
    )
