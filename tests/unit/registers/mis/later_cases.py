"""A third lot of export files, each with what is right for it, written before the import read any of them."""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from tests.unit.registers.mis.door_cases import Case
from tests.unit.registers.mis.exports import open_document
from tests.unit.registers.mis.hostile_cases import DAY, HELD, LATER, MS, SCHOOL, SOC, WEB, book, bytes_of, rows, written


def _red(made: Workbook) -> None:
    for cell in ("E4", "F4"):
        made.worksheets[0][cell].fill = PatternFill("solid", fgColor="FFFF0000")


def _notes(made: Workbook) -> None:
    made.worksheets[0]["B4"].comment = Comment("known as Ollie at home", "office")
    made.worksheets[0]["D2"].comment = Comment("form dated 3 Sept", "office")


def _row_struck(made: Workbook) -> None:
    for cell in made.worksheets[0][4]:
        cell.font = Font(strike=True)


FIVE = "adno first last web soc"
HEAD = ["Adno", "Forename", "Surname", "Website", "Social Media"]

CASES = (
    Case(
        "answers for use inside the school stand beside those that are published",
        written([["Adno", "Forename", "Surname", "Photo - internal use", "Photo - website", "Photo - social media"],
                 *([a, f, la, "Y" if a != "000414" else "N", w[:1].upper(), s[:1].upper()]
                   for a, f, la, w, s in rows(FIVE))]),
        {"1001.website": "yes"}, HELD, (4, 4), register=SCHOOL,
    ),
    Case(
        "a column that names what is refused, ticked for those who refuse it",
        written([["Adno", "Forename", "Surname", "Website", "No social media"],
                 *([a, f, la, w, "✓" if a in ("000414", "000419") else ""] for a, f, la, w in
                   rows("adno first last web"))]),
        {"1003.social_media": "no", "1008.social_media": "no", "1005.social_media": "yes"},
        HELD - {("1003", SOC), ("1008", SOC)}, register=SCHOOL,
    ),
    Case(
        "a red ground beside a yes is told, and the yes is read",
        book({"Sheet1": [HEAD, *rows(FIVE, {"1001": {"web": "no"}})]}, _red),
        {"1001.website": "no"}, HELD - {("1001", WEB)}, register=SCHOOL,
    ),
    Case(
        "comments on names and on a yes",
        book({"Sheet1": [HEAD, *rows(FIVE)]}, _notes), {}, HELD, (2,), register=SCHOOL,
    ),
    Case(
        "a whole row struck through: a leaver, as the office marks them",
        book({"Sheet1": [HEAD, *rows(FIVE)]}, _row_struck), {}, HELD, (4, 4), register=SCHOOL,
    ),
    Case(
        "Microsoft Forms with a column of points and feedback to each question",
        {"Form1": [
            [*MS, "Total points", "Quiz feedback", "Name of your child", "Points - Name of your child",
             "Feedback - Name of your child", "Which class?", "Photos on the school website",
             "Points - Photos on the school website", "Feedback - Photos on the school website"],
            [1, DAY, LATER, "a@x.example", "A", None, None, "Oliver Khan", None, None, "1/2 Kestrel", "No", None, None],
            [2, DAY, LATER, "b@x.example", "B", None, None, "Mia Okafor", None, None, "Wren", "Yes", None, None],
        ]},
        {"1003.website": "no", "1006.website": "yes"}, HELD - {("1003", WEB)}, register=SCHOOL,
    ),
    Case(
        "a form in which a parent answers for one child twice, and the second answer is blank in one place",
        written([
            ["Timestamp", "Email Address", "Child's name", "Class", "Website", "Facebook"],
            ["14/09/2026 08:30:00", "k@x.example", "Oliver Khan", "Kestrel", "No", "No"],
            ["21/09/2026 17:05:00", "k@x.example", "Oliver Khan", "Kestrel", "Yes", ""],
        ]),
        {"1003.website": "yes"}, HELD - {("1003", SOC)}, register=SCHOOL,
    ),
    Case(
        "Welsh answers are asked about once",
        written([["Name", "Class", "Website"], ["Oliver Khan", "Kestrel", "Ydw"], ["Mia Okafor", "Wren", "Nac ydw"],
                 ["Isla Khan", "Robin", "No"]]),
        {"1004.website": "no"}, HELD - {("1004", WEB)}, (2, 3), register=SCHOOL,
    ),
    Case(
        "answers as P for permitted and R for refused, with the legend in the title",
        written([["Photo consents (P = permitted, R = refused)"], HEAD,
                 *([a, f, la, {"yes": "P", "no": "R"}.get(w, ""), {"yes": "P", "no": "R"}.get(s, "")]
                   for a, f, la, w, s in rows(FIVE))]),
        {}, HELD, register=SCHOOL, refused=".",
    ),
    Case(
        "SIMS: names in one column by surname, year and registration together, T and F",
        written([["Student", "Adno", "Year/Reg", "Website", "Social Media"],
                 *([t, a, f"{y} {f}", {"yes": "T", "no": "F"}.get(w, ""), {"yes": "T", "no": "F"}.get(s, "")]
                   for t, a, y, f, w, s in rows("turned adno year form web soc", {"1006": {"web": "no"}}))]),
        {"1006.website": "no", "1006.class": "Wren"}, HELD - {("1006", WEB)}, register=SCHOOL,
    ),
    Case(
        "one row per pupil and all consents in one cell",
        written([["Pupil ID", "Pupil name", "Consents given"],
                 *([i, n, "; ".join(x for x, said in (("School website", w), ("Social media", s)) if said == "yes")]
                   for i, n, w, s in rows("id whole web soc", {"1003": {"web": "no"}}))]),
        {"1003.website": "no", "1003.social_media": "yes", "1002.website": "not_recorded"},
        HELD - {("1003", WEB)}, register=SCHOOL,
    ),
    Case(
        "names with a middle name and a suffix, titles, and blanks that do not break",
        written([["Name", "Date of birth", "Website"], ["Oliver James\u00a0Khan", "15 September 2019", "No"],
                 ["Master Jack Taylor", "2.2.20", "No"], ["Mia\u00a0Okafor", "07-07-2020", "No"]]),
        {"1003.website": "no", "1006.website": "no"}, HELD - {("1003", WEB), ("1006", WEB)}, register=SCHOOL,
    ),
    Case(
        "a header that repeats on the right for a second list beside the first",
        written([["Name", "Website", "", "Name", "Website"], ["Oliver Khan", "no", "", "Mia Okafor", "no"],
                 ["Isla Khan", "yes", "", "Noah Okafor", "no"]]),
        {}, HELD, register=SCHOOL, refused=".",
    ),
    Case(
        "a class list with a tick for the form, not for the answer",
        written([["Name", "Class", "Form returned", "Website"], ["Oliver Khan", "Kestrel", "Y", ""],
                 ["Mia Okafor", "Wren", "Y", "N"]]),
        {"1003.website": "not_recorded", "1006.website": "no"}, HELD - {("1003", WEB), ("1006", WEB)}, register=SCHOOL,
    ),
    Case(
        "LibreOffice, with blank columns between, days and numbers as it writes them",
        lambda folder: open_document(folder, [["Adno", "", "Forename", "Surname", "", "Website"], *(
            [a, "", f, la, "", w] for a, f, la, w in rows("bare first last web", {"1001": {"web": "no"}}))]),
        {"1001.website": "no", "1001.admission_no": "000412"}, HELD - {("1001", WEB)}, register=SCHOOL,
    ),
    Case(
        "ids that are those of the register but for zeros in front",
        written([["Pupil ID", "Forename", "Surname", "Website"], *(
            [f"00{i}", f, la, w] for i, f, la, w in rows("id first last web", {"1001": {"web": "no"}}))]),
        {"1001.website": "no", "1001.legal_surname": "O'Neil"}, HELD - {("1001", WEB)}, register=SCHOOL,
    ),
    Case(
        "pipes between the cells, quotation marks within them",
        bytes_of("Adno|Forename|Surname|Known As|Website\r\n" + "".join(
            f'{a}|{f}|{la}|"{k}"|{w}\r\n' for a, f, la, k, w in
            rows("adno first last known web", {"1008": {"web": "No thank you."}})), "utf-8"),
        {"1008.website": "no", "1002.preferred_forename": "Millie"}, HELD - {("1008", WEB)}, register=SCHOOL,
    ),
    Case(
        "a mother's and a father's answers on two sheets",
        {"Mother": [["Name", "Class", "Website"], ["Oliver Khan", "Kestrel", "yes"], ["Mia Okafor", "Wren", "no"]],
         "Father": [["Name", "Class", "Website"], ["Oliver Khan", "Kestrel", "no"], ["Mia Okafor", "Wren", "yes"]]},
        {}, HELD, register=SCHOOL, refused="more than one sheet",
    ),
    Case(
        "consent that runs out, and one that begins next year",
        written([["Adno", "Forename", "Surname", "Website", "Consent valid until"],
                 *([a, f, la, w, "31/08/2026" if a == "000414" else "31/08/2027"] for a, f, la, w in
                   rows("adno first last web"))]),
        {"1003.consent_expires_on": "2026-08-31"}, HELD - {("1003", WEB), ("1003", SOC)}, register=SCHOOL,
    ),
    Case(
        "moments of the clock in the answers' column: a column that slipped",
        written([["Adno", "Forename", "Surname", "Website", "Date"],
                 *([a, f, la, "14/09/2026", w] for a, f, la, w in rows("adno first last web"))]),
        {}, HELD, register=SCHOOL, refused="neither yes, no nor blank",
    ),
)  # fmt: skip
