"""What the engine finds and what it leaves alone, rule by rule; the school is made up."""

import pytest

from auditbot.check.surnames import PupilName, StaffName, SurnameEngine

PUPILS = [
    PupilName("quintero", ("Rafael", "Raff"), ("Quintero-Hale",), "Year 1", "Otters"),
    PupilName("throssell", ("Nell",), ("Throssell",), "Reception", "Wrens", ("May",)),
    PupilName("marsh", ("Idris",), ("Marsh",), "Year 2", "Herons"),
    PupilName("wroblewska", ("Zosia",), ("Wróblewska",), "Year 2", "Herons"),
    PupilName("odowd", ("Aoife",), ("O'Dowd",), "Year 1", "Otters"),
    PupilName("cruz", ("Lucia",), ("de la Cruz",), "Nursery", "Ducklings"),
    PupilName("do", ("Minh",), ("Do",), "Year 1", "Otters"),
    PupilName("harcastle", ("Rex",), ("Hardcastle",), "Year 2", "Herons"),
    PupilName("harcastle2", ("Bea",), ("Hardcastle",), "Nursery", "Ducklings"),
    PupilName("ellis", ("Maya",), ("Ellis",), "Reception", "Wrens"),
    PupilName("ellisjames", ("Ellis",), ("Pomfret", "Vane"), "Year 2", "Herons"),
    PupilName("bell", ("Hugo",), ("Bell",), "Year 1", "Otters"),
    PupilName("lane", ("Poppy",), ("Lane",), "Year 2", "Herons"),
    PupilName("april", ("Joan",), ("April",), "Year 2", "Herons"),
    PupilName("preston", ("Stella",), ("Preston",), "Reception", "Wrens"),
    PupilName("papa", ("Nikos",), ("Papanikolaou",), "Year 1", "Otters"),
    PupilName("anning", ("Mary",), ("Anning",), "Year 1", "Otters"),
]
STAFF = [
    StaffName("Mrs", "Paula", "Marsh", "Year 2 Teacher (Herons)"),
    StaffName("Mr", "Hugo", "Bell", "Sports Coach"),
]

