"""Which clauses are checked on pages; and every one of them heeds the phrases that a school allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from auditbot.check.clauses import CHECKED_CLAUSES, checks
from auditbot.model import Comment, Finding, PhotoUse, PostFacts
from auditbot.registers.people import StaffMember
from auditbot.registers.policy import AllowedPhrase
from tests.unit.check.school import TODAY, declared, face, facts, photo, post, pupil

STAFF = [StaffMember("staff-1", "Mr", "Imran", "Sadiq", "Teacher")]
SCHOOL = declared([pupil("P001", "website=no", name="Maya Okonkwo-Price")], staff=STAFF)
TITLE = "Well done Maya Okonkwo-Price!"
SAID_BY_THE_SCHOOL = """
Ring Jo on 07700 900123 about the costumes.
We have scanned the whole book and uploaded the PDF so you don't need to buy it.
Please sign the petition to stop the new quarry and share it with your friends.
Wine o'clock for the whole team after that week.
Boys only for football club, girls can do netball or sewing instead.
The head never replies to anybody and nothing gets done, it is a shambles and staff are fed up.
Had a great time on our honeymoon in Greece.
"""
COMMENTS = (
    Comment("Mr Sadiq", "Well done Rosie! Add me on Snapchat and message me tonight"),
    Comment("A dad", "Absolutely disgraceful, no reply to my emails for three weeks. Sort it out."),
    Comment("A gran", "The caretaker stole money from the office, everyone knows it"),
    Comment("A mum", "I know where you live, watch your back"),
)
IN_A_COMMENT = PhotoUse("https://www.larkmere.example/media/1.jpg", "b" * 64, found_in="comment")
BROKEN = facts(
    replace(post("a" * 64, IN_A_COMMENT, title=TITLE, text=SAID_BY_THE_SCHOOL), comments=COMMENTS),
    photo("a" * 64, face("named", "P001")),
    photo("b" * 64, face("nobody")),
)


def found_in(known: PostFacts, *phrases: AllowedPhrase) -> list[Finding]:
    return [finding for check in checks(replace(SCHOOL, allowed=phrases)) for finding in check(known)]


def test_a_post_that_breaks_every_clause_checked_gives_findings_of_just_these() -> None:
    assert {finding.clause for finding in found_in(BROKEN)} == set(CHECKED_CLAUSES)


def test_a_phrase_the_school_allows_is_left_out_of_every_clause_about_words_until_its_last_day() -> None:
    before = found_in(BROKEN)
    phone = AllowedPhrase("Ring Jo on 07700 900123", "Jo agreed.", TODAY)
    name = AllowedPhrase(TITLE, "Her parents wrote to us.", TODAY, "C12")
    over = AllowedPhrase("Wine o'clock for the whole team after that week", "A joke.", date(2026, 11, 21))
    gone = [finding for finding in before if finding not in found_in(BROKEN, phone, name, over)]
    assert [(finding.clause, finding.kind) for finding in gone] == [("C12", "surname"), ("C5", "phone_number")]
