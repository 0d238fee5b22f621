"""Export files that were written, with what is right for each, after the import was mended, and before it read them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tests.unit.registers.mis.door_cases import Case
from tests.unit.registers.mis.hostile_cases import (
    CHILDREN,
    HELD,
    SCHOOL,
    SOC,
    WEB,
    book,
    bytes_of,
    rows,
    written,
)

SAYS = {"yes": "Agree", "no": "Disagree", "": ""}
STATUS = {"yes": "Consented", "no": "Not consented", "": "Not responded"}


def _web_page(folder: Path) -> Path:
    lines = [["Adno", "Forename", "Surname", "Website"], *rows("adno first last web", {"1001": {"web": "no"}})]
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)
    path = folder / "export.xls"
    path.write_text(f"<html><head><meta charset='utf-8'></head><body><table>{cells}</table></body></html>", "utf-8")
    return path


CASES = (
    Case(
        "a forms service for schools: Agree and Disagree, numbered questions, who responded and when",
        written([
            ["Learner", "Reg Group", "Responded By", "Response Date", "Question 1: Website",
             "Question 2: Social media (Facebook / Instagram)"],
            *([n, f, "Parent", "14/09/2026", SAYS[w], SAYS[s]] for n, f, w, s in
              rows("whole form web soc", {"1001": {"web": "no"}})),
        ]),
        {"1001.website": "no", "1003.social_media": "yes"}, HELD - {("1001", WEB)}, register=SCHOOL,
    ),
    Case(
        "one row per consent with Consented, Not consented and Not responded, last updated",
        written([
            ["Student", "Form", "UPN", "Consent type", "Status", "Last updated", "Responded by"],
            *([n, f, u, kind, STATUS[said], "14 Sep 2026 08:30", "Ms Parent" if said else ""]
              for n, f, u, w, s in rows("whole form upn web soc", {"1008": {"soc": "no"}}) if u
              for kind, said in (("Photos: School website", w), ("Photos: Social media", s), ("Paracetamol", "yes"))),
        ]),
        {"1008.social_media": "no", "1008.website": "yes"}, HELD - {("1008", SOC)}, register=SCHOOL,
        stops="pupils_lost", left=("1009",),
    ),
    Case(
        "a second line below the headings that says how to fill them in",
        written([["Name", "Class", "Website", "Facebook"], ["", "", "(Y/N)", "(Y/N)"],
                 ["Oliver Khan", "1/2 Kestrel", "N", "Y"], ["Mia Okafor", "Wren", "Y", "N"]]),
        {"1003.website": "no", "1006.website": "yes"}, HELD - {("1003", WEB)}, register=SCHOOL,
    ),
    Case(
        "a table that begins in the third column of the sixth line, with blank lines in it",
        book({"Sheet1": [
            ["Larkmere Infant School"], [], [None, None, "Photo permissions - autumn term"], [], [],
            [None, None, "First name", "Surname", "Class", "Website", "Newsletter"],
            [None, None, "Oliver", "Khan", "1/2 Kestrel", "no", "yes"], [],
            [None, None, "Mia", "Okafor", "Wren", "yes", "no"],
        ]}),
        {"1003.website": "no", "1003.newsletter": "yes", "1006.newsletter": "no"},
        (HELD - {("1003", WEB)}) | {("1003", "newsletter")}, register=SCHOOL,
    ),
    Case(
        "sep=; above the headings, and commas within the cells",
        bytes_of('sep=;\r\n"Adno";"Name";"Class";"Website"\r\n' + "".join(
            f'"{c.adno}";"{c.turned}";"{c.form}";"{"No" if c.id == "1001" else c.web.title()}"\r\n' for c in CHILDREN
        ), "utf-8-sig"),
        {"1001.website": "no"}, HELD - {("1001", WEB)}, register=SCHOOL,
    ),
    Case(
        "a form that writes Sep 14, 2026, and a submission's number",
        written([
            ["Submission Date", "Submission ID", "Child's Full Name", "Child's Class", "Parent's Full Name", "Website"],
            ["Sep 14, 2026", "5512", "Oliver Khan", "1/2 Kestrel", "Sara Khan", "No"],
            ["Sep 15, 2026", "5513", "Isla Khan", "Robin", "Sara Khan", "No"],
        ]),
        {"1003.website": "no", "1004.website": "no"}, HELD - {("1003", WEB), ("1004", WEB)}, register=SCHOOL,
    ),
    Case(
        "a parent who mistypes the forename of one of twins, and one who writes another class",
        written([
            ["Timestamp", "Child's name", "Date of birth", "Class", "Website"],
            ["14/09/2026 08:30:00", "Noa Okafor", "07/07/2020", "Wren", "Yes"],
            ["14/09/2026 08:31:00", "Isla Khan", "", "Wren", "No"],
            ["14/09/2026 08:32:00", "mia okafor", "07/07/2020", "wren", "NO"],
        ]),
        {"1005.website": "no", "1006.website": "no", "1004.website": "yes"}, HELD - {("1006", WEB)}, (2, 3),
        register=SCHOOL,
    ),
    Case(
        "a web page that calls itself a workbook, as some systems export",
        _web_page, {"1001.website": "no"}, HELD - {("1001", WEB)}, register=SCHOOL,
    ),
    Case(
        "first name only in the column of answers is asked about, in a column of its own it is the use of the name",
        written([
            ["Adno", "Forename", "Surname", "Website", "Social Media", "Use of name"],
            *([a, f, la, "Yes - first name only" if a == "000414" else w, s, "First name" if w == "yes" else "None"]
              for a, f, la, w, s in rows("adno first last web soc")),
        ]),
        {"1001.name_use": "first", "1002.name_use": "none"}, HELD, (4,), register=SCHOOL,
    ),
    Case(
        "True and False with a further empty column, capitals, and blanks around everything",
        "\ufeff" + written([
            [" ADNO ", " FORENAME", "SURNAME ", " WEBSITE ", "SOCIAL MEDIA", ""],
            *([f" {a} ", f" {f.upper()}", la.upper(), " TRUE " if w == "yes" else " FALSE", s == "yes", ""]
              for a, f, la, w, s in rows("adno first last web soc", {"1006": {"web": "no"}})),
        ]),
        {"1006.website": "no", "1006.legal_surname": "Okafor", "1001.social_media": "no"}, HELD - {("1006", WEB)},
        register=SCHOOL,
    ),
    Case(
        "classes one below the other, each with its title and the headings again",
        written([
            ["Class: Robin"], ["Name", "Website", "Facebook"], ["Isla Khan", "no", "no"], ["Jack Taylor", "yes", "no"],
            [], ["Class: Wren"], ["Name", "Website", "Facebook"], ["Jack Taylor", "no", "no"],
            ["Mia Okafor", "no", "no"],
        ]),
        {"1004.website": "no", "1008.social_media": "no", "1006.website": "no", "1007.never_publish": "yes"},
        HELD - {("1004", WEB), ("1008", SOC), ("1006", WEB)}, register=SCHOOL,
    ),
    Case(
        "Mother and Father beside each other as rows, the father's refusal is older",
        written([
            ["Pupil ID", "Pupil name", "Contact", "Website", "Date of response"],
            *([i, n, who, said, on] for i, n, w in rows("id whole web")
              for who, said, on in (("Mother", w, "20/09/2026"),
                                    ("Father", "No" if i == "1008" else w, "14/09/2026"))),
        ]),
        {"1008.website": "no", "1003.website": "yes"}, HELD - {("1008", WEB)}, register=SCHOOL,
    ),
    Case(
        "a column that says Withdrawn with the day, and one of restrictions",
        written([
            ["Adno", "Forename", "Surname", "Website", "Withdrawn", "Photo restrictions"],
            *([a, f, la, w, "02/10/2026" if a == "000414" else "", "Court order - no images" if a == "000419" else ""]
              for a, f, la, w in rows("adno first last web")),
        ]),
        {"1003.withdrawn_on": "2026-10-02"}, HELD - {("1003", WEB), ("1003", SOC)}, (9,), register=SCHOOL,
    ),
    Case(
        "September 2025 and September 2026 as headings of two collections",
        written([
            ["Adno", "Forename", "Surname", "Website Sept 2025", "Website Sept 2026"],
            *([a, f, la, "Y", "N" if w != "yes" or a == "000412" else "Y"] for a, f, la, w in
              rows("adno first last web")),
        ]),
        {"1001.website": "no", "1002.website": "no"}, HELD - {("1001", WEB)}, register=SCHOOL,
    ),
    Case(
        "numbers as Excel shows them, days as moments, a class that became a day",
        book({"Export": [
            ["Admission Number", "Legal First Name", "Legal Surname", "Date of birth", "Reg", "Internet", "Twitter"],
            *([float(a), f, la, datetime.fromisoformat(b), datetime(2026, 2, 1) if "1/2" in t else t,
               {"yes": 1, "no": 0}.get(w), {"yes": 1, "no": 0}.get(s)]
              for a, f, la, b, t, w, s in rows("bare first last iso form web soc", {"1001": {"web": "no"}})),
        ]}),
        {"1001.website": "no", "1001.admission_no": "000412", "1001.class": "1/2"}, HELD - {("1001", WEB)},
        register=SCHOOL,
    ),
    Case(
        "a list of those who said no, with nothing but their names",
        written([["Children who must not be on the website"], ["Name", "Class"], ["Oliver Khan", "1/2 Kestrel"],
                 ["Mia Okafor", "Wren"]]),
        {}, HELD, register=SCHOOL, refused=".",
    ),
)  # fmt: skip
