"""Somebody who sits at a terminal and types answers, for tests of what is asked."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest


def sit(monkeypatch: pytest.MonkeyPatch, typed: tuple[str, ...]) -> tuple[Callable[..., str], list[str]]:
    """Answer questions on the terminal with what is typed, in order; return what answers and the questions asked."""
    left, asked = list(typed), list[str]()

    def answer(question: str = "") -> str:
        asked.append(question)
        if not left:
            raise EOFError
        return left.pop(0)

    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    return answer, asked
