"""Names beside a photo: found wherever they stand, and nothing else taken for a child."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditbot.exposure.names.names_beside import Beside, Place, names_beside
from auditbot.exposure.names.own_words import Knowledge
from auditbot.exposure.names.word_lists import plain
from auditbot.model import Post


def post(url: str = "https://school.example/news/1/", title: str = "", text: str = "") -> Post:
    return Post("website", url, title, text)


def beside(
    caption: str = "", *, alt: str = "", file: str = "", lines: tuple[str, ...] = (), alone: bool = False,
    of: Post | None = None, known: Knowledge | None = None,
) -> Beside:  # fmt: skip
    return names_beside(
        of or post(), alt=alt, caption=caption, address=f"https://school.example/media/{file}", in_picture=lines,
        alone=alone, known=known or Knowledge(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("caption", "names"),
    [
        ("Quentilla feeds the lambs", []),  # in no list, and at the beginning, where every word has a capital
        ("Here is Quentilla with a lamb", ["Quentilla"]),
        ("Grace", ["Grace"]),
        ("Poppy with her model", ["Poppy"]),
        ("Poppy had a good day.", ["Poppy"]),
        ("Grace drew a lighthouse", ["Grace"]),
        ("Ivy has covered the wall", ["Ivy"]),  # may be the plant: told all the same
        ("Hope came with the spring", []),
        ("Poppy in the meadow", []),  # may be the flower
        ("Mia & Arlo", ["Mia", "Arlo"]),
        ("Rose, Daisy and Lily at the well", ["Rose", "Daisy", "Lily"]),
        ("Reader of the week: Muhammad", ["Muhammad"]),
        ("Well done Summer and Jack!", ["Summer", "Jack"]),
        ("Zayn’s rocket", ["Zayn"]),
        ("Three cheers for Eira", ["Eira"]),
        ("April showers in April", []),
        ("April T. in the garden", ["April"]),
        ("Sofia shows her certificate", ["Sofia"]),
        ("Postcards from Sofia", []),
        ("Zoë’s rocket", ["Zoë"]),
        ("Siân and Renée at the well", ["Siân", "Renée"]),
        ("Łukasz reads to us", ["Łukasz"]),
        ("A café in the hall", []),
        ("Our Christmas CD", []),
        ("Abbey Beavers with CDs", []),
        ("Best seen in Safari OSX", []),
        ("St James’s, London SW1", []),
        ("A walk for Peace", []),
        ("Ten laps for Peace Okonkwo", ["Peace"]),
        ("Mia PE kit", ["Mia"]),
        ("Mia Rose", ["Mia"]),
        ("Poppy Rose Okonkwo won", ["Poppy"]),
        ("Molly May Class", []),
        ("Mia Green with her cup", ["Mia"]),
        ("Rose Green", []),
        ("Sydney Hill", []),
        ("The Mia Rose Summer Fair", []),
    ],
)
def test_forenames_in_a_caption(caption: str, names: list[str]) -> None:
    assert [name.name for name in beside(caption).names] == names


@pytest.mark.parametrize(
    "caption",
    [
        "Elsa and Olaf came to the hall", "Our Gruffalo hunt", "Mary and Joseph in the nativity", "Numicon shapes",
        "Molly the guide dog", "Mr Lee", "Miss Rose reads", "King Charles", "Roald Dahl Day", "A visit to London Zoo",
        "Rose Class", "Summer Fair", "Jack and the Beanstalk", "Our values: Hope, Faith and Grace", "Holly and ivy",
        "A robin in the garden", "Willow dens in Forest School", "Florence Nightingale comes to tea", "Sports Day",
    ],
)  # fmt: skip
def test_characters_places_staff_and_plants_are_no_children(caption: str) -> None:
    assert beside(caption).names == ()


def test_words_of_a_title_behind_the_surname_are_no_part_of_the_name() -> None:
    assert beside("Harvey Herbert Skydive!!!").words == ("Harvey", "Herbert")
    assert beside("Here is Anna May Okonkwo").words == ("Anna", "May", "Okonkwo")
    assert beside("Well done Harvey Herbert Green").words == ("Harvey", "Herbert", "Green")


def test_a_surname_or_an_initial_makes_a_full_name() -> None:
    names = {name.name: name.full for name in beside("Priya Nair, Isla B., Amy PERRY, Mia PE and Kofi").names}
    assert names == {"Priya": True, "Isla": True, "Amy": True, "Mia": False, "Kofi": False}


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("Patel_Mia_2.jpg", ("Patel", "Mia")),
        ("IMG-Novak-Alfie.jpg", ("Novak", "Alfie")),
        ("Bazooza_Mia_2.jpg", ("Mia",)),
        ("Chertsey-Mia-1.jpg", ("Mia",)),
        ("Drama-Mia.jpg", ("Mia",)),
        ("Patel-Mia-farm-visit.jpg", ("Mia",)),
        ("Mia-Okonkwo.jpg", ("Mia", "Okonkwo")),
        ("zoë.jpg", ("zoë",)),
    ],
)
def test_a_surname_may_stand_before_the_forename_of_a_file(file: str, words: tuple[str, ...]) -> None:
    found = beside(file=file)
    assert found.words == words
    assert [name.full for name in found.names] == [len(words) > 1]


@pytest.mark.parametrize(
    ("file", "names"),
    [
        ("poppy-p04.jpg", ["Poppy"]),
        ("IMG_2034-Daisy-scaled.jpg", ["Daisy"]),
        ("poppy-field.jpg", []),
        ("poppy-day-2.jpg", []),
        ("april.jpg", []),
        ("olive-branch.jpg", []),
        ("arjun-patel-science.jpg", ["Arjun"]),
        ("AlfieAndZain_2026.jpg", ["Alfie", "Zain"]),
        ("IMG_20260611_0042.jpg", []),
        ("mud-kitchen.jpg", []),
        ("mr-hollis-assembly.jpg", []),
        ("daisy-chain.jpg", []),
        ("june-2026.jpg", []),
        ("newsletter_April.pdf", []),
    ],
)
def test_a_name_in_the_file_s_name(file: str, names: list[str]) -> None:
    found = beside(file=file).names
    assert [name.name for name in found] == names
    assert all(name.place is Place.FILE_NAME for name in found)


def test_the_strongest_place_counts_and_all_places_are_told() -> None:
    of = post("https://school.example/news/zain-meets-the-mayor/", "A story for the mayor", "We were proud of Zain.")
    found = beside("Zain before the visit", of=of, alone=True)
    assert [(name.name, name.place) for name in found.names] == [("Zain", Place.CAPTION)]
    assert found.places == (Place.CAPTION, Place.ADDRESS, Place.TEXT)


def test_text_and_title_speak_only_of_a_lone_photo() -> None:
    of = post(title="Esme wins", text="Esme ran faster than anybody.")
    assert beside(of=of).names == ()
    assert [name.place for name in beside(of=of, alone=True).names] == [Place.TEXT]


def test_words_in_the_picture_are_read_in_any_case() -> None:
    found = beside(lines=("STARS OF THE WEEK", "HARRY", "Isla")).names
    assert [(name.name, name.place) for name in found] == [("Harry", Place.PICTURE), ("Isla", Place.PICTURE)]


def test_adults_are_counted_from_titles_or_from_what_they_are_called() -> None:
    assert beside("Miss Adjei with two singers", alt="A teacher and two children").adults == 1
    assert beside("Mr Hollis and Mrs Khan with Kofi").adults == 2
    assert beside("Two children").adults == 0


def test_the_site_s_own_words_are_no_names() -> None:
    posts = [post(f"https://school.example/{n}/", text="The Robins of Amber House met Finley.") for n in range(3)]
    posts += [post(f"https://school.example/{n}/", text="At Amber House we sing.") for n in range(3, 9)]
    known = Knowledge.of(posts)
    assert "amber" in known.own_words
    assert beside("Lunch with Amber", known=known).names == ()
    assert [name.name for name in beside("Lunch with Amber").names] == ["Amber"]


@settings(deadline=None)
@given(st.text(max_size=120), st.text(max_size=60), st.text(max_size=40))
def test_every_name_stands_in_one_of_the_texts(caption: str, alt: str, file: str) -> None:
    found = beside(caption, alt=alt, file=file.replace("/", ""))
    everything = plain(f"{caption} {alt} {file}").casefold()
    assert all(plain(name.name).casefold() in everything or "%" in file for name in found.names)
    assert bool(found.names) == bool(found.places)