BREACHES = [
    # text, kind, surname as it stands in the text, pupil
    ("Well done to Nell Throssell for her kind words", "post", "Throssell", "throssell"),
    ("well done nell throssell", "comment", "throssell", "throssell"),
    ("Nell May Throssell and Idris", "post", "Throssell", "throssell"),
    ("Readers: Throssell, Nell; others next week", "newsletter", "Throssell", "throssell"),
    ("THROSSELL Nell", "ocr", "THROSSELL", "throssell"),
    ("N. Throssell scored twice", "post", "Throssell", "throssell"),
    ("Nell Throssell's tower", "post", "Throssell", "throssell"),
    ("Idris Marsh found a newt in the marsh", "post", "Marsh", "marsh"),
    ("Raff Quintero Hale lost a tooth", "comment", "Quintero Hale", "quintero"),
    ("Raff Hale lost a tooth", "comment", "Hale", "quintero"),
    ("Rafael QuinteroHale", "post", "QuinteroHale", "quintero"),
    ("Lucia Cruz planted a bean", "post", "Cruz", "cruz"),
    ("Lucia De La Cruz planted a bean", "post", "De La Cruz", "cruz"),
    ("Aoife ODowd danced", "post", "ODowd", "odowd"),
    ("Aoife O’Dowd danced", "post", "O’Dowd", "odowd"),
    ("Aoife O&#39;Dowd danced", "post", "O&#39;Dowd", "odowd"),
    ("Minh Do made a lantern", "post", "Do", "do"),
    ("Joan April drew a rabbit", "post", "April", "april"),
    ("Ellis Vane built a bridge", "post", "Vane", "ellisjames"),
    ("Maya Ellis and Ellis built a bridge", "post", "Ellis", "ellis"),
    ("Stella Preston read to us", "post", "Preston", "preston"),
    ("Well done nell throssell! So proud of you.", "post", "throssell", "throssell"),
    ("Well done idris marsh! So proud of you.", "post", "marsh", "marsh"),
    ("Aunt Sue says well done Nell Throssell", "comment", "Throssell", "throssell"),
    ("Mary Anning lost a tooth", "post", "Anning", "anning"),
    ("Mary Anning of Otters fed the cat", "post", "Anning", "anning"),
    ("Mary Anning and Idris have a volcano", "post", "Anning", "anning"),
    # disguises
    ("Our hero N e l l T h r o s s e l l", "post", "T h r o s s e l l", "throssell"),
    ("Our hero R e x H a r d c a s t l e", "post", "H a r d c a s t l e", "harcastle"),
    ("Nell T h r o s s e l l", "post", "T h r o s s e l l", "throssell"),
    ("Nell T-H-R-O-S-S-E-L-L", "post", "T-H-R-O-S-S-E-L-L", "throssell"),
    ("Nell Thros\u200bsell", "post", "Thros\u200bsell", "throssell"),
    ("Nell Thros\u00adsell", "post", "Thros\u00adsell", "throssell"),
    ("Nell Thros&shy;sell", "post", "Thros&shy;sell", "throssell"),
    ("Nell Thrоssеll", "post", "Thrоssеll", "throssell"),
    ("Nell 𝓣𝓱𝓻𝓸𝓼𝓼𝓮𝓵𝓵", "post", "𝓣𝓱𝓻𝓸𝓼𝓼𝓮𝓵𝓵", "throssell"),
    ("Nell 🆃🅷🆁🅾🆂🆂🅴🅻🅻", "post", "🆃🅷🆁🅾🆂🆂🅴🅻🅻", "throssell"),
    ("\u202eNell Throssell\u202c", "post", "Throssell", "throssell"),
    # spellings
    ("Nell Throsell", "post", "Throsell", "throssell"),
    ("NELL THR0SSELL", "ocr", "THR0SSELL", "throssell"),
    ("Rex Hardcast1e", "ocr", "Hardcast1e", "harcastle"),
    ("Zosia Wroblewska", "post", "Wroblewska", "wroblewska"),
    ("Zosia Wróblewski", "post", "Wróblewski", "wroblewska"),
    ("Brawo dla Zosi Wróblewskiej!", "post", "Wróblewskiej", "wroblewska"),
    ("Nicos Papanikolaou", "post", "Papanikolaou", "papa"),
    ("Speech of Throssell (Nell, Y2) at the library", "post", "Throssell", "throssell"),
    ("6 July, 7\nIdris Marsh 12 July, 8", "post", "Marsh", "marsh"),
    ("Recorders:\nThrossell NM\nBakes P", "post", "Throssell", "throssell"),
    ("stela prestonn was brill, auntie Kaz xx", "comment", "prestonn", "preston"),
    ("well done nikos papanicholau fastest boots", "comment", "papanicholau", "papa"),
    # joined up
    ("<3 NELLTHROSSELL <3 best sheep ever", "comment", "THROSSELL", "throssell"),
    ("nell.throssell on the door again", "comment", "throssell", "throssell"),
    ("#WellDoneNellThrossell", "hashtag", "Throssell", "throssell"),
    ("#welldonenellthrossell", "hashtag", "throssell", "throssell"),
    ("nell-throssell-peg.jpg", "filename", "throssell", "throssell"),
    ("IMG_12_NThrossell.png", "filename", "Throssell", "throssell"),
    ("https://school.example/uploads/nellthrossell2.jpg", "address", "throssell", "throssell"),
    ("Nell%20Throssell.pdf", "filename", "Throssell", "throssell"),
    ("thanks @nell_throssell_mum", "post", "throssell", "throssell"),
    # a child, without the forename
    ("Master Throssell is retiring from phonics", "post", "Throssell", "throssell"),
    ("The Throssell twins won the relay", "post", "Throssell", "throssell"),
    ("Well done Papanikolaou!", "post", "Papanikolaou", "papa"),
    ("The peg marked Throssell needs a new hook", "post", "Throssell", "throssell"),
    # a relative, with the child's forename
    ("Mr and Mrs Throssell's daughter Nell opened the fair", "post", "Throssell", "throssell"),
    ("Thank you to the Throssell family - Nell was so proud", "post", "Throssell", "throssell"),
    ("Nell's mum, Dr Ada Throssell, showed us her stethoscope", "post", "Throssell", "throssell"),
]


@pytest.fixture(scope="module")
def engine() -> SurnameEngine:
    return SurnameEngine(PUPILS, STAFF, school_words=["Wrens", "Larkmere"], allowed_phrases=["The Hardcastle Room"])


@pytest.mark.parametrize(("text", "kind", "surname", "pupil"), BREACHES, ids=[row[0] for row in BREACHES])
def test_a_published_surname_is_a_breach(engine: SurnameEngine, text: str, kind: str, surname: str, pupil: str) -> None:
    hits = engine.find(text, kind=kind)
    assert [(text[hit.start : hit.end], hit.band) for hit in hits] == [(surname, "breach")]
    assert hits[0].pupil_ids[0] == pupil


