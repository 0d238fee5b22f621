"""More export files, written as somebody would who wants the import to be wrong, each with what is right for it.

What is right was written down before the program read a file. The school of this register has names that are written
in several ways, twins, two children of one name, brothers and sisters, and classes of two years.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from tests.unit.registers.mis.door_cases import Case, Sheet
from tests.unit.registers.mis.exports import old_workbook, open_document, text


@dataclass(frozen=True, slots=True)
class Child:
    """One pupil of the register, as an export may write the cells."""

    id: str
    upn: str
    adno: str
    first: str
    last: str
    known: str
    born: str
    year: str
    form: str
    web: str
    soc: str

    @property
    def iso(self) -> str:
        return "-".join(reversed(self.born.split("/")))

    @property
    def us(self) -> str:
        day, month, year = self.born.split("/")
        return f"{int(month)}/{int(day)}/{year}"

    @property
    def serial(self) -> str:
        return str((datetime.fromisoformat(self.iso) - datetime(1899, 12, 30)).days)

    @property
    def bare(self) -> str:
        return self.adno.lstrip("0")

    @property
    def whole(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def turned(self) -> str:
        return f"{self.last}, {self.first}"


CHILDREN = tuple(
    Child(*line.split("|"))
    for line in (
        "1001|R891202000001|000412|Siobhán|O'Neil||03/11/2020|1|1/2 Kestrel|yes|no",
        "1002|F891202000002|000413|Amelia|Smith-Jones|Millie|20/01/2021|R|Robin|no|no",
        "1003|V891202000003|000414|Oliver|Khan||15/09/2019|2|1/2 Kestrel|yes|yes",
        "1004|J891202000004|000415|Isla|Khan||09/05/2021|R|Robin|yes|no",
        "1005|Y891202000005|000416|Noah|Okafor||07/07/2020|1|Wren|no|yes",
        "1006|M891202000006|000417|Mia|Okafor||07/07/2020|1|Wren|yes|no",
        "1007|B891202000007|000418|Jack|Taylor||02/02/2020|1|Wren|no|no",
        "1008|Q891202000008|000419|Jack|Taylor||30/08/2021|R|Robin|yes|yes",
        "1009||000420|Léa|de la Cruz||01/12/2022|Nursery|Duckling||",
    )
)
HEADINGS = (
    "pupil_id,upn,admission_no,legal_forename,legal_surname,preferred_forename,date_of_birth,year_group,class,website,"
    "social_media,never_publish,consent_given_on\n"
)
SCHOOL = HEADINGS + "".join(
    f"{c.id},{c.upn},{c.adno},{c.first},{c.last},{c.known},{c.iso},{c.year},{c.form},{c.web},{c.soc},"
    f"{'yes' if c.id == '1007' else ''},{'2025-09-08' if c.web else ''}\n"
    for c in CHILDREN
)
HELD = frozenset(
    (child.id, channel)
    for child in CHILDREN
    for channel, said in (("website", child.web), ("social_media", child.soc))
    if said == "yes"
)
"""What the register permits before."""
WEB, SOC = "website", "social_media"
MS = ("ID", "Start time", "Completion time", "Email", "Name")
DAY, LATER = datetime(2026, 9, 14, 8, 30), datetime(2026, 9, 21, 17, 5)
Changes = Mapping[str, Mapping[str, str]]


def rows(fields: str, changed: Changes | None = None, only: Sequence[str] = ()) -> list[list[str]]:
    """Return a row for each child (or for ``only`` these) with these of its fields, some of them ``changed``."""
    children = [replace(child, **(changed or {}).get(child.id, {})) for child in CHILDREN]
    return [[getattr(c, name) for name in fields.split()] for c in children if not only or c.id in only]


def written(lines: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    """Return rows as CSV."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(lines)
    return out.getvalue()


def bytes_of(content: str, encoding: str, name: str = "export.csv") -> Callable[[Path], Path]:
    """Return what writes a text file in an encoding."""
    return lambda folder: text(folder, content, encoding, name)


