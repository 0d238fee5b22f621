"""Export files of the kinds that schools have, with what is right for each, decided before the program read one.

A case is a file, what the register says before, and what must hold afterwards: the answers that come in, the rows that
must be asked about, or the reason why nothing comes in. ``permits`` names every child and channel that may be allowed
afterwards: whatever is allowed beyond it is silently wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

Sheet = Sequence[Sequence[object]]
UPN = {"P01": "B801200005001", "P02": "T999241726001", "P03": "W999241725002"}
TEMPORARY, PERMANENT = "A80120000501A", "P801200005009"

REGISTER = (
    "pupil_id,upn,admission_no,legal_forename,legal_surname,preferred_forename,date_of_birth,year_group,class,website,"
    "social_media,never_publish,consent_given_on\n"
    f"P01,{UPN['P01']},0031,Maya,Day,,2021-02-13,R,Otters,yes,no,,2025-09-08\n"
    f"P02,{UPN['P02']},0032,Max,Day,,2021-02-13,R,Otters,no,yes,,2025-09-08\n"
    f"P03,{UPN['P03']},0033,Zoë,Núñez,,2020-05-05,1,Owls,yes,yes,,2025-09-08\n"
    "P04,,0034,Ann,Ray,,2019-10-01,2,Larks,no,no,yes,2025-09-08\n"
    "P05,,0035,Thomas,Hill,Tom,2019-11-02,2,Larks,no,no,,2025-09-08\n"
    "P06,,0036,Ava,Smith,,2020-03-03,1,Owls,yes,yes,,2025-09-08\n"
    "P07,,0037,Ava,Smith,,2021-06-06,R,Otters,no,no,,2025-09-08\n"
)
EMPTY = "pupil_id,legal_forename,legal_surname\n"
BEFORE = frozenset({("P01", "website"), ("P02", "social_media"), *((one, each) for one in ("P03", "P06")
                   for each in ("website", "social_media"))})  # fmt: skip
"""What the register permits before."""


@dataclass(frozen=True, slots=True)
class Case:
    """One file, and what is right."""

    name: str
    """The kind, in words."""
    file: str | Mapping[str, Sheet] | Callable[[Path], Path]
    """Text of a CSV file, the sheets of a workbook, or what writes the file into a folder."""
    cells: Mapping[str, str] = field(default_factory=dict)
    """What must stand in the register afterwards, as "P01.website": "yes"."""
    permits: frozenset[tuple[str, str]] = BEFORE
    """Child and channel that may be allowed afterwards; more is silently wrong."""
    asked: tuple[int, ...] = ()
    """Rows of the file that must be asked about, while the others come in."""
    refused: str = ""
    """Words of the question or reason, where nothing may come in before it is answered."""
    stops: str = ""
    """The stop that must stand."""
    register: str = REGISTER
    """consent/pupils.csv before."""
    struck: tuple[str, ...] = ()
    """Cells of the first sheet that are struck through."""
    filled: tuple[str, ...] = ()
    """Cells of the first sheet with a red ground."""
    merged: tuple[str, ...] = ()
    """Merged ranges of the first sheet."""
    left: tuple[str, ...] = ()
    """Who is marked as left."""


def both(*who: str) -> frozenset[tuple[str, str]]:
    """Return website and social media of these children."""
    return frozenset((one, each) for one in who for each in ("website", "social_media"))


DAY = datetime(2026, 9, 14, 8, 30)
LATER = datetime(2026, 9, 21, 17, 5)
MS = ["ID", "Start time", "Completion time", "Email", "Name"]
ROSTER = "Adno,Forename,Surname,DOB,Class,Website,Social media\n"
ALL = (
    "0031,Maya,Day,13/02/2021,Otters,yes,no\n0032,Max,Day,13/02/2021,Otters,no,yes\n"
    "0033,Zoë,Núñez,05/05/2020,Owls,yes,yes\n0034,Ann,Ray,01/10/2019,Larks,no,no\n"
    "0035,Thomas,Hill,02/11/2019,Larks,no,no\n0036,Ava,Smith,03/03/2020,Owls,yes,yes\n"
    "0037,Ava,Smith,06/06/2021,Otters,no,no\n"
)
FORMS = "Timestamp,Child's full name,Child's date of birth,Your name,Website,Social media\n"

CASES = (
    # --- forms, whose ids and names are not the pupils' ---------------------------------------------------------------
    Case(
        "Microsoft Forms: ID is the number of the response, Name is the parent's",
        {"Sheet1": [
            [*MS, "Child's first name", "Child's surname", "Child's date of birth", "Website", "Social media"],
            [1, DAY, DAY, "a@x.example", "Pat Day", "Max", "Day", datetime(2021, 2, 13), "Yes", "No"],
            [2, DAY, DAY, "a@x.example", "Pat Day", "Maya", "Day", datetime(2021, 2, 13), "No", "Yes"],
        ]},
        {"P01.website": "no", "P01.social_media": "yes", "P02.website": "yes", "P02.social_media": "no"},
        frozenset({("P02", "website"), ("P01", "social_media")}) | both("P03", "P06"),
    ),
    Case(
        "Microsoft Forms when the numbers of the responses are the ids of other pupils",
        {"Sheet1": [
            [*MS, "Child's first name", "Child's surname", "Child's date of birth", "Website"],
            [4, DAY, DAY, "anonymous", None, "Maya", "Day", datetime(2021, 2, 13), "No"],
        ]},
        {"4.website": "yes", "P01.website": "no"},
        both("4") | (BEFORE - {("P01", "website")}),
        register=REGISTER + "4,,0044,Lee,Poe,,2020-01-01,1,Owls,yes,yes,,\n",
    ),
    Case(
        "Google Forms with Timestamp, one cell for the name, matched by birthday",
        FORMS + "14/09/2026 08:30:00,Maya Day,13/02/2021,Pat Day,No,No\n",
        {"P01.website": "no", "P02.website": "no", "P03.website": "yes"}, BEFORE - {("P01", "website")},
    ),
    Case(
        "Google Forms: two children of one name are told apart by the birthday",
        FORMS + "14/09/2026 08:30:00,Ava Smith,06/06/2021,Jo Smith,No,No\n",
        {"P06.website": "yes", "P07.website": "no"}, BEFORE,
    ),
    Case(
        "a form without birthday or class is asked about, for two children of one name too",
        "Timestamp,Child's name,Website\n14/09/2026 08:30:00,Ava Smith,No\n", {"P06.website": "yes"}, BEFORE, (2,),
    ),
    Case(
        "a form by class, the name in use",
        "Timestamp,Child's first name,Child's surname,Class,Website\n14/09/2026 08:30:00,Tom,Hill,Larks,Yes\n",
        {"P05.website": "yes"}, BEFORE | {("P05", "website")},
    ),
    Case(
        "a birthday that is another one is asked about",
        FORMS + "14/09/2026 08:30:00,Maya Day,14/02/2020,Pat Day,Yes,Yes\n", {"P01.social_media": "no"}, BEFORE, (2,),
    ),
    Case(
        "a child nobody knows is asked about, the others come in",
        FORMS + "14/09/2026 08:30:00,Maya Day,13/02/2021,Pat Day,No,No\n"
        "14/09/2026 08:31:00,Kit Moss,01/01/2021,Al Moss,Yes,Yes\n",
        {"P01.website": "no"}, BEFORE - {("P01", "website")}, (3,),
    ),
    Case(
        "a form filled in by few families marks nobody as left",
        FORMS + "14/09/2026 08:30:00,Maya Day,13/02/2021,Pat Day,No,No\n", {"P03.left_on": ""}, BEFORE,
    ),
    Case(
        "a form answered twice by the same parent: the later holds",
        FORMS + "14/09/2026 08:30:00,Zoë Núñez,05/05/2020,Eva Núñez,Yes,Yes\n"
        "21/09/2026 17:05:00,Zoë Núñez,05/05/2020,Eva Núñez,No,Yes\n",
        {"P03.website": "no", "P03.social_media": "yes"}, BEFORE - {("P03", "website")},
    ),
    Case(
        "answered twice, the later stands first in the file",
        FORMS + "21/09/2026 17:05:00,Zoë Núñez,05/05/2020,Eva Núñez,No,Yes\n"
        "14/09/2026 08:30:00,Zoë Núñez,05/05/2020,Eva Núñez,Yes,Yes\n",
        {"P03.website": "no"}, BEFORE - {("P03", "website")},
    ),
    Case(
        "two parents answer differently: any no stands",
        FORMS + "14/09/2026 08:30:00,Zoë Núñez,05/05/2020,Eva Núñez,No,Yes\n"
        "21/09/2026 17:05:00,Zoë Núñez,05/05/2020,Luis Núñez,Yes,Yes\n",
        {"P03.website": "no", "P03.social_media": "yes"}, BEFORE - {("P03", "website")},
    ),
    Case(
        "tick list of Microsoft Forms in one cell, semicolons",
        {"Sheet1": [
            [*MS, "Child's first name", "Child's surname", "Class", "Where may we use photos of your child?"],
            [1, DAY, DAY, "anonymous", None, "Zoë", "Núñez", "Owls", "School website;"],
            [2, DAY, DAY, "anonymous", None, "Ava", "Smith", "Owls", "School website;Facebook page;"],
        ]},
        {"P03.website": "yes", "P03.social_media": "no", "P06.social_media": "yes"},
        BEFORE - {("P03", "social_media")},
    ),
    Case(
        "tick list of Google Forms in one cell, commas, and none of these",
        "Timestamp,Child's name,Date of birth,I agree to photos on (tick all that apply)\n"
        '14/09/2026 08:30:00,Zoë Núñez,05/05/2020,"Website, Newsletter"\n'
        "14/09/2026 08:31:00,Maya Day,13/02/2021,None of these\n",
        {"P03.website": "yes", "P03.newsletter": "yes", "P01.website": "no", "P01.newsletter": "no"},
        (BEFORE - {("P01", "website")}) | {("P03", "newsletter")},
    ),
    Case(
        "a tick list that leaves something open is asked about",
        "Timestamp,Child's name,Date of birth,Photos may be used on\n"
        '14/09/2026 08:30:00,Zoë Núñez,05/05/2020,"Website, Newsletter"\n'
        '14/09/2026 08:31:00,Maya Day,13/02/2021,"Website but please ask me first"\n',
        {"P03.newsletter": "yes"}, BEFORE | {("P03", "newsletter")}, (3,),
    ),
    Case(
        "sentences that say one thing",
        ROSTER + ALL.replace("Otters,yes,no", "Otters,Yes I give my permission,No I do not give permission"),
        {"P01.website": "yes", "P01.social_media": "no"},
    ),
    Case(
        "a sentence that says two things is asked about",
        ROSTER + ALL.replace("Otters,yes,no", "Otters,Yes on the website but not on Facebook,no"),
        {"P01.social_media": "no"}, BEFORE, (2,),
    ),
    Case(
        "a sentence with a condition is asked about",
        ROSTER + ALL.replace("Larks,no,no\n0035", "Larks,Yes as long as no name is shown,no\n0035"),
        {}, BEFORE, (5,),
    ),
    # --- who it is ---------------------------------------------------------------------------------------------------
    Case(
        "a change of system gave new ids and admission numbers: never publish stays, by name and birthday",
        "Arbor Student ID,Forename,Surname,DOB,Website,Social media\n"
        + "".join(f"90{n},{who},yes,yes\n" for n, who in enumerate(
            ("Maya,Day,13/02/2021", "Max,Day,13/02/2021", "Zoë,Núñez,05/05/2020", "Ann,Ray,01/10/2019",
             "Thomas,Hill,02/11/2019", "Ava,Smith,03/03/2020", "Ava,Smith,06/06/2021"))),
        {"P04.never_publish": "yes"}, BEFORE, (2, 3, 4, 5, 6, 7, 8),
    ),
    Case(
        "new ids that are the old ids of other children",
        "Pupil ID,UPN,Forename,Surname,DOB,Website\n"
        f"P02,{UPN['P01']},Maya,Day,13/02/2021,no\nP01,{UPN['P02']},Max,Day,13/02/2021,yes\n",
        {}, BEFORE, refused="different pupils",
    ),
    Case(
        "a temporary UPN becomes permanent",
        f"UPN,Forename,Surname,DOB,Website\n{PERMANENT},Maya,Day,13/02/2021,no\n",
        {"P01.upn": PERMANENT, "P01.website": "no"}, frozenset(),
        register="pupil_id,upn,legal_forename,legal_surname,date_of_birth,website\n"
        f"P01,{TEMPORARY},Maya,Day,2021-02-13,yes\n",
    ),
    Case(
        "a column of former UPNs",
        f"Adno,UPN,Former UPN,Forename,Surname,Website\n7,{PERMANENT},{TEMPORARY},Maya,Day,no\n",
        {"P01.upn": PERMANENT, "P01.website": "no"}, frozenset(),
        register="pupil_id,upn,legal_forename,legal_surname,date_of_birth,website\n"
        f"P01,{TEMPORARY},Maya,Day,2021-02-13,yes\n",
    ),
    Case(
        "new number, and one missing with the same name and birthday: asked, never split",
        ROSTER + ALL.replace("0034", "0134"), {"P04.never_publish": "yes", "P04.left_on": ""}, BEFORE, (5,),
    ),
    Case(
        "twins whose numbers crossed are not taken apart",
        ROSTER + ALL.replace("0031,Maya", "0032,Maya").replace("0032,Max", "0031,Max"), {}, BEFORE, refused="another",
    ),
    Case(
        "married name: the same number and birthday, the old surname stays known",
        ROSTER + ALL.replace("Zoë,Núñez", "Zoë,Alva"),
        {"P03.legal_surname": "Alva", "P03.former_surnames": "Núñez"},
    ),
    Case("leading zeros lost in Excel", ROSTER + ALL.replace("\n00", "\n").replace("0031", "31", 1)),
    Case(
        "a school's own list with names and classes and no ids",
        "Name,Class,Website,Social media\nMaya Day,Otters,no,no\nZoë Núñez,Owls,yes,no\n",
        {"P01.website": "no", "P03.social_media": "no"}, BEFORE - {("P01", "website"), ("P03", "social_media")},
    ),
    Case(
        "an own list with surname first",
        "Name,Class,Website\n\"Day, Maya\",Otters,no\nNÚÑEZ Zoë,Owls,no\n",
        {"P01.website": "no", "P03.website": "no"}, BEFORE - {("P01", "website"), ("P03", "website")},
    ),
    Case(
        "a first list with names and no ids: the program gives ids",
        "First name,Surname,Class,Website\nMaya,Day,Otters,yes\nMax,Day,Otters,no\n",
        {"P001.website": "yes", "P002.website": "no"}, frozenset({("P001", "website")}), register=EMPTY,
    ),
    Case(
        "one sheet a class, the sheet's name is the class",
        {"Otters": [["Name", "Website"], ["Maya Day", "no"]], "Owls": [["Name", "Website"], ["Zoë Núñez", "no"]]},
        {"P01.website": "no", "P03.website": "no"}, BEFORE - {("P01", "website"), ("P03", "website")},
    ),
    Case(
        "mixed-age classes that Excel took for days",
        {"Sheet1": [["Adno", "Forename", "Surname", "Class", "Website"],
                    ["0033", "Zoë", "Núñez", datetime(2026, 2, 1), "yes"],
                    ["0036", "Ava", "Smith", "1/2", "yes"]]},
        {"P03.class": "1/2", "P06.class": "1/2"}, stops="pupils_lost",
        left=("P01", "P02", "P04", "P05", "P07"),
    ),
    # --- one row per consent -----------------------------------------------------------------------------------------
    Case(
        "one row per consent, names merged over the rows",
        {"Consents": [["Name", "Class", "Consent type", "Status"],
                      ["Maya Day", "Otters", "Website", "Declined"], [None, None, "Social media", "Declined"],
                      ["Zoë Núñez", "Owls", "Website", "Confirmed"], [None, None, "Social media", "Declined"]]},
        {"P01.website": "no", "P03.website": "yes", "P03.social_media": "no"},
        BEFORE - {("P01", "website"), ("P03", "social_media")}, merged=("A2:A3", "B2:B3", "A4:A5", "B4:B5"),
    ),
    Case(
        "one row per consent: a later dated answer of the same parent holds",
        "UPN,Forename,Surname,Consent Type,Status,Consent Date,Given By\n"
        f"{UPN['P03']},Zoë,Núñez,Website,Confirmed,01/09/2026,Mother\n"
        f"{UPN['P03']},Zoë,Núñez,Website,Declined,09/10/2026,Mother\n",
        {"P03.website": "no"}, BEFORE - {("P03", "website")}, stops="pupils_lost",
        left=("P01", "P02", "P04", "P05", "P06", "P07"),
    ),
    Case(
        "one row per consent: the earlier refusal is the past once the same parent says yes",
        "UPN,Forename,Surname,Consent Type,Status,Consent Date,Given By\n"
        f"{UPN['P03']},Zoë,Núñez,Website,Declined,01/09/2026,Mother\n"
        f"{UPN['P03']},Zoë,Núñez,Website,Confirmed,09/10/2026,Mother\n",
        {"P03.website": "yes"}, BEFORE, stops="pupils_lost", left=("P01", "P02", "P04", "P05", "P06", "P07"),
    ),
    Case(
        "one row per consent: two parents, one refuses later than the other agrees",
        "UPN,Forename,Surname,Consent Type,Status,Consent Date,Given By\n"
        f"{UPN['P03']},Zoë,Núñez,Website,Confirmed,09/10/2026,Mother\n"
        f"{UPN['P03']},Zoë,Núñez,Website,Declined,01/09/2026,Father\n",
        {"P03.website": "no"}, BEFORE - {("P03", "website")}, stops="pupils_lost",
        left=("P01", "P02", "P04", "P05", "P06", "P07"),
    ),
    # --- answers as schools give them --------------------------------------------------------------------------------
    Case(
        "a column for each parent",
        ROSTER.replace("Website,", "Website (Mother),Website (Father),")
        + ALL.replace(",yes,", ",yes,yes,").replace("Otters,no,", "Otters,no,no,").replace("Larks,no,", "Larks,no,no,")
        .replace("Zoë,Núñez,05/05/2020,Owls,yes,yes,", "Zoë,Núñez,05/05/2020,Owls,yes,no,")
        .replace("Otters,yes,yes,no", "Otters,yes,,no"),
        {"P01.website": "yes", "P03.website": "no"}, BEFORE - {("P03", "website")},
    ),
    Case(
        "two academic years side by side: the one that runs holds",
        ROSTER.replace("Website,", "Website 2025/26,Website 2026/27,")
        + ALL.replace(",yes,", ",yes,no,").replace("Larks,no,", "Larks,no,no,").replace("Otters,no,", "Otters,yes,no,"),
        {"P01.website": "no", "P02.website": "no", "P03.website": "no"},
        frozenset(each for each in BEFORE if each[1] == "social_media"),
    ),
    Case(
        "ticks and crosses",
        {"Sheet1": [["Adno", "Forename", "Surname", "Website", "Social media"],
                    *([a, b, c, d, e] for a, b, c, d, e in (
                        ("0031", "Maya", "Day", "✓", "✗"), ("0032", "Max", "Day", "✘", "✔"),
                        ("0033", "Zoë", "Núñez", "✓", "❌"), ("0034", "Ann", "Ray", "✗", "✗"),
                        ("0035", "Tom", "Hill", "✗", "✗"), ("0036", "Ava", "Smith", "✓", "✓"),
                        ("0037", "Ava", "Smith", "✗", "✗")))]},
        {"P01.website": "yes", "P01.social_media": "no", "P03.social_media": "no"},
        BEFORE - {("P03", "social_media")},
    ),
    Case(
        "an x alone may be a tick or a cross: asked",
        "Adno,Forename,Surname,DOB,Class,Website\n"
        + ALL.replace(",yes\n", "\n").replace(",no\n", "\n").replace(",yes", ",x").replace(",no", ","),
        {}, BEFORE, refused="x",
    ),
    Case(
        "answers by colour are no answers",
        {"Sheet1": [["Adno", "Forename", "Surname", "Website"], ["0031", "Maya", "Day", None],
                    ["0032", "Max", "Day", None], ["0033", "Zoë", "Núñez", None], ["0034", "Ann", "Ray", None],
                    ["0035", "Tom", "Hill", None], ["0036", "Ava", "Smith", None], ["0037", "Ava", "Smith", None]]},
        {}, BEFORE, stops="no_answers", filled=("D2", "D4"),
    ),
    Case(
        "a yes struck through is asked about",
        {"Sheet1": [["Adno", "Forename", "Surname", "Website"], ["0031", "Maya", "Day", "yes"],
                    ["0032", "Max", "Day", "yes"], ["0033", "Zoë", "Núñez", "yes"], ["0034", "Ann", "Ray", "no"],
                    ["0035", "Tom", "Hill", "no"], ["0036", "Ava", "Smith", "yes"], ["0037", "Ava", "Smith", "no"]]},
        {"P02.website": "no"}, BEFORE, (3,), struck=("D3",),
    ),
    Case("a file that brings no answer", "Adno,Forename,Surname,DOB\n"
         + "".join(f"{','.join(line.split(',')[:4])}\n" for line in ALL.splitlines()), {}, BEFORE, stops="no_answers"),
    Case(
        "merged headings over the channels",
        {"Sheet1": [["Pupil", None, None, "Photos may be used on", None], ["Adno", "Forename", "Surname", "Website",
                    "Facebook"], ["0031", "Maya", "Day", "Y", "N"], ["0032", "Max", "Day", "N", "Y"],
                    ["0033", "Zoë", "Núñez", "N", "Y"], ["0034", "Ann", "Ray", "N", "N"],
                    ["0035", "Tom", "Hill", "N", "N"], ["0036", "Ava", "Smith", "Y", "Y"],
                    ["0037", "Ava", "Smith", "N", "N"]]},
        {"P03.website": "no"}, BEFORE - {("P03", "website")}, merged=("A1:C1", "D1:E1"),
    ),
    Case(
        "merged headings for the parents",
        {"Sheet1": [["Adno", "Forename", "Surname", "Mother", None, "Father", None],
                    [None, None, None, "Website", "Facebook", "Website", "Facebook"],
                    *([a, b, c, d, e, f, g] for a, b, c, d, e, f, g in (
                        ("0031", "Maya", "Day", "Y", "N", "Y", "N"), ("0032", "Max", "Day", "N", "Y", None, None),
                        ("0033", "Zoë", "Núñez", "Y", "Y", "N", "Y"), ("0034", "Ann", "Ray", "N", "N", "N", "N"),
                        ("0035", "Tom", "Hill", "N", "N", None, None), ("0036", "Ava", "Smith", "Y", "Y", None, None),
                        ("0037", "Ava", "Smith", "N", "N", None, None)))]},
        {"P01.website": "yes", "P03.website": "no", "P06.website": "yes"}, BEFORE - {("P03", "website")},
        merged=("D1:E1", "F1:G1"),
    ),
    Case(
        "a withdrawn consent with its day in the cell",
        ROSTER + ALL.replace("Owls,yes,yes\n0034", "Owls,Withdrawn 03/10/2026,yes\n0034"),
        {"P03.website": "no"}, BEFORE - {("P03", "website")},
    ),
    Case(
        "Biometrics alone is no consent to a template",
        ROSTER.replace("\n", ",Biometrics\n") + ALL.replace("\n", ",Yes\n"), {"P01.biometric_consent": ""}, BEFORE,
    ),
    Case(
        "biometric consent for the canteen is none to a template either",
        ROSTER.replace("\n", ",Biometric consent (cashless catering)\n") + ALL.replace("\n", ",Yes\n"),
        {"P01.biometric_consent": ""}, BEFORE,
    ),
    # --- what Excel and systems do to files --------------------------------------------------------------------------
    Case(
        "semicolons, a mark at the start, capitals in headings and a column of notes",
        "\ufeff" + ROSTER.upper().replace(",", ";").replace("\n", ";NOTES\n")
        + ALL.replace("Núñez,05/05/2020,Owls,yes", "Núñez,05/05/2020,Owls,no").replace(",", ";")
        .replace("\n", ";rang 3 Sept\n"),
        {"P03.website": "no"}, BEFORE - {("P03", "website")},
    ),
    Case(
        "two refusals of a small school that turn into permission stop",
        "Adno,Forename,Surname,Website\n1,Maya,Day,yes\n2,Max,Lee,yes\n3,Ann,Ray,yes\n", {}, frozenset(),
        stops="more_permission",
        register="pupil_id,admission_no,legal_forename,legal_surname,website\n1,1,Maya,Day,no\n2,2,Max,Lee,no\n"
        "3,3,Ann,Ray,\n",
    ),
    Case(
        "most pupils missing stops",
        ROSTER + ALL.splitlines()[0] + "\n", {}, BEFORE, stops="pupils_lost",
        left=("P02", "P03", "P04", "P05", "P06", "P07"),
    ),
    Case(
        "never publish taken off by the file stops",
        ROSTER.replace("\n", ",Do not publish\n") + ALL.replace("\n", ",no\n"), {}, BEFORE,
        stops="protection_lost",
    ),
    Case(
        "a blank under Do not publish takes nothing off",
        ROSTER.replace("\n", ",Do not publish\n") + ALL.replace("\n", ",\n"), {"P04.never_publish": "yes"}, BEFORE,
    ),
    Case(
        "a column of pictures that does not say where is asked about",
        ROSTER.replace("Website", "Photo") + ALL, {}, BEFORE, refused="does not say where",
    ),
    Case(
        "ticks below a heading that forbids are asked about",
        "Adno,Forename,Surname,Do NOT use photos on,\n,,,Website,Facebook\n0031,Maya,Day,✓,\n", {}, BEFORE,
        refused="refusal",
    ),
    Case(
        "a question as a heading, with a number before it",
        "Adno,Forename,Surname,7. Do you give permission for photos of your child to be used on the school website?\n"
        + "".join(f"{line.split(',')[0]},{line.split(',')[1]},{line.split(',')[2]},{line.split(',')[5]}\n"
                  for line in ALL.replace("Owls,yes,yes\n0034", "Owls,no,yes\n0034").splitlines()),
        {"P03.website": "no"}, BEFORE - {("P03", "website")},
    ),
    # --- written after a first reading, to look for what is read wrongly without a word ------------------------------
    Case(
        "a form with columns for two children",
        "Timestamp,Child 1 full name,Child 1 date of birth,Child 2 full name,Website\n"
        "14/09/2026 08:30:00,Maya Day,13/02/2021,Max Day,No\n", {}, BEFORE, refused="name a child each",
    ),
    Case(
        "a form that asks whole questions",
        "Timestamp,What is your child's full name?,Which class is your child in?,Your full name,May we show photos of "
        "your child on our website?\n14/09/2026 08:30:00,Maya Day,Otters,Pat Day,No\n",
        {"P01.website": "no"}, BEFORE - {("P01", "website")},
    ),
    Case(
        "a form that asks which places one agrees to",
        "Timestamp,Child's name,Class,Which of these do you agree to?,How did you hear of us?\n"
        '14/09/2026 08:30:00,Maya Day,Otters,"Newsletter, Website",Facebook\n'
        "14/09/2026 08:30:00,Zoë Núñez,Owls,Newsletter,Website\n",
        {"P01.website": "yes", "P03.website": "no", "P03.social_media": "yes"},
        (BEFORE - {("P03", "website")}) | {("P01", "newsletter"), ("P03", "newsletter")},
    ),
    Case(
        "two children in one cell are asked about",
        FORMS + "14/09/2026 08:30:00,Maya and Max Day,13/02/2021,Pat Day,Yes,Yes\n", {"P02.website": "no"}, BEFORE,
        (2,),
    ),
    Case(
        "a form that writes the month first",
        FORMS + "9/14/2026 8:30:00,Maya Day,2/13/2021,Pat Day,No,No\n10/1/2026 9:00:00,Zoë Núñez,5/5/2020,E N,No,No\n",
        {"P01.website": "no", "P03.website": "no"}, frozenset({("P02", "social_media")}) | both("P06"),
    ),
    Case(
        "a list with Name and Surname",
        "Name,Surname,Class,Website\nMaya,Day,Otters,no\n", {"P01.website": "no"}, BEFORE - {("P01", "website")},
    ),
    Case(
        "a response without the child's name is asked about",
        FORMS + "14/09/2026 08:30:00,,13/02/2021,Pat Day,No,No\n14/09/2026 08:31:00,Zoë Núñez,05/05/2020,E N,No,No\n",
        {"P03.website": "no"}, BEFORE - both("P03"), (2,),
    ),
    Case(
        "one row per consent, named after two academic years",
        "Name,Class,Consent type,Status\nZoë Núñez,Owls,Website 2025/26,Yes\nZoë Núñez,Owls,Website 2026/27,No\n"
        "Ava Smith,Owls,Website 2025/26,No\nAva Smith,Owls,Website 2026/27,Yes\n",
        {"P03.website": "no", "P06.website": "yes"}, BEFORE - {("P03", "website")},
    ),
    Case(
        "a column for the academic year",
        "Adno,Forename,Surname,Academic Year,Website,Social media\n"
        + "".join(f"{a},{b},{c},2025/26,yes,yes\n{a},{b},{c},2026/27,{e},{f}\n"
                  for a, b, c, _, _, e, f in (line.split(",") for line in ALL.splitlines())),
        {"P01.social_media": "no", "P02.website": "no"},
    ),
    Case(
        "a list with the names of the classes above the pupils",
        "Name,Class,Website\nOtters,,\nMaya Day,Otters,no\nOwls,,\nZoë Núñez,Owls,no\n",
        {"P01.website": "no", "P03.website": "no"}, BEFORE - {("P01", "website"), ("P03", "website")},
    ),
    Case(
        "yes and no as schools say them",
        ROSTER + ALL.replace("Otters,yes,no", "Otters,Yes please,No thank you")
        .replace("Owls,yes,yes\n0034", "Owls,I consent,I do not consent\n0034"),
        {"P01.website": "yes", "P01.social_media": "no", "P03.website": "yes", "P03.social_media": "no"},
        BEFORE - {("P03", "social_media")},
    ),
    Case(
        "a double negative is asked about",
        ROSTER + ALL.replace("Larks,no,no\n0035", "Larks,I do not object,no\n0035"), {}, BEFORE, (5,),
    ),
    Case(
        "middle names, a double-barrelled surname without its hyphen",
        "Name,Date of birth,Website\nMaya Rose Day,13/02/2021,no\n", {"P01.website": "no"},
        BEFORE - {("P01", "website")},
    ),
    Case(
        "a refusal on a form counts against a yes of which nobody knows the day",
        "Timestamp,Child's name,Class,Website\n14/09/2026 08:30:00,Max Lee,Owls,No\n", {"P002.website": "no"},
        frozenset(),
        register="pupil_id,legal_forename,legal_surname,class,website\nP001,Maya,Day,Owls,no\nP002,Max,Lee,Owls,yes\n",
    ),
    Case(
        "a stale response to a form changes nothing that was answered since",
        FORMS + "01/09/2025 08:30:00,Thomas Hill,02/11/2019,Al Hill,Yes,Yes\n", {"P05.website": "no"}, BEFORE,
    ),
    Case(
        "a number that was given to a brother",
        ROSTER + ALL.replace("0035,Thomas,Hill,02/11/2019", "0035,Joe,Hill,05/05/2022"), {"P05.website": "no"}, BEFORE,
        (6,),
    ),
    Case(
        "ids that are numbered from one in an own list are nobody's",
        "ID,Name,Class,Website\n1,Maya Day,Otters,yes\n2,Ann Ray,Larks,yes\n", {"P04.never_publish": "yes"}, BEFORE,
        (2, 3), stops="pupils_lost", left=("P02", "P03", "P05", "P06", "P07"),
    ),
    Case(
        "a column that forbids everything",
        ROSTER.replace("\n", ",No photos\n") + ALL.replace("Otters,yes,no\n", "Otters,yes,no,Yes\n", 1)
        .replace("no,yes\n", "no,yes,\n").replace("yes,yes\n", "yes,yes,\n").replace("no,no\n", "no,no,\n"),
        {"P01.never_publish": "yes"}, BEFORE - {("P01", "website")},
    ),
    Case(
        "two responses for one child that differ, and nobody knows whose they are",
        "Timestamp,Child's name,Class,Website\n14/09/2026 08:30:00,Zoë Núñez,Owls,No\n"
        "21/09/2026 08:30:00,Zoë Núñez,Owls,Yes\n14/09/2026 08:30:00,Maya Day,Otters class,No\n",
        {"P01.website": "no"}, BEFORE - {("P01", "website")}, (3,),
    ),
    Case(
        "an x among ticks is a cross",
        "Adno,Forename,Surname,DOB,Class,Website\n"
        + "".join(f"{','.join(line.split(',')[:5])},{'x' if ',Owls,' in line or ',no,' in line else '✓'}\n"
                  for line in ALL.splitlines()),
        {"P01.website": "yes", "P03.website": "no"}, BEFORE - {("P03", "website"), ("P06", "website")},
    ),
)  # fmt: skip
