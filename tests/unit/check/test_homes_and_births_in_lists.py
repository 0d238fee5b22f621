"""Homes and births that a list, a table or a row says, and days and places that are nobody's."""

from __future__ import annotations

from datetime import date

import pytest

from auditbot.check.personal_data import OwnContacts, find_private_data

TODAY = date(2026, 11, 30)


def told(text: str, *kinds: str) -> list[str]:
    """Return what is told of these kinds."""
    found = find_private_data(text, OwnContacts(), TODAY)
    return [text[one.start : one.end] for one in found if one.kind in kinds]


@pytest.mark.parametrize(
    ("text", "homes"),
    [
        ("Walking bus\n8.05 Ivy – 12 Tenter Rd\n8.15 Noor – Reservoir Keeper's Cottage", 2),
        ("Gift round: post gifts through doors. Flo: 5 Plover Road. Ned: 31 Marlinspike. Iris: 9 Tollgate Bottom.", 3),
        ("Lift share: Noor - The Old Signal House, Bolam. Ned - 4 Hagg Top", 2),
        ("Carol singing: Ivy and Omar – 14 Withy Bed", 1),
        ("Emergency sheet\nIvy Ash | 2 Nov 16 | 31 Marlinspike | dad works late", 1),
        ("Hampers go to\n- Theo: The Mill House, Mill Place\n- Zara: 6 Long Reach", 2),
        ("Play dates this week. Hugo: Weir Farm. Anya: 2 Sorrel Bight.", 2),
        ("Home visits\n9.30 Kofi – Flat 3, Dovetail\n10.15 Maja – 40 Bellrope", 2),
        ("Dear neighbours of 18 Alder Mount, we will sing at six", 1),
    ],
)
def test_a_list_of_homes_needs_no_word_for_a_street(text: str, homes: int) -> None:
    assert len(told(text, "postal_address", "postcode")) == homes


@pytest.mark.parametrize(
    "text",
    [
        "Ned: 12 House Points. Flo: 3 Golden Stars.",
        "Cake stall\nNed – 12 Fairy Cakes\nFlo – 30 Scones",
        "Roles: Ned – Innkeeper. Flo: 3 Wise Men.",
        "Readers this week: Anya: 4 Books. Hugo: 7 Books.",
        "Tombola deliveries. Blue: 12 Tickets. Red: 9 Tickets.",
        "Lift times: Zara – 5 May. Theo – 6 June.",
        "Contacts in school: Office – Main House",
        "Sports: Kofi – 3 Laps, Maja – 4 Laps",
        "Emergency sheet\nIvy Ash | mum 07700 900511 | dad 07700 900512",
        "We raised £40 and up at five with the birds we went",
    ],
)
def test_what_is_counted_or_won_is_no_home(text: str) -> None:
    assert told(text, "postal_address", "postcode") == []


@pytest.mark.parametrize(
    "text",
    [
        "Emergency sheet\nOmar Ray | 12 Apr 17 | peanuts\nIvy Ash | 2 Nov 16 | none",
        "Sailing list\nBen Oram | Wrens | 3/4/18\nElla Stott | Wrens | 9/6/18",
        "Maja Nowak | 04.05.2019 | Reception\nTheo Hirst | 19.01.2019 | Reception",
        "Hugo | 2 Feb 2018 | Otters class\nZara | 7 July 2018 | Otters class",
        "Kofi Boateng\t12/03/2019\nAnya Rao\t30/08/2019",
        "Noah Pell | A | 21 Mar 2018 | blue\nLily Marr | B | 5 Oct 2017 | red",
        "Ivy was born at Leeds General on 3 May 2019, weighing 7lb",
        "Baby Otis arrived on 9 November 2026 at the Royal Infirmary, weighing 8lb",
    ],
)
def test_a_row_of_a_table_tells_a_birth(text: str) -> None:
    rows = [line for line in text.splitlines() if any(sign in line for sign in "|\t")] or [text]
    assert len(told(text, "date_of_birth")) == len(rows)


@pytest.mark.parametrize(
    "text",
    [
        "Happy birthday to Mrs Bell, who is 52 today!",
        "Cake duty: Mr Field, 4 June; Mrs Bell, 11 June",
        "Birthday cakes for grown-ups: Miss Oram (3 May), Mr Stott (9 July)",
        "Fixtures: v Ashby (A) 4 Feb, v Corby (H) 25 Feb",
        "mine are both Feb babies",
        "Our assembly was about Anne Lister, born 3 April 1791",
        "The author Philippa Gregory was born on 9 January 1954.",
        "Roald Dahl was born on 13 September 1916",
        "Our caretaker is 61 today, three cheers",
    ],
)
def test_days_of_adults_matches_and_history_are_no_childs_birth(text: str) -> None:
    assert told(text, "date_of_birth") == []