def book(sheets: Mapping[str, Sheet], shape: Callable[[Workbook], None] | None = None) -> Callable[[Path], Path]:
    """Return what writes a workbook with these sheets, and what else a person did to it."""

    def write(folder: Path) -> Path:
        made = Workbook()
        del made[made.sheetnames[0]]
        for title, lines in sheets.items():
            sheet = made.create_sheet(title)
            for line in lines:
                sheet.append(list(line))
        if shape:
            shape(made)
        made.save(folder / "export.xlsx")
        return folder / "export.xlsx"

    return write


def _hide_column(made: Workbook) -> None:
    made.worksheets[0].column_dimensions["F"].hidden = True


def _hide_rows(made: Workbook) -> None:
    made.worksheets[0].row_dimensions[4].hidden = True
    made.worksheets[0].auto_filter.ref = "A1:F10"


def _hide_sheet(made: Workbook) -> None:
    made.worksheets[0].sheet_state = "hidden"


def _comment(made: Workbook) -> None:
    made.worksheets[0]["F4"].comment = Comment("Mum rang 2 Oct: please take him off", "office")


def _part_struck(made: Workbook) -> None:
    made.worksheets[0]["F4"].font = Font(strike=True)
    made.worksheets[0]["G4"].font = Font(strike=True)


PLAIN = "adno first last born form web soc"
HEAD = ["Adno", "Forename", "Surname", "DOB", "Reg", "Website", "Social Media"]
IN_ORDER = [HEAD, *rows(PLAIN)]

