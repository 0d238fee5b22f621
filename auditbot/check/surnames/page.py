"""One text with everything that was found in it, before any of it is weighed."""

from dataclasses import dataclass, field

from auditbot.check.surnames.candidates import Site, Sites
from auditbot.check.surnames.roster import Roster
from auditbot.check.surnames.words import Words


@dataclass(slots=True)
class Page:
    """One text with everything found in it."""

    words: Words
    """Its words."""
    sites: Sites
    """The roster's names in it."""
    roster: Roster
    """The registers."""
    kind: str
    """What the text is: post, comment, filename, ocr, ..."""
    author_role: str
    """Who wrote it: school, staff, parent or unknown."""
    has_capitals: bool
    """Capital letters are used, so that a small letter means something."""
    surname_starts: dict[int, Site] = field(default_factory=dict)
    """Possible surnames by their first word."""
    surname_lasts: set[int] = field(default_factory=set)
    """Last words of possible surnames."""
    forename_order: list[int] = field(default_factory=list)
    """First words of the forenames, in order."""
    unbroken: range = range(0)
    """Words that were seen to stand in one sentence."""
    pairs: set[int] = field(default_factory=set)
    """First words of the surnames that stand with their own pupil's forename."""
