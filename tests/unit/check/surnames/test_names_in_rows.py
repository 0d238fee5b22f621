"""Surnames in lists of one form, broken up by signs, in handles, and of families; the school is made up."""

import pytest

from auditbot.check.surnames import PupilName, StaffName, SurnameEngine


def _pupil(forename: str, surname: str) -> PupilName:
    return PupilName(f"{forename} {surname}", (forename,), (surname,), "Year 1", "Oak")


ENGINE = SurnameEngine(
    [
        *(
            _pupil("Omar", "Ray"),
            _pupil("Ivy", "Ash"),
            _pupil("Jun", "Li"),
            _pupil("Noa", "Bo"),
            _pupil("Hamza", "Yusuf"),
        ),
        *(_pupil("Yusuf", "Hale"), _pupil("Tilda", "Doyle"), _pupil("Cleo", "Lamb"), _pupil("Meg", "Best")),
        *(_pupil("Ruth", "Frost"), _pupil("Leo", "Okafor"), _pupil("Tess", "Bright"), _pupil("Arjun", "Nair")),
        *(_pupil("Grace", "Hope"), _pupil("Ada", "Love"), _pupil("Kit", "Throssell"), _pupil("Nils", "van der Beek")),
    ],
    [StaffName("Mrs", "Jo", "Frost", "Teacher"), StaffName("Mr", "Carl", "Stone", "Teacher")],
)
ROWS = [
    ("Red: Lamb C, Yusuf H, Doyle T", ["Lamb", "Yusuf", "Doyle"]),
    ("Lamb C\nYusuf H\nDoyle T", ["Lamb", "Yusuf", "Doyle"]),
    ("Red: Lamb C\nBlue: Yusuf H\nGreen: Doyle T", ["Lamb", "Yusuf", "Doyle"]),
    ("1. Best M (3)\n2. Bright T (2)\n3. Hope G (1)", ["Best", "Bright", "Hope"]),
    ("Boats: Hope G. / Best M. / Bright T.", ["Hope", "Best", "Bright"]),
    ("Swimmers are Bright T, Okonjo P and Hope G", ["Bright", "Hope"]),
    ("Hope, G; Yusuf, H; Bright, T", ["Hope", "Yusuf", "Bright"]),
    ("Lost property: van der Beek N, Hope G, Doyle T", ["van der Beek", "Hope", "Doyle"]),
    ("Goals\n⚽ Best, M. (two)\n⚽ own goal", ["Best"]),
    ("Late books\n- Hope, G.\n- nobody else", ["Hope"]),
]
NO_ROWS = [
    "Stars: Ada L, Yusuf H, Tess B, Cleo L",
    "Readers: Grace H, Yusuf H and Meg B",
    "Thank you for a lovely term.\nBest, M.",
    "See you all on Monday.\nLove, A.",
    "Read this: Lamb, C. (2009) The Chicken",
    "Apologies: Lamb C, Doyle T, Bright T",
    "Duty: Stone C, Yusuf H, Jones B",
    "Hope T will be here at 3, Best A to Z",
    "Vitamins: Bright A, Hope C, Best D",
    "Plan A, Bright B, Section C",
]


@pytest.mark.parametrize(("text", "surnames"), ROWS, ids=[row[0] for row in ROWS])
def test_a_row_of_one_form_is_read_as_that_throughout(text: str, surnames: list[str]) -> None:
    hits = ENGINE.find(text)
    assert [(text[hit.start : hit.end], hit.band) for hit in hits] == [(name, "breach") for name in surnames]


@pytest.mark.parametrize("text", NO_ROWS)
def test_other_rows_name_no_pupil(text: str) -> None:
    assert ENGINE.find(text) == []


SPELT = [
    ("spare apples from Omar R.a.y's mum", "R.a.y"),
    ("its Omar R-a-y again", "R-a-y"),
    ("Jun L_i lost a tooth", "L_i"),
    ("Jun L.i lost a tooth", "L.i"),
    ("Jun L i lost a tooth", "L i"),
    ("Ivy A*s*h is our star", "A*s*h"),
    ("Ivy A S H is our star", "A S H"),
    ("Ivy As-h is our star", "As-h"),
    ("Omar R/a/y read to us", "R/a/y"),
    ("noa b~o came first", "b~o"),
    ("Noa B·o came first", "B·o"),
]
NOT_SPELT = [
    "Ivy A, S and H went in",
    "Ivy is as happy as a lark",
    "Jun: L, I, M in phonics",
    "Kit L.i lost a tooth",
    "Ivy\nA\nS\nH",
    "Jun likes L-I-D and T-I-N",
    "Omar r a y of sun",
    "We love R.A.Y. and A.S.H.",
    "Noa b o b s up and down",
]


@pytest.mark.parametrize(("text", "surname"), SPELT, ids=[row[0] for row in SPELT])
def test_signs_within_a_short_surname_hide_nothing_after_the_forename(text: str, surname: str) -> None:
    assert [(text[hit.start : hit.end], hit.band) for hit in ENGINE.find(text)] == [(surname, "breach")]


@pytest.mark.parametrize("text", NOT_SPELT)
def test_single_letters_are_no_short_surname_without_its_forename(text: str) -> None:
    assert ENGINE.find(text) == []


FAMILIES = [
    ("Thanks to Mr and Mrs Doyle, whose son Tilda sang", "Doyle"),
    ("Dr Nair, whose daughter Arjun is in Oak, showed us a heart", "Nair"),
    ("Ms Okafor brought her little boy Leo and a cake from the bakery", "Okafor"),
    ("The whole Bright gang will be missed, Tess most of all", "Bright"),
    ("Goodbye to Kit and to the entire Throssell clan", "Throssell"),
    ("Our lovely Hope family is moving, and Grace will write", "Hope"),
    ("Who saw Leo on the floor @mini_okafor is a star", "okafor"),
    ("Arjun was brave, he is with @nair_diaries", "nair"),
]
NO_FAMILIES = [
    "a bright gang of children, Tess and Kit",
    "The whole bright day Tess sang",
    "Follow @okafor_bakes for cakes",
    "Not a Throssell, not a thrush",
    "There is an Okafor on the wall of the museum",
    "PC Doyle told us about roads",
    "The entire hope of the year rests on Kit",
    "Our lovely frost lasted, said Ruth",
]


@pytest.mark.parametrize(("text", "surname"), FAMILIES, ids=[row[0] for row in FAMILIES])
def test_a_familys_name_with_the_childs_forename_is_a_breach(text: str, surname: str) -> None:
    assert [(text[hit.start : hit.end], hit.band) for hit in ENGINE.find(text)] == [(surname, "breach")]


@pytest.mark.parametrize("text", NO_FAMILIES)
def test_words_things_and_accounts_are_no_family(text: str) -> None:
    assert ENGINE.find(text) == []


@pytest.mark.parametrize(
    ("text", "bands"),
    [
        ("Kit Throssell has won with a drawing of Okafor's old barn", ["breach", "review"]),
        ("Kit Throssell and Okafor's kite", ["breach", "breach"]),
        ("We've a little one, Ada Nair-Boyd, coming next year after Arjun", ["review"]),
        ("Tess has a brother, Wilfred Bright. Tess says he is red", ["breach"]),
        ("Tess's brother is a king. Ada is a queen. Love. Ada", []),
        ("Name: Grace Hope   Class: Oak", ["breach"]),
        ("Child: Grace Hope      School trip", ["breach"]),
    ],
)
def test_how_sure_a_name_beside_others_is(text: str, bands: list[str]) -> None:
    assert [hit.band for hit in ENGINE.find(text)] == bands
