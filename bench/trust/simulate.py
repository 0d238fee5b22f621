"""Simulates nights of 10 to 20,000 schools from measured costs, with the product's own timetable.

    python -m bench.trust.simulate [--seed N]

Nothing is visited: each school is drawn (pages, new photos, hosts), each cost is one measured by
``python -m bench.school`` and named below. Prints a table for docs/trust.md: how many machines a night needs, and what
is short next.
"""

from __future__ import annotations

import argparse
import heapq
import random
from dataclasses import dataclass

from auditbot.trust.timetable import Timetable, Visit

# Processor seconds, measured on one machine of two cores on 2026-11-29 by bench.school; see docs/performance.md.
FIXED = 6.0
"""A night without a change: start, registers, check, report and its PDF."""
PAGE = 0.012
"""A page that has not changed."""
PHOTO = 0.35
"""A new photo: fetched, faces, words, evidence."""
FIRST_PHOTO = PHOTO
MEMORY_MB = 650
"""Most memory of one audit with its workers and browser."""
PHOTO_MB = 0.25
"""What a photo weighs on the network, and an unchanged page's answer beside it."""
PAGE_MB = 0.001
DELAY = 1.0
"""Seconds between two requests to one host, the default pace."""
NIGHT_HOURS = 8.0
CORES = 8
"""Of one machine."""
SHARED = {"graph.facebook.example": 0.45, "graph.instagram.example": 0.2, "video.example": 0.15}
"""Interfaces that many schools' accounts are read from, with the share of schools: each has one visitor at a time."""
REQUESTS_OF_SHARED = 12


@dataclass(frozen=True, slots=True)
class Drawn:
    """One made-up school."""

    name: str
    """Its name."""
    pages: int
    """Pages of its site."""
    photos: int
    """Photos on them."""
    hosts: frozenset[str]
    """The interfaces, shared with other schools, from which its other accounts are read."""


@dataclass(frozen=True, slots=True)
class Night:
    """What one night of all schools comes to."""

    processor_hours: float
    """All processor time."""
    hours: float
    """From the first audit's beginning to the last one's end, with the machines given."""
    machines: int
    """Machines of eight cores."""
    at_once: int
    """Audits running together on each."""
    gigabytes: float
    """Over the network."""
    short: str
    """What is short next."""


def draw(count: int, dice: random.Random) -> list[Drawn]:
    """Return schools: sites of 60 to some thousand pages, as the real sites of the benches have."""
    schools = []
    for number in range(count):
        pages = max(40, min(6000, round(dice.lognormvariate(5.6, 0.8))))
        shared = {host for host, share in SHARED.items() if dice.random() < share}
        schools.append(Drawn(f"{number:05}", pages, pages * 4, frozenset(shared)))
    return schools


def seconds_of(school: Drawn, first: bool) -> tuple[float, float, float]:
    """Return processor seconds, seconds by the clock at the school's own pace, and megabytes."""
    new = school.photos if first else max(1, school.photos // 800)
    processor = FIXED + PAGE * school.pages + PHOTO * new
    requests = school.pages + new + REQUESTS_OF_SHARED * len(school.hosts)
    return processor, max(processor, requests * DELAY), PAGE_MB * school.pages + PHOTO_MB * new


def night(schools: list[Drawn], machines: int, at_once: int, first: bool = False) -> Night:
    """Run one night by the timetable; a machine's cores and its slots bound how many audits run together."""
    costs = {school.name: seconds_of(school, first) for school in schools}
    table = Timetable(
        Visit(school.name, frozenset({f"{school.name}.example"}), costs[school.name][1]) for school in schools
    )
    running: list[tuple[float, str]] = []
    clock = 0.0
    while len(table) or running:
        while len(running) < machines * at_once:
            visit = table.begin(())  # each site is a host of its own here
            if visit is None:
                break
            processor, paced, _ = costs[visit.school]
            heapq.heappush(running, (clock + max(paced, processor * at_once / CORES), visit.school))
        clock = heapq.heappop(running)[0]
    # One visitor at a time: a shared interface takes the visits of all its schools one after another.
    queue = max(sum(host in school.hosts for school in schools) for host in SHARED) * REQUESTS_OF_SHARED * DELAY
    total = sum(processor for processor, _, _ in costs.values())
    busy = total / max(clock, 1.0) / (machines * CORES)
    short = "a shared interface" if queue > clock else "cores" if busy > 0.7 else "the sites' own pace"
    clock = max(clock, queue)
    return Night(total / 3600, clock / 3600, machines, at_once, sum(mb for _, _, mb in costs.values()) / 1000, short)


def fitting(schools: list[Drawn]) -> Night:
    """Return the night with as few machines as end it in time, or with the most that help."""
    best = night(schools, 1, 2 * CORES)
    machines = 1
    while best.hours > NIGHT_HOURS and machines < 256:
        machines *= 2
        tried = night(schools, machines, 2 * CORES)
        if tried.hours > 0.97 * best.hours:
            break
        best = tried
    return best


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(prog="python -m bench.trust.simulate")
    options.add_argument("--seed", type=int, default=7)
    dice = random.Random(options.parse_args().seed)
    print("| schools | processor hours | machines | hours | memory a machine, GB | network, GB | short next |")
    print("|---:|---:|---:|---:|---:|---:|---|")
    for count in (10, 100, 1000, 20_000):
        done = fitting(draw(count, dice))
        memory = done.at_once * MEMORY_MB / 1000
        print(
            f"| {count:,} | {done.processor_hours:.1f} | {done.machines} | {done.hours:.1f} | {memory:.0f} "
            f"| {done.gigabytes:.1f} | {done.short} |"
        )
        first = sum(seconds_of(school, True)[0] for school in draw(count, random.Random(1))) / 3600
        print(f"| {count:,}, first time | {first:.0f} | | | | | cores, once |")


if __name__ == "__main__":
    main()
