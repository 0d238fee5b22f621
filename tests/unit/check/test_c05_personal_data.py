"""C5: private contact details, what a photo's file gives away, and what is the school's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from auditbot.check.c05_personal_data import personal_data_check
from auditbot.check.personal_data import find_private_data
from auditbot.check.removal import ended_findings
from auditbot.check.texts import Ours, author_role, ours_of, texts_of_post
from auditbot.model import Comment, Finding, PhotoEvidence, PhotoMetadata, PhotoUse, PostFacts, TextEvidence, Words
from auditbot.registers.people import StaffMember
from auditbot.settings import School
from tests.unit.check.school import URL, declared, facts, photo, post

A = "a" * 64
SCHOOL = School("Oakfield", domains=("oakfield.example",), contacts=("01632 960100", "1 Church Road, TF9 3LW"))
NUMBER = "Text me on 07700 900123."
TABLE = [
    # the words                                                                what is found          how it stands
    ("Text me on 07700 900123 if you can help", "phone 07700 900123", "breach"),
    ("My mum's number is 0161 496 0123", "phone 0161 496 0123", "breach"),
    ("It was found at 0161 496 0123 again", "phone 0161 496 0123", "review"),
    ("Bouncy castle hire: ring 07700 900123", "phone 07700 900123", "review"),
    ("Write to becky.s84@gmail.com", "email becky.s84@gmail.com", "breach"),
    ("Write to oakfieldpta@gmail.com", "email oakfieldpta@gmail.com", "review"),
    ("Write to oakparentcouncil@gmail.com", "email oakparentcouncil@gmail.com", "review"),
    ("Ask sam.reed@reedroofing.example", "email sam.reed@reedroofing.example", "review"),
    ("We live at 7 Mill Lane", "postal_address 7 Mill Lane", "breach"),
    ("The party is at 14 Elm Tree Road, TF10 7AB", "postal_address 14 Elm Tree Road, TF10 7AB", "breach"),
    ("Come to ours, TF10 7AB, at three", "postcode TF10 7AB", "breach"),
    ("Ava, born on 3 May 2020, is our youngest", "date_of_birth born on 3 May 2020", "breach"),
    ("Alfie (born 03/05/2019) is here", "date_of_birth born 03/05/2019", "breach"),
    ("Maya was born after midnight on 3 May 2020", "date_of_birth born after midnight on 3 May 2020", "breach"),
    ("Happy 6th birthday Maya (13/02/2020)", "date_of_birth birthday Maya (13/02/2020", "breach"),
    ("Maya turns 4 on 13 February 2027", "date_of_birth turns 4 on 13 February 2027", "breach"),
    ("Pupil 7: date of birth 3 May 2020", "date_of_birth date of birth 3 May 2020", "breach"),
    ("she turns 4 on 13 February 2027", "date_of_birth turns 4 on 13 February 2027", "review"),
    ("Our third child was born on 3 May 2024", "date_of_birth born on 3 May 2024", "review"),
    ("Princess Charlotte was born on 2 May 2015", "date_of_birth born on 2 May 2015", "review"),
    ("Maya's birthday party is on 12 May 2027", "date_of_birth birthday party is on 12 May 2027", "review"),
    ("Children born between 1 September 2021 and 31 August 2022", "", ""),
    ("They may start if they were born on or before 31 August 2021", "", ""),
    ("Children born on 1 September 2022 or later", "", ""),
    ("children born 01/09/2021 to 31/08/2022", "", ""),
    ("Date of birth between 1 September 2021 and 31 August 2022", "", ""),
    ("If your child was born on 3 May 2022, please apply", "", ""),
    ("Children who turn 4 on 1 September 2026", "", ""),
    ("Our chicks were born on Monday 12 May 2025", "", ""),
    ("Our twin lambs, born on 3 May 2025, are called Salt and Pepper", "", ""),
    ("Maya, who loves kittens, was born on 3 May 2020", "date_of_birth born on 3 May 2020", "review"),
    ("The kittens were born on 3 May 2025", "", ""),
    ("Our school turns 50 on 13 February 2027", "", ""),
    ("Alfie lives at 27 Elm Grove", "postal_address 27 Elm Grove", "breach"),
    ("Maya's house, 14 Beech Drive", "postal_address 14 Beech Drive", "breach"),
    ("We live at 3 The Green", "postal_address 3 The Green", "breach"),
    ("Party at Alfie's, 27 Elm Grove, Durham", "postal_address 27 Elm Grove", "breach"),
    ("We live near the church at 7 Mill Lane", "postal_address 7 Mill Lane", "breach"),
    ("We live at:\n7 Mill Lane", "postal_address 7 Mill Lane", "breach"),
    ("collect from 7b Station Road please", "postal_address 7b Station Road", "breach"),
    ("Party on Sunday, collected from 7 Mill Lane after school", "postal_address 7 Mill Lane", "breach"),
    ("The fair takes place at 7 Mill Lane", "postal_address 7 Mill Lane", "review"),
    ("Party at 7 Mill Lane, next to the library", "postal_address 7 Mill Lane", "review"),
    ("Nan is at 7 Mill Lane, near the church", "postal_address 7 Mill Lane", "review"),
    ("Parents can collect their prizes from The Works, 9 High Street", "postal_address 9 High Street", "review"),
    ("33 Oak Close, Newport, TF10 7AB", "postal_address 33 Oak Close, Newport, TF10 7AB", "review"),
    ("Party at St Mary's, 27 Elm Grove, Durham", "", ""),
    ("We walked to the 3 Peaks Park", "", ""),
    ("The nursery class has moved to 2 Oak Court", "", ""),
    ("Briardene Care Home, 12 Newton Drive, Newcastle", "", ""),
    ("We sang for the residents at Eden Court care home, 3 Eden Lane, Durham", "", ""),
    ("Collect from the Scout hut, 4 Mill Lane, on Friday", "", ""),
    ("We saw the panto at the Gala Theatre. 1 Millennium Place, Durham, DH1 1WA. Parents came too", "", ""),
    ("Coach leaves from:\n1 Station Road", "", ""),
    ("Ring the office on 01632 960100", "", ""),
    ("Childline 0800 1111, NSPCC 0808 800 5000, police 101, council 0300 123 4567", "", ""),
    ("The museum's ticket office is on 0161 496 0123", "", ""),
    ("Swimming is at Larkmere Leisure Centre, 12 Bath Street, TF10 7AB", "", ""),
    ("The farm's postcode for your sat nav is TF10 7AB", "", ""),
    ("Write to office@oakfield.example or admissions@council.gov.uk", "", ""),
    ("Ask nurse.jones@nhs.net about the flu spray", "", ""),
    ("The concert is at St Mary's Church, 3 Church Street", "", ""),
    ("Paddington lives at 32 Windsor Gardens", "", ""),
]


TODAY = date(2026, 11, 30)


def check(known: PostFacts, ours: Ours | None = None) -> list[Finding]:
    return list(personal_data_check(ours or ours_of(SCHOOL, {}, ()), TODAY)(known))


@pytest.mark.parametrize(("words", "found", "band"), TABLE)
def test_private_details_are_found_and_those_of_organisations_left_alone(words: str, found: str, band: str) -> None:
    items = find_private_data(words, ours_of(SCHOOL, {}, ()).contacts, TODAY)
    assert [f"{item.kind} {words[item.start : item.end]}" for item in items] == ([found] if found else [])
    findings = check(facts(post(text=words)))
    assert [finding.band for finding in findings] == ([band] if band else [])
    assert [finding.severity for finding in findings] == [{"breach": "today", "review": "week"}[b] for b in [band] if b]


@pytest.mark.parametrize(
    ("known", "field"),
    [
        (facts(post(text=NUMBER)), "text"),
        (facts(post(title=NUMBER)), "title"),
        (facts(post(PhotoUse(f"{URL}/1.jpg", A, alt=NUMBER))), "photo 1 alt"),
        (facts(post(PhotoUse(f"{URL}/1.jpg", A, caption=NUMBER))), "photo 1 caption"),
        (facts(replace(post(), comments=(Comment("A mum", NUMBER),))), "comment 1 text"),
        (
            facts(post(A), replace(photo(A), metadata=PhotoMetadata(words=(("description", NUMBER),)))),
            "photo 1 file details, description",
        ),
    ],
)
def test_it_is_found_wherever_it_is_published(known: PostFacts, field: str) -> None:
    (finding,) = check(known)
    assert isinstance(finding.evidence, TextEvidence)
    evidence = finding.evidence
    assert (evidence.field, evidence.text[evidence.start : evidence.end]) == (field, "07700 900123")
    assert (finding.clause, finding.kind) == ("C5", "phone_number")


def test_words_in_a_photo_are_shown_with_the_box_of_their_line() -> None:
    lines = (Words("Summer fair", (5, 5, 90, 20), 0.9), Words("ring 07700 900123", (5, 30, 90, 20), 0.9))
    (finding,) = check(facts(post(A), replace(photo(A), words=lines)))
    assert isinstance(finding.evidence, PhotoEvidence)
    assert finding.evidence.boxes == ((5, 30, 90, 20),)


def test_a_photo_that_tells_where_it_was_taken_is_found_and_gone_when_it_is_replaced() -> None:
    known = facts(post(A), replace(photo(A), metadata=PhotoMetadata(has_position=True, has_serial_number=True)))
    position, serial = check(known)
    assert (position.kind, position.band, position.severity) == ("photo_position", "breach", "today")
    assert (serial.kind, serial.band, serial.severity) == ("photo_serial_number", "review", "week")
    clean = facts(post("b" * 64), photo("b" * 64))
    ended = ended_findings([position], check(clean), {("website", URL): clean}, (), {})
    assert ended == {position.id: "The page no longer shows this photo."}


def test_a_finding_keeps_its_identity_when_the_words_around_it_change() -> None:
    (before,) = check(facts(post(text=NUMBER)))
    (after,) = check(facts(post(text=f"News. {NUMBER} Thanks!")))
    assert before.id == after.id
    twice = check(facts(post(text=f"{NUMBER} {NUMBER}")))
    assert len({finding.id for finding in twice}) == 2


def test_what_stands_on_the_schools_contact_page_is_its_own_but_no_mobile_or_private_mailbox() -> None:
    text = "Ring 0161 496 0123 or write to hello@friends.example, 5 High Street TF10 7AB. Caretaker: 07700 900123."
    contact = post(url="https://www.larkmere.example/contact-us/", text=text)
    ours = ours_of(SCHOOL, {}, [contact])
    said = [finding.kind for finding in check(facts(post(text=text)), ours)]
    assert said == ["phone_number"]
    news = post(url="https://www.larkmere.example/news/contact-lenses/", text=text)
    assert ours_of(SCHOOL, {}, [news]) == ours_of(SCHOOL, {}, ())


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Mrs Khan", "staff"),
        ("farah khan", "staff"),
        ("Mrs Farah Khan", "staff"),
        ("Oakfield", "school"),
        ("School office", "school"),
        ("website", "school"),
        ("Khan", "unknown"),
        ("Mr Khan", "unknown"),
        ("Oscar's mum", "unknown"),
        ("", "unknown"),
    ],
)
def test_who_speaks_in_a_comment(name: str, role: str) -> None:
    registers = declared(staff=[StaffMember("staff-1", "Mrs", "Farah", "Khan", "Teacher")])
    known = facts(replace(post(), comments=(Comment(name, "Well done!"),)))
    (comment,) = [one for one in texts_of_post(known) if one.field == "comment 1 text"]
    assert author_role(comment, registers, ours_of(SCHOOL, registers.accounts, ())) == role
