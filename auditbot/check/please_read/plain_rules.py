"""Two rules that are plain lists of words, for what the school's own account says: conduct, and personal use."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlainRule:
    """One rule."""

    rule: str
    """Its name."""
    reason: str
    """One calm sentence."""
    score: float
    """How often it is right: such words are plain, or only a hint."""
    words: re.Pattern[str]
    """What is looked for in one sentence."""


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)


PLAIN_RULES = (
    PlainRule(
        "conduct",
        "Holds a word that codes of conduct for staff usually leave out. Please read.",
        0.8,
        _any(
            r"f[u*#@][c*#@]?k\w*",
            r"(?:bull)?sh[i*!1]t(?:e|s|ty|ting)?",
            r"bollocks",
            r"bloody (?:hell|awful|useless|kids?|parents?)",
            r"piss(?:ed|ing)? off",
            r"w[a*]nk\w*",
            r"tossers?",
            r"arse ?holes?",
            r"bastards?",
            r"tw[a*]ts?",
            r"wtf",
            r"(?:hung ?over|hangovers?)",
            r"(?:got|getting|get|so|too|bit) (?:drunk|tipsy|wasted|hammered|plastered)",
            r"(?:wine|gin|prosecco) o.?clock",
        ),
    ),
    PlainRule(
        "conduct",
        "Speaks in public of one child's behaviour, or of a matter that is usually confidential. Please read.",
        0.6,
        _any(
            r"(?:naughtiest|worst[- ]behaved|badly behaved|most difficult) (?:child|boy|girl|pupil|one|lot)",
            r"(?:on|to) the naughty (?:step|chair|list|spot|corner)",
            r"(?:was|been|is|got) (?:excluded|expelled|suspended) (?:for|today|yesterday|this|last|again|after|until)",
            r"(?:on|under) a child protection plan",
            r"social (?:services|workers?) (?:are|were|was|is|have|has|came|involved)",
            r"(?:has|have|had) (?:just )?been diagnosed with",
            r"(?:disciplinary (?:hearing|meeting|action)) (?:for|against|with)",
        ),
    ),
    PlainRule(
        "personal_use",
        "Reads like private news from a member of staff, not like school news. Please read.",
        0.7,
        _any(
            r"(?:my|our) (?:honeymoon|divorce|hen (?:do|night|party|weekend)|stag (?:do|night|weekend)|night out|"
            r"date night|tattoo|diet|ex|love life|mortgage|in-?laws|other half|slimming\w*|"
            r"new (?:car|kitchen|tattoo|flat))",
            r"(?:my|our) (?:\w+ )?(?:holiday|anniversary|weekend away|city break|cruise|wedding) (?:in|to|was|pics?|"
            r"photos|snaps|with|album)",
            r"(?:me and|with|and) (?:the|my) (?:hubby|husband|wife|missus|boyfriend|girlfriend|fianc[eé]e?|girls|"
            r"lads|bestie)(?: \w+){0,6} (?:night|pub|bar|wine|gin|cocktails?|holiday|beach|dinner|meal|party|weekend|"
            r"gig|concert|spa)",
            r"(?:love|loving) (?:my|our) (?:hubby|husband|wife|boyfriend|girlfriend|fianc[eé]e?)",
            r"(?:date night|girls. night|lads. night|night out with the (?:girls|lads))",
            r"posted (?:this )?(?:from|on) the wrong (?:account|page)",
        ),
    ),
)