CASES = (
    # --- Microsoft Forms ---------------------------------------------------------------------------------------------
    Case(
        "Microsoft Forms: numbers of responses that are ids of other children, a mother and a father",
        {"Form1": [
            [*MS, "Last modified time", "Child's full name", "Child's class", "Your name",
             "Your relationship to the child", "Can we use photos of your child on the school website?",
             "Can we use photos of your child on our Facebook page?"],
            [1003, DAY, DAY, "s@x.example", "Sara", None, "Isla Khan", "Robin", "Sara Khan", "Mother", "Yes", "Yes"],
            [1005, DAY, LATER, "i@x.example", "Imran", None, "Isla Khan", "Robin", "Imran Khan", "Father", "Yes", "No"],
        ]},
        {"1004.website": "yes", "1004.social_media": "no", "1003.website": "yes", "1005.website": "no"}, HELD,
        register=SCHOOL,
    ),
    Case(
        "Microsoft Forms: forename and surname of the child, a list of ticks, None",
        {"Form1": [
            [*MS, "Forename of child", "Surname of child", "Class (e.g. Robin)",
             "Please tick where we may use photographs of your child:"],
            [1, DAY, DAY, "anonymous", None, "Isla", "Khan", "Robin", "School website;School newsletter;"],
            [2, DAY, DAY, "anonymous", None, "Mia", "Okafor", "Wren", "None;"],
            [3, DAY, DAY, "anonymous", None, "Jack", "Taylor", "Robin",
             "School website;Social media (Facebook, X);School newsletter;"],
        ]},
        {"1004.website": "yes", "1004.newsletter": "yes", "1006.website": "no", "1008.social_media": "yes"},
        (HELD - {("1006", WEB)}) | {("1004", "newsletter"), ("1008", "newsletter")}, register=SCHOOL,
    ),
    Case(
        "Microsoft Forms: the same parent answers again, the newest response stands first",
        {"Form1": [
            [*MS, "Child's name", "Child's date of birth", "Website", "Social media"],
            [9, LATER, LATER, "k@x.example", "K Khan", "Oliver Khan", datetime(2019, 9, 15), "No", "Yes"],
            [2, DAY, DAY, "k@x.example", "K Khan", "Oliver Khan", datetime(2019, 9, 15), "Yes", "Yes"],
        ]},
        {"1003.website": "no", "1003.social_media": "yes"}, HELD - {("1003", WEB)}, register=SCHOOL,
    ),
    # --- Google Forms ------------------------------------------------------------------------------------------------
    Case(
        "Google Forms: a grid of places in square brackets, class from a list of choices",
        written([
            ["Timestamp", "Email Address", "Child's First Name", "Child's Surname", "Class",
             "I give permission for photographs of my child to be used: [School website]",
             "I give permission for photographs of my child to be used: [Facebook]",
             "I give permission for photographs of my child to be used: [Newsletter]"],
            ["2026/09/14 8:30:00 am GMT+1", "a@x.example", "Millie", "Smith Jones", "Robin (Reception)", "Yes", "No",
             "Yes"],
            ["2026/09/14 9:12:44 am GMT+1", "b@x.example", "Siobhan", "O’Neil", "1/2 Kestrel", "No", "No", "No"],
        ]),
        {"1002.website": "yes", "1002.newsletter": "yes", "1001.website": "no"},
        (HELD - {("1001", WEB)}) | {("1002", WEB), ("1002", "newsletter")}, register=SCHOOL,
    ),
    Case(
        "Google Forms: ticks in one cell, and one box that refuses all above",
        written([
            ["Timestamp", "Name of child", "Date of birth", "Photographs of my child may be used on:"],
            ["14/09/2026 08:30:00", "Oliver Khan", "15/09/2019", "School website, Social media, Newsletter"],
            ["14/09/2026 08:31:00", "Mia Okafor", "07/07/2020", "I do not give permission for any of the above"],
        ]),
        {"1003.newsletter": "yes", "1006.website": "no", "1006.newsletter": "no"},
        (HELD - {("1006", WEB)}) | {("1003", "newsletter")}, register=SCHOOL,
    ),
    Case(
        "Google Forms without class or birthday: every child is asked about",
        written([
            ["Timestamp", "Child's First Name", "Child's Surname", "Year group", "Website"],
            ["14/09/2026 08:30:00", "Isla", "Khan", "Reception", "No"],
        ]),
        {"1004.website": "yes"}, HELD, (2,), register=SCHOOL,
    ),
    Case(
        "a form in which a parent names two children in one answer",
        written([
            ["Timestamp", "Name(s) of your child(ren)", "Class(es)", "Website", "Social media"],
            ["14/09/2026 08:30:00", "Oliver and Isla Khan", "Kestrel and Robin", "Yes", "Yes"],
            ["14/09/2026 08:31:00", "Mia Okafor", "Wren", "No", "No"],
        ]),
        {"1004.social_media": "no", "1006.website": "no"}, HELD - {("1006", WEB)}, (2,), register=SCHOOL,
    ),
    Case(
        "a form with an answer that begins with yes and takes it back",
        written([
            ["Timestamp", "Child's name", "Class", "May we use photos of your child on our website?", "Facebook"],
            ["14/09/2026 08:30:00", "Amelia Smith-Jones", "Robin", "Yes, but only group photos", "No thank you"],
            ["14/09/2026 08:30:00", "Jack Taylor", "Robin", "No thanks", "no"],
        ]),
        {"1002.website": "no", "1002.social_media": "no", "1008.website": "no", "1008.social_media": "no"},
        HELD - {("1008", WEB), ("1008", SOC)}, (2,), register=SCHOOL,
    ),
    # --- record systems ----------------------------------------------------------------------------------------------
    Case(
        "SIMS, an old workbook: title, day, headings again on each page, a count at the end, numbers without zeros",
        lambda folder: old_workbook(folder, [
            ["Parental Consent Report"], ["Date: 01/11/2026"], [],
            ["Adno", "Legal Surname", "Legal Forename", "Reg Group", "Year Taught In", "Photo on website",
             "Photo on social media"],
            *([int(a), *b] for a, *b in rows("bare last first form year web soc", {"1003": {"web": "Refused"}})[:5]),
            ["Adno", "Legal Surname", "Legal Forename", "Reg Group", "Year Taught In", "Photo on website",
             "Photo on social media"],
            *([int(a), *b] for a, *b in rows("bare last first form year web soc")[5:]),
            ["Number of students: 9"],
        ]),
        {"1003.website": "no", "1003.social_media": "yes", "1001.admission_no": "000412"}, HELD - {("1003", WEB)},
        register=SCHOOL,
    ),
    Case(
        "SIMS, one row per consent, True and False, name in one column with a curly apostrophe",
        written([
            ["Adno", "Name", "DOB", "Parental Consent Type", "Consent Given"],
            *([a, n.replace("'", "’"), b, kind, given]
              for a, n, b, w, s in rows("adno turned born web soc", {"1008": {"web": "no"}})
              for kind, given in (("Use of images on website", "True" if w == "yes" else "False"),
                                  ("Use of images on social media", "True" if s == "yes" else "False"),
                                  ("Local visits", "True"))),
        ]),
        {"1008.website": "no", "1001.website": "yes", "1001.legal_surname": "O’Neil"}, HELD - {("1008", WEB)},
        register=SCHOOL,
    ),
    Case(
        "Arbor: named consents as columns, Consent given, Consent not given, Pending",
        written([
            ["Student", "Arbor Student ID", "UPN", "Registration Form", "Consent: Photographs - School Website",
             "Consent: Photographs - Social Media"],
            *([n, i, u, f, {"yes": "Consent given", "no": "Consent not given"}.get(w, "Pending"),
               {"yes": "Consent given", "no": "Consent not given"}.get(s, "Pending")]
              for n, i, u, f, w, s in rows("whole id upn form web soc", {"1004": {"web": ""}, "1006": {"web": "no"}})),
        ]),
        {"1004.website": "not_recorded", "1006.website": "no"}, HELD - {("1004", WEB), ("1006", WEB)}, register=SCHOOL,
    ),
    Case(
        "Arbor: a heading merged over the consents, and a title above it",
        {"Custom report": [
            ["Photo consents 2026/27 - do not share outside the school"], [],
            ["Student Details", None, None, None, "Consents", None],
            ["Arbor Student ID", "Legal First Name", "Legal Last Name", "Date of birth", "Website", "Social media"],
            *([a, b, c, datetime.fromisoformat(d), e, f] for a, b, c, d, e, f in
              rows("id first last iso web soc", {"1003": {"soc": "no"}})),
        ]},
        {"1003.social_media": "no", "1003.website": "yes"}, HELD - {("1003", SOC)}, register=SCHOOL,
        merged=("A1:F1", "A3:D3", "E3:F3"),
    ),
    Case(
        "Bromcom: months as words, Y and N, PersonID",
        written([
            ["PersonID", "Legal First Name", "Legal Last Name", "Preferred First Name", "Date of Birth", "Tutor Group",
             "Use of Photo on Internet", "Use of Photo on Social Media"],
            *([i, f, la, k, datetime.fromisoformat(b).strftime("%d %b %Y"), t, w[:1].upper(), s[:1].upper()]
              for i, f, la, k, b, t, w, s in rows("id first last known iso form web soc", {"1001": {"web": "no"}})),
        ]),
        {"1001.website": "no", "1002.preferred_forename": "Millie"}, HELD - {("1001", WEB)}, register=SCHOOL,
    ),
    Case(
        "ScholarPack: no ids, birthdays, 1 and 0",
        written([
            ["Form Class", "Forename", "Surname", "DOB", "Photo - Website", "Photo - Social Media"],
            *([t, f, la, b, {"yes": "1", "no": "0"}.get(w, ""), {"yes": "1", "no": "0"}.get(s, "")]
              for t, f, la, b, w, s in rows("form first last born web soc", {"1006": {"web": "no"}})),
        ]),
        {"1006.website": "no", "1008.website": "yes", "1007.never_publish": "yes"}, HELD - {("1006", WEB)},
        register=SCHOOL,
    ),
    Case(
        "Integris: SURNAME, Forename (known as) beside the UPN",
        written([
            ["Pupil Name", "UPN", "Reg Grp", "Parental permission - photographs on web site"],
            *([f"{la.upper()}, {f}{' (Ollie)' if f == 'Oliver' else ''}", u, t, w] for la, f, u, t, w in
              rows("last first upn form web", {"1003": {"web": "no"}}) if u),
        ]),
        {"1003.website": "no", "1003.legal_forename": "Oliver", "1002.website": "no"}, HELD - {("1003", WEB)},
        register=SCHOOL, stops="pupils_lost", left=("1009",),
    ),
    Case(
        "UPN in lower case, and one that is temporary, of a child who had none",
        written([
            ["upn", "forename", "surname", "dob", "website"],
            *([u.lower() or "v89120200009a", f, la, b, w or "no"] for u, f, la, b, w in
              rows("upn first last born web", {"1001": {"web": "no"}})),
        ]),
        {"1001.website": "no", "1009.website": "no", "1009.upn": "V89120200009A"}, HELD - {("1001", WEB)},
        register=SCHOOL,
    ),
    Case(
        "one row per consent with the day it was given and the day it was withdrawn",
        written([
            ["Pupil ID", "Forename", "Surname", "Consent", "Status", "Date given", "Date withdrawn"],
            *([i, f, la, kind, {"yes": "Granted", "no": "Refused"}.get(said, "Not requested"), "08/09/2026",
               "02/10/2026" if (i, kind) == ("1003", "School website") else ""]
              for i, f, la, w, s in rows("id first last web soc")
              for kind, said in (("School website", w), ("Social media", s))),
        ]),
        {"1003.website": "no", "1003.social_media": "yes"}, HELD - {("1003", WEB)}, register=SCHOOL,
    ),
    Case(
        "columns for two guardians with the question before them",
        written([
            ["Adno", "Forename", "Surname", "Parent 1 consent: website", "Parent 2 consent: website",
             "Parent 1 consent: social media", "Parent 2 consent: social media"],
            *([a, f, la, w, "no" if a == "000419" else "", s, s] for a, f, la, w, s in
              rows("adno first last web soc")),
        ]),
        {"1008.website": "no", "1003.website": "yes", "1003.social_media": "yes"}, HELD - {("1008", WEB)},
        register=SCHOOL,
    ),
    # --- own lists ---------------------------------------------------------------------------------------------------
    Case(
        "Surname, Forename (known as) in one column of an own list",
        written([
            ["Surname, Forename (known as)", "Class", "Website OK?"],
            ["Smith-Jones, Amelia (Millie)", "Robin", "Y"], ["O`Neil, Siobhan", "Kestrel", "N"],
            ["DE LA CRUZ, Léa", "Duckling", "N"],
        ]),
        {"1002.website": "yes", "1001.website": "no", "1009.website": "no", "1002.legal_surname": "Smith-Jones"},
        (HELD - {("1001", WEB)}) | {("1002", WEB)}, register=SCHOOL, stops="more_permission",
    ),
    Case(
        "a sheet a class, and one that counts",
        {
            "Robin": [["Child", "Website", "Facebook"], ["Isla Khan", "no", "no"], ["Jack Taylor", "yes", "no"]],
            "Wren": [["Child", "Website", "Facebook"], ["Jack Taylor", "no", "no"], ["Noah Okafor", "no", "no"]],
            "Summary": [["Class", "Website yes", "Website no"], ["Robin", 1, 1], ["Wren", 1, 1]],
        },
        {"1004.website": "no", "1008.social_media": "no", "1007.never_publish": "yes", "1005.social_media": "no"},
        HELD - {("1004", WEB), ("1008", SOC), ("1005", SOC)}, register=SCHOOL,
    ),
    Case(
        "classes as lines between the pupils of an own list, without a column for them",
        written([
            ["Name", "Website", "Facebook"], ["Robin", "", ""], ["Isla Khan", "no", "no"], ["Jack Taylor", "no", "yes"],
            ["Wren", "", ""], ["Jack Taylor", "no", "no"], ["Noah Okafor", "no", "yes"],
        ]),
        {"1004.website": "no", "1008.website": "no", "1007.website": "no"}, HELD - {("1004", WEB), ("1008", WEB)},
        register=SCHOOL,
    ),
    Case(
        "twins on one line, and two children of one name without a class",
        written([
            ["Name", "Date of birth", "Website"], ["Noah & Mia Okafor", "07/07/2020", "yes"],
            ["Jack Taylor", "", "yes"], ["Isla Khan", "09/05/2021", "no"],
        ]),
        {"1005.website": "no", "1007.website": "no", "1004.website": "no"}, HELD - {("1004", WEB)}, (2, 3),
        register=SCHOOL,
    ),
    Case(
        "numbered lines, and a line of totals",
        written([
            ["No.", "Surname", "First name", "Class", "Website", "Social"],
            ["1", "Khan", "Oliver", "1/2 Kestrel", "N", "Y"], ["2", "Okafor", "Mia", "Wren", "Y", "N"],
            ["", "TOTAL", "", "", "1", "1"],
        ]),
        {"1003.website": "no", "1006.website": "yes"}, HELD - {("1003", WEB)}, register=SCHOOL,
    ),
    Case(
        "an own list with boxes, ticked and empty",
        {"List": [["Name", "Class", "Website", "Social media"], ["Oliver Khan", "Kestrel", "☑", "☒"],
                  ["Noah Okafor", "Wren", "☐", "☑"], ["Isla Khan", "Robin", "✔️", "✖️"]]},
        {"1003.website": "yes", "1003.social_media": "no", "1005.website": "not_recorded", "1005.social_media": "yes"},
        HELD - {("1003", SOC)}, register=SCHOOL,
    ),
    Case(
        "thumbs and question marks instead of answers: the rows are asked about, not the file refused",
        written([
            ["Name", "Class", "Website"], ["Oliver Khan", "Kestrel", "👍"], ["Mia Okafor", "Wren", "?"],
            ["Isla Khan", "Robin", "no"],
        ]),
        {"1004.website": "no", "1006.website": "yes"}, HELD - {("1004", WEB)}, (2, 3), register=SCHOOL,
    ),
    Case(
        "Do not photograph with a cross for those whom it is about",
        written([
            ["Adno", "Forename", "Surname", "Do not photograph", "Website", "Social Media"],
            *([a, f, la, "x" if a in ("000418", "000414") else "", w, s] for a, f, la, w, s in
              rows("adno first last web soc")),
        ]),
        {"1003.never_publish": "yes", "1007.never_publish": "yes"}, HELD - {("1003", WEB), ("1003", SOC)},
        register=SCHOOL,
    ),
    Case(
        "notes that say more than the column of answers",
        written([
            ["Name", "Class", "Website", "Social media", "Notes"],
            ["Oliver Khan", "Kestrel", "yes", "no", "NOT on the website after all, mum rang"],
            ["Mia Okafor", "Wren", "no", "no", "form came in on 3 Sept"],
        ]),
        {"1006.website": "no"}, HELD - {("1006", WEB), ("1003", SOC)}, (2,), register=SCHOOL,
    ),
    Case(
        "a blank and a dash are no answer",
        written([
            ["Adno", "Forename", "Surname", "Website", "Social Media"],
            *([a, f, la, {"000414": "-", "000415": ""}.get(a, w), s] for a, f, la, w, s in
              rows("adno first last web soc")),
        ]),
        {"1003.website": "not_recorded", "1004.website": "not_recorded"}, HELD - {("1003", WEB), ("1004", WEB)},
        register=SCHOOL,
    ),
    # --- academic years and leavers ----------------------------------------------------------------------------------
    Case(
        "two academic years: blank in the one that runs, and the next one, which has not begun",
        written([
            ["Adno", "Forename", "Surname", "Website (2025-26)", "Website (2026-27)", "Website (2027-28)"],
            *([a, f, la, "Y", "" if a == "000414" else w[:1].upper(), "Y"] for a, f, la, w in
              rows("adno first last web")),
        ]),
        {"1003.website": "not_recorded", "1001.website": "yes", "1002.website": "no"}, HELD - {("1003", WEB)},
        register=SCHOOL,
    ),
    Case(
        "a sheet for each academic year, the older one in front",
        {
            "2025-26": [HEAD, *rows(PLAIN, {"1002": {"web": "yes", "soc": "yes"}})],
            "2026-27": [HEAD, *rows(PLAIN, {"1001": {"web": "no"}})],
        },
        {"1001.website": "no", "1002.website": "no"}, HELD - {("1001", WEB)}, register=SCHOOL,
    ),
    Case(
        "leavers on a sheet of their own",
        {
            "On roll": [HEAD, *[row for row in rows(PLAIN) if row[0] != "000414"]],
            "Leavers": [HEAD, *rows(PLAIN, only=("1003",)),
                        ["000399", "Pat", "Old", "01/02/2018", "Wren", "yes", "yes"]],
        },
        {"1001.website": "yes"}, HELD, register=SCHOOL, stops="pupils_lost",
        left=("1003",),
    ),
    Case(
        "a column with the day of leaving",
        written([
            [*HEAD, "Date of Leaving"],
            *([*row, "23/10/2026" if row[0] == "000414" else ""] for row in rows(PLAIN)),
        ]),
        {"1003.left_on": "2026-10-23"}, HELD - {("1003", WEB), ("1003", SOC)}, register=SCHOOL, stops="pupils_lost",
    ),
    # --- what spreadsheets do ----------------------------------------------------------------------------------------
    Case(
        "UTF-16 with tabs, as Excel's Unicode text",
        bytes_of(written([HEAD, *rows(PLAIN, {"1001": {"web": "no"}})], "\t"), "utf-16", "export.txt"),
        {"1001.website": "no", "1009.legal_surname": "de la Cruz"}, HELD - {("1001", WEB)}, register=SCHOOL,
    ),
    Case(
        "Windows' own letters, semicolons, days with dots",
        bytes_of(written([HEAD, *([a, f, la, b.replace("/", "."), *more] for a, f, la, b, *more in
                                  rows(PLAIN, {"1001": {"web": "no"}}))], ";"), "cp1252"),
        {"1001.website": "no", "1001.legal_forename": "Siobhán"}, HELD - {("1001", WEB)}, register=SCHOOL,
    ),
    Case(
        "birthdays as the numbers that Excel counts, admission numbers without zeros, a mark at the start",
        "\ufeff" + written([HEAD, *rows("bare first last serial form web soc", {"1001": {"web": "no"}})]),
        {"1001.website": "no", "1001.date_of_birth": "2020-11-03", "1001.admission_no": "000412"},
        HELD - {("1001", WEB)}, register=SCHOOL,
    ),
    Case(
        "every birthday with the month first",
        written([HEAD, *rows("adno first last us form web soc", {"1001": {"web": "no"}})]),
        {"1001.website": "no", "1001.date_of_birth": "2020-11-03", "1004.date_of_birth": "2021-05-09"},
        HELD - {("1001", WEB)}, register=SCHOOL,
    ),
    Case(
        "formulas whose results the file does not hold are named, not taken for blanks",
        book({"List": [HEAD, *([*row[:5], f'=IF(1=1,"{row[5]}","")', row[6]] for row in rows(PLAIN))]}),
        {}, HELD, register=SCHOOL, refused="formula",
    ),
    Case(
        "a yes struck through in a LibreOffice workbook is asked about",
        lambda folder: open_document(folder, IN_ORDER, struck={(4, 5), (4, 6)}),
        {}, HELD, (4, 4), register=SCHOOL,
    ),
    Case(
        "a yes struck through in an old workbook is asked about",
        lambda folder: old_workbook(folder, IN_ORDER, struck={(4, 5), (4, 6)}),
        {}, HELD, (4, 4), register=SCHOOL,
    ),
    Case(
        "a yes struck through, and its neighbour, in a new workbook",
        book({"List": IN_ORDER}, _part_struck), {}, HELD, (4, 4), register=SCHOOL,
    ),
    Case(
        "a comment on a yes",
        book({"List": [HEAD, *rows(PLAIN)]}, _comment), {}, HELD, (4,), register=SCHOOL,
    ),
    Case(
        "a hidden column with last year's answers beside the new ones",
        book({"List": [[*HEAD[:5], "Website", "Website"], *(
            [*row[:5], "yes", row[5]] for row in rows(PLAIN))]}, _hide_column),
        {}, HELD, register=SCHOOL, refused="stands twice",
    ),
    Case(
        "a filter that hides a refusal",
        book({"List": [HEAD, *rows(PLAIN, {"1003": {"web": "no"}})]}, _hide_rows),
        {"1003.website": "no"}, HELD - {("1003", WEB)}, register=SCHOOL,
    ),
    Case(
        "a hidden sheet with older answers",
        book({"Old": [HEAD, *rows(PLAIN, {"1002": {"web": "yes"}})], "New": IN_ORDER}, _hide_sheet),
        {"1002.website": "no"}, HELD, register=SCHOOL,
    ),
    Case(
        "one column of a photo permission that says where in words",
        written([["Adno", "Forename", "Surname", "Photo permission"], *([a, f, la, "Yes, on the website but not on "
                 "Facebook"] for a, f, la in rows("adno first last"))]),
        {}, HELD, register=SCHOOL, refused="does not say where",
    ),
)  # fmt: skip
