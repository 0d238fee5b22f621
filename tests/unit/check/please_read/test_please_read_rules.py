"""Sentences that somebody should read: what is quoted, what stays quiet, and in which words it is said."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditbot.check.please_read import PleaseReadRules, model
from auditbot.check.please_read.plain_rules import PLAIN_RULES

BENCH = Path(__file__).parents[3] / "bench" / "please_read"
EXAMPLES, GRAVE = BENCH / "examples.jsonl", BENCH / "grave.jsonl"

HITS = [
    ("commercial", "parent", "I make birthday cakes, £25 each, message me to order"),
    ("commercial", "staff", "Selling my handmade earrings again, £6 a pair, send me a message to buy"),
    ("personal_campaign", "school", "Please sign the petition to stop the new quarry and share it with your friends."),
    ("personal_campaign", "staff", "I am running a marathon in April, please sponsor me on my JustGiving page."),
    ("defamation_or_malicious", "parent", "The caretaker stole money from the office, everyone knows it"),
    ("defamation_or_malicious", "unknown", "I heard the deputy was sacked for fraud and they covered it up"),
    ("complaint", "parent", "Absolutely disgraceful, no reply to my emails for three weeks. Sort it out."),
    ("complaint", "parent", "My son came home in tears again and nobody from school bothered to ring me"),
    ("bullying", "parent", "That boy is a nasty little brat and his mother is a fat cow"),
    ("bullying", "parent", "I know where you live, watch your back"),
    ("discrimination", "parent", "Too many immigrants in this school, they should go back where they came from"),
    ("direct_contact_with_pupil", "staff", "Well done Rosie! Add me on Snapchat and message me tonight"),
    ("direct_contact_with_pupil", "staff", "Children, text me on my own phone any time, it's our secret"),
    ("copyright", "school", "We have scanned the whole book and uploaded the PDF so you don't need to buy it."),
    ("copyright", "staff", "Use my log-in for the reading app, the password is Badger9, and share it"),
]

ORDINARY = [
    ("school", "Year 2 loved their trip to the farm. The lambs were two days old!"),
    ("school", "The PTA cake sale made £96. Thank you to all who baked."),
    ("school", "The hall is a polling station on Thursday; please use the back gate."),
    ("school", "Our topic is the Vikings. We made longships from boxes."),
    ("school", "Please speak to the class teacher or the office if you have a concern."),
    ("school", "Anti-Bullying Week: we wore odd socks and talked about kindness."),
    ("parent", "What time do the doors open, please?"),
    ("parent", "Thank you to all the staff, she had a brilliant year x"),
    ("parent", "So proud of them all, beautiful singing"),
    ("staff", "Well done Class 1, what a lovely assembly!"),
    ("school", "We celebrated Diwali with lamps and a story. Everyone was welcome."),
    ("school", "We read The Lighthouse Keeper's Lunch and wrote our own endings."),
]

HURT = [
    "Mrs Khan hits the children, everybody knows it",
    "Mrs Khan slapped my son",
    "The dinner lady grabbed him in the hall",
    "my daughter was smacked by her teacher",
    "Mr Jones has kicked Alfie",
]
UNHURT = [
    "Mrs Khan hit the target again, well done",
    "Mrs Khan grabbed the children's attention with a drum",
    "Mrs Khan hurt her back on the slide",
    "Mr Jones shook his hand and Mr Jones kicked the ball",
    "Mrs Khan would never hit the children",
    "Mrs Khan beat Mr Jones in the race",
]
USUAL = [
    "Vote for us! Use your blue token at Tesco to support our school garden.",
    "Please pick up a blue token in Tesco and vote for our new playground.",
    "Our local MP visited the school council on Friday and talked about how she was elected and how people vote.",
    "Our MP came to see our school council election. Children voted with real ballot papers.",
]
UNUSUAL = [
    "Vote Labour! The school council met on Monday.",
    "Collect a blue token in Tesco, sign the petition and vote Labour on Thursday.",
    "Our school council says sign the petition to stop the new quarry and tell your friends to vote.",
]


@pytest.mark.parametrize("text", HURT)
def test_what_others_say_of_an_adult_hurting_a_child_is_quoted_once(rules: PleaseReadRules, text: str) -> None:
    found = [f.rule for f in rules.find(text, kind="comment", author_role="parent")]
    assert found.count("defamation_or_malicious") == 1


@pytest.mark.parametrize("text", UNHURT)
def test_an_adult_who_hurts_nobody_is_no_claim(rules: PleaseReadRules, text: str) -> None:
    found = {f.reason for f in rules.find(text, kind="comment", author_role="parent")}
    assert not any("hurt a child" in reason for reason in found)


URGED = [
    "Kill yourself, Ethan.",
    "Just go and hang yourself.",
    "Die, fat pig.",
    "Die!",
    "Go die in a hole.",
    "I hope you die.",
    "Honestly, kys.",
    "You should just die.",
    "Do us all a favour and jump.",
    "We would all be better off without you.",
    "Nobody would miss you.",
]
FEW_GRAVE = ["I'll kill you.", "I will kill you.", "You are dead meat.", "I know where you live.", *URGED]
HARMLESS = [
    "Well done, Ethan.",
    "See you there!",
    "Do not kill yourself laughing, Dad.",
    "You will kill yourself with all that cake.",
    "They should die back in autumn.",
    "Die Kinder singen so schön.",
    "The bulbs go and die down.",
    "I could die of pride.",
    "Nobody would miss her solo.",
    "Hope they dye it blue.",
    "I'd kill for that cake!",
    "Top yourselves up at the bar!",
]
FRIENDLY = (
    "What a lovely fair it was on Saturday. The cakes were delicious and went quickly. Thank you to everybody who "
    "helped on the day. The children loved the bouncy castle. We won a teddy bear in the raffle. Grandma enjoyed her "
    "cup of tea in the hall. The weather was kind to us for once."
)
LISTED = "Well done\nAll the best\n{}\nLove Gran\nLots of love\nHappy day\nSee you at the fair\nBye now\nBest wishes"


@pytest.mark.parametrize("text", FEW_GRAVE)
def test_a_threat_of_few_words_is_heard_in_a_comment_however_long(rules: PleaseReadRules, text: str) -> None:
    for whole in (text, f"{FRIENDLY} {text}", f"{text} {FRIENDLY}", LISTED.format(text.rstrip("."))):
        found = rules.find(whole, kind="comment", author_role="unknown")
        begin = whole.index(text.rstrip("."))
        assert any(one.rule == "bullying" and one.start <= begin < one.end for one in found), whole


@pytest.mark.parametrize("text", HARMLESS)
def test_few_friendly_words_in_a_comment_are_no_threat(rules: PleaseReadRules, text: str) -> None:
    """By no list of words; what the model thinks of some of them is another matter."""
    assert not [one for one in PLAIN_RULES if one.rule == "bullying" and one.found_in(text)]
    for whole in (f"{FRIENDLY} Well done, Ethan. See you there! Thank you all.", LISTED.format("Love it")):
        assert not rules.find(whole, kind="comment", author_role="unknown"), whole


@pytest.mark.parametrize("text", USUAL)
def test_usual_business_of_a_school_is_no_campaign(rules: PleaseReadRules, text: str) -> None:
    assert rules.find(text, author_role="school") == []


@pytest.mark.parametrize("text", UNUSUAL)
def test_a_campaign_beside_usual_business_is_quoted(rules: PleaseReadRules, text: str) -> None:
    assert "personal_campaign" in {f.rule for f in rules.find(text, author_role="school")}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("What a f***ing mess", True),
        ("f**k that", True),
        ("What a F** day", True),
        ("4* out of 5*", False),
        ("**of the** day", False),
    ],
)
def test_swearing_with_stars_is_quoted(rules: PleaseReadRules, text: str, found: bool) -> None:
    assert ("conduct" in {f.rule for f in rules.find(text, author_role="school")}) is found


@pytest.fixture(scope="module")
def rules() -> PleaseReadRules:
    return PleaseReadRules()


@pytest.mark.parametrize(("rule", "role", "text"), HITS)
def test_quotes_what_should_be_read(rules: PleaseReadRules, rule: str, role: str, text: str) -> None:
    assert rule in {finding.rule for finding in rules.find(text, kind="comment", author_role=role)}


@pytest.mark.parametrize(("role", "text"), ORDINARY)
def test_ordinary_posts_stay_quiet(rules: PleaseReadRules, role: str, text: str) -> None:
    assert rules.find(text, author_role=role) == []


def test_none_of_these_texts_was_trained_on() -> None:
    trained = {json.loads(line)["text"] for line in EXAMPLES.read_text(encoding="utf-8").splitlines()}
    assert trained.isdisjoint({text for _, _, text in HITS} | {text for _, text in ORDINARY})


def test_quotes_the_sentence_and_not_the_newsletter(rules: PleaseReadRules) -> None:
    before = "On Monday we planted beans. 🌱 The fire crew came on Tuesday and Class 2 sat in the engine.\n"
    offer = "Our cook makes wedding cakes at home, from £80 each, so message her to order."
    after = "\nPE is on Thursday. Please send in a named water bottle. Reception sang for their grandparents."
    text = before + offer + after
    found = [f for f in rules.find(text, kind="newsletter") if f.rule == "commercial"]
    assert [text[f.start : f.end] for f in found] == [offer]


def test_the_worst_comes_first(rules: PleaseReadRules) -> None:
    text = (
        "The gate was locked again this morning, not good enough.\n"
        "We made paper boats.\n"
        "I know where you live and I will knock you out, you fat pig."
    )
    found = rules.find(text, kind="comment", author_role="parent")
    assert [f.score for f in found] == sorted((f.score for f in found), reverse=True)
    assert "knock you out" in text[found[0].start : found[0].end]


@pytest.mark.parametrize("role", ["staff", "school", "parent", "unknown"])
def test_whoever_invites_a_child_to_private_contact_is_told(rules: PleaseReadRules, role: str) -> None:
    text = "Hi Ella, message me privately tonight and we can chat x"
    assert "direct_contact_with_pupil" in {f.rule for f in rules.find(text, kind="comment", author_role=role)}


POLICY = """Behaviour policy
This policy will be reviewed each year by the governing body, in line with the Equality Act and our statutory duties.
All staff must report bullying, name calling, threats and hitting, and the headteacher will decide on sanctions.
Racist, sexist and homophobic language is never acceptable and exclusion may follow in serious cases.
Parents will be told on the same day, and a complainant who is not satisfied may write to the local authority.
Members of staff must not give pupils their personal telephone number or add them on social media.
Staff should not promote a business or sell goods, and risk assessments are kept in the office.
Girls and boys are treated alike, and disabled pupils are helped by reasonable adjustments.
Any allegation is passed to the designated safeguarding lead without delay.
Monitoring and evaluation of this policy are the duty of the deputy head and all staff.
"""


def test_a_policy_is_quiet_but_for_the_gravest_words(rules: PleaseReadRules) -> None:
    assert rules.find(POLICY, kind="newsletter") == []
    threat = "I know where you live and I will break your legs, watch your back."
    invitation = "Hi Ella, add me on Snapchat and message me privately tonight, don't tell your mum."
    grievance = "Nobody in the office ever replies, it is a shambles and we are fed up."
    found = rules.find(POLICY + f"{threat}\n{invitation}\n{grievance}\n", kind="newsletter")
    assert {f.rule for f in found} == {"bullying", "direct_contact_with_pupil"}


def test_headings_lists_and_tables_of_a_long_text_are_no_sentences(rules: PleaseReadRules) -> None:
    prose = "".join(f"On day {n} we walked to the woods and looked for leaves.\n" for n in range(12))
    offer = "For sale, £25 each, message me"
    assert rules.find(f"{prose}\n• {offer}\n• {offer}\n• {offer}\n", kind="newsletter") == []


@pytest.mark.parametrize(
    "title",
    [
        "Support your local Parent Council!",
        "Bullying: what to do",
        "Vote for your favourite book",
        "Mums on the Run: Glasgow 10K",
        "Raffle tickets for sale",
        "Sponsor our caretaker on his Santa Dash",
    ],
)
def test_a_title_says_nothing_by_itself(rules: PleaseReadRules, title: str) -> None:
    assert rules.find(title, kind="title") == []


def test_somebody_who_speaks_is_heard_in_a_title_too(rules: PleaseReadRules) -> None:
    (found,) = rules.find("You will be sorry, I know where you park your car", kind="title")
    assert found.rule == "bullying"


def test_a_heading_of_a_short_post_is_no_sentence(rules: PleaseReadRules) -> None:
    assert rules.find("Support your Parent Council\n\nThe next meeting is on Tuesday in the small hall.") == []


def test_the_name_of_a_file_in_a_list_of_downloads_is_no_sentence(rules: PleaseReadRules) -> None:
    assert rules.find("Whistleblowing Policy March 2020.pdf") == []


@pytest.mark.parametrize("kind", ["filename", "address", "author", "byline"])
def test_names_of_files_and_people_are_not_read(rules: PleaseReadRules, kind: str) -> None:
    assert rules.find("sign the petition now vote-labour", kind=kind) == []


@pytest.mark.parametrize(("rule", "role", "text"), HITS)
def test_the_reason_is_one_calm_sentence_that_accuses_nobody(
    rules: PleaseReadRules, rule: str, role: str, text: str
) -> None:
    for finding in rules.find(text, kind="comment", author_role=role):
        assert finding.band == "review"
        assert 0.5 <= finding.score <= 1
        assert finding.reason.endswith("Please read.")
        assert finding.reason.startswith(("May ", "Reads as if "))
        lowered = finding.reason.lower()
        for word in ("bully", "malicious", "liar", "racist", "unlawful", "illegal", "compliant", "guilty"):
            assert word not in lowered


def test_the_same_text_always_gives_the_same_findings(rules: PleaseReadRules) -> None:
    text = HITS[0][2] + ". " + HITS[8][2]
    first = rules.find(text, author_role="parent")
    assert first
    assert PleaseReadRules().find(text, author_role="parent") == first


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_text_gives_spans_within_it(text: str) -> None:
    for finding in PleaseReadRules().find(text, kind="comment", author_role="unknown"):
        assert 0 <= finding.start < finding.end <= len(text)
        assert text[finding.start : finding.end].strip()


def test_nothing_in_nothing(rules: PleaseReadRules) -> None:
    assert rules.find("") == []
    assert rules.find(" \n\u200b\n ") == []


def test_the_weights_are_those_whose_sum_is_kept_beside_them() -> None:
    folder = Path(model.__file__).parent
    digest, name = (folder / "SHA256SUMS").read_text("ascii").split()
    assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_of_sixty_grave_cases_none_is_lost_that_was_known(rules: PleaseReadRules) -> None:
    """Threats and invitations to private contact, by whoever; before 2026-11-29, 22 of them were known."""
    cases = [json.loads(line) for line in GRAVE.read_text(encoding="utf-8").splitlines()]
    missed = [
        case
        for case in cases
        if case["labels"][0]["rule"]
        not in {f.rule for f in rules.find(case["text"], kind=case["kind"], author_role=case["author_role"])}
    ]
    assert (len(cases), sum(case["known_before"] for case in cases)) == (60, 22)
    assert [case["text"] for case in missed if case["known_before"]] == []
    assert len(missed) <= 8


_ORDINARY = (
    "The fair was lovely.",
    "My two came home covered in glitter.",
    "Does anyone have a spare reading book bag?",
    "The cakes were all gone by eleven.",
    "We won a teddy on the tombola.",
    "Thank you to everybody who tidied up.",
)


def test_most_grave_words_are_told_among_ordinary_ones(rules: PleaseReadRules) -> None:
    found = 0
    cases = [json.loads(line) for line in GRAVE.read_text("utf-8").splitlines()]
    for case in cases:
        text = " ".join([*_ORDINARY[:3], f"{case['text'].rstrip('.!? ')}.", *_ORDINARY[3:]])
        told = {one.rule for one in rules.find(text, kind="comment", author_role=case["author_role"])}
        found += bool(told & {"bullying", "direct_contact_with_pupil"})
    assert len(cases) == 60
    assert found >= 50