REVIEWS = [
    ("Thank you to the Throssell family for the plants", "Throssell"),
    ("The Throssells have lent us a gazebo", "Throssells"),
    ("Mrs Throssell will run the tombola", "Throssell"),
    ("Speak to Sarah Throssell about uniform", "Throssell"),
    ("Idris Throssell tidied the books", "Throssell"),
    ("Nell Thr. has a new brother", "Thr"),
    ("Rex Har****tle, you know who you are", "Har****tle"),
    ("Come on Bell! Fastest of the day", "Bell"),
    ("Local historian Poppy Lane showed us a clog", "Lane"),
    ("Hugo Bell ran past the shop", "Bell"),
    ("Mary Anning and the sea dragon", "Anning"),
]


@pytest.mark.parametrize(("text", "surname"), REVIEWS, ids=[row[0] for row in REVIEWS])
def test_what_the_text_does_not_settle_is_for_a_person(engine: SurnameEngine, text: str, surname: str) -> None:
    assert [(text[hit.start : hit.end], hit.band) for hit in engine.find(text)] == [(surname, "review")]


CLEAR = [
    # allowed ways of naming a child
    ("Nell T. and Idris M are our stars", "post"),
    ("Rafael Q-H painted a whale", "post"),
    ("Nell, Rex and Poppy made a raft", "post"),
    ("Ellis and Maya shared the tablet", "post"),
    ("nell-and-rex-2.jpg", "filename"),
    # staff
    ("Mrs Marsh read us a story", "post"),
    ("Mrs. Marsh's class", "post"),
    ("Paula Marsh leaves us at Easter", "post"),
    ("Hugo Bell, our sports coach, is injured", "post"),
    ("mrs-marsh-assembly.jpg", "filename"),
    ("#ThankYouMrsMarsh", "hashtag"),
    # words, places, dates
    ("We walked to the marsh and rang the bell", "post"),
    ("Do you have a spare jumper?", "post"),
    ("Marsh Lane is closed", "post"),
    ("The coach to Preston leaves at nine", "post"),
    ("Preston Bus Station was loud", "post"),
    ("Closed from 3 April to 17 April", "newsletter"),
    ("marsh-walk-with-bell-2.jpg", "filename"),
    # firms, visitors, famous people
    ("Throssell & Sons gave us timber", "post"),
    ("Hardcastle Motors lent us tyres", "post"),
    ("PC Hardcastle talked about roads", "post"),
    ("The vet, Sam Throssell, brought a rabbit", "post"),
    ("We read a poem by Eva Throssell", "post"),
    ("Alexander Graham Bell made the telephone", "post"),
    ("Herons have learned about Mary Anning", "post"),
    ("Mary Anning, Charles Darwin and Marie Curie", "post"),
    # the school's own names and phrases
    ("Meet in the Hardcastle Room at noon", "post"),
    ("https://throssell.example/news/2025/", "address"),
    ("Sarah Throssell", "author"),
    ("", "post"),
]


@pytest.mark.parametrize(("text", "kind"), CLEAR, ids=[row[0] for row in CLEAR])
def test_what_is_no_pupils_surname_is_left_alone(engine: SurnameEngine, text: str, kind: str) -> None:
    assert engine.find(text, kind=kind) == []


def test_a_childs_own_full_name_as_commenter_is_found(engine: SurnameEngine) -> None:
    assert [hit.pupil_ids for hit in engine.find("Nell Throssell", kind="author")] == [("throssell",)]


def test_brother_and_sister_named_together_are_both_named(engine: SurnameEngine) -> None:
    (hit,) = engine.find("Rex and Bea Hardcastle sold cakes")
    assert set(hit.pupil_ids) == {"harcastle", "harcastle2"}


def test_the_class_tells_which_of_two_families_is_meant(engine: SurnameEngine) -> None:
    (hit,) = engine.find("Well done young Hardcastle in Herons")
    assert hit.pupil_ids == ("harcastle",)


def test_explanations_name_nobody(engine: SurnameEngine) -> None:
    names = {name.lower() for pupil in PUPILS for name in (*pupil.forenames, *pupil.surnames)}
    for text, kind, _, _ in BREACHES:
        for hit in engine.find(text, kind=kind):
            assert not names & set(hit.explanation.lower().rstrip(".").split())


def test_without_pupils_nothing_is_found() -> None:
    assert SurnameEngine([]).find("Nell Throssell and Mrs Marsh") == []


def test_a_pupil_whose_surname_is_one_letter_reads_like_the_allowed_form() -> None:
    assert SurnameEngine([PupilName("k", ("Aarav",), ("K",), "", "")]).find("Aarav K won") == []
