"""Pages that keep visitors out: log-in forms, password-protected posts, robot checks. They are reported, never passed."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.dom import attribute, line_of, select
from auditbot.collect.page import RenderedPage

_LOGIN_ADDRESS = re.compile(
    r"/(wp-login\.php|log-?in|sign-?in|signin|auth|account/login|users/sign_in)(\.\w+)?/?($|\?)", re.IGNORECASE
)
_LOGIN_WORDS = re.compile(
    r"\b(log|sign) ?in to (continue|view|see|read|access)|\b(members|parents|subscribers) only\b|"
    r"you must (be logged|log|sign) in|please (log|sign) in\b|this (content|page|post) is (password )?protected|"
    r"enter (the|your) password|(private|restricted) (page|content|area)",
    re.IGNORECASE,
)
_ROBOT_WORDS = re.compile(
    r"just a moment|checking your browser|are you (a )?(robot|human)|verify (that )?you are (a )?human|unusual traffic|"
    r"you look like a robot|attention required|access denied|complete the (security check|captcha)|not a robot|ddos protection",
    re.IGNORECASE,
)
_ROBOT_MARKS = "#challenge-form, #cf-challenge-running, .g-recaptcha, .h-captcha, .cf-turnstile, iframe[src*=captcha]"
_FEW_CHARACTERS = 800


def wall(page: RenderedPage, tree: LexborHTMLParser) -> str:
    """Say what keeps visitors out of this page, as a sentence; empty if nothing does."""
    words = line_of(tree.body) if tree.body is not None else ""
    title = tree.css_first("title")
    said = f"{title.text() if title is not None else ''} {words[:_FEW_CHARACTERS]}"
    short = len(words) < _FEW_CHARACTERS
    if page.status in (403, 429, 503) or short:
        robot_check = _ROBOT_WORDS.search(said) and (short or page.status != 200)
        if robot_check or (page.status != 200 and tree.css_first(_ROBOT_MARKS)):
            return "The site takes automatic visitors for robots and does not let them in."
    if page.status in (401, 407):
        return "The page asks for a user name and password."
    if page.status == 403:
        return "The site does not let visitors see it (403)."
    if password_form(tree):
        return "The page is protected by a password."
    if _LOGIN_ADDRESS.search(page.url) and tree.css_first("input[type=password]"):
        return "The page asks visitors to log in."
    if short and (tree.css_first("input[type=password]") or _LOGIN_WORDS.search(said)) and _LOGIN_WORDS.search(said):
        return "The page asks visitors to log in."
    return ""


def password_form(tree: LexborHTMLParser) -> bool:
    """True if the page is a post that WordPress protects by a password."""
    return any(
        attribute(node, "type") == "password"
        for node in select(tree, 
            "form.post-password-form input, input[name=post_password], form[action*='action=postpass'] input"
        )
    )
