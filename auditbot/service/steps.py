"""A plan of what is to be done to this computer: steps that can be shown, carried out, and carried out again."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from auditbot.errors import AuditbotError
from auditbot.sentences import _, say


@dataclass(frozen=True, slots=True)
class Run:
    """A program is run."""

    does: str
    """What it is for, in half a sentence."""
    command: tuple[str, ...]
    """The program and its words."""
    may_fail: bool = False
    """Whether the plan goes on if it ends with an error."""


@dataclass(frozen=True, slots=True)
class Write:
    """A file is written, with its folder."""

    does: str
    """What it is for, in half a sentence."""
    path: Path
    """Where."""
    content: str
    """What it holds."""
    mode: int = 0o644
    """Who may read it."""
    owner: str = ""
    """Whose it is; empty for whoever carries the plan out."""
    secret: bool = False
    """Whether its content is never shown."""


@dataclass(frozen=True, slots=True)
class Remove:
    """A file that an earlier plan wrote is removed."""

    does: str
    """What for, in half a sentence."""
    path: Path
    """Which."""


Step = Run | Write | Remove


class Machine(Protocol):
    """The computer that a plan is carried out on."""

    def run(self, command: Sequence[str]) -> int:
        """Run a program and return its exit code."""

    def at(self, path: Path) -> Path:
        """Return where a path of the plan lies."""

    def give(self, path: Path, owner: str) -> None:
        """Give a file to a user and the user's own group."""


class ThisMachine:
    """This computer itself."""

    def run(self, command: Sequence[str]) -> int:
        """Run a program, whose words go where ours go."""
        return subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode

    def at(self, path: Path) -> Path:
        """Return the path itself."""
        return path

    def give(self, path: Path, owner: str) -> None:
        """Give a file to a user and the user's own group."""
        shutil.chown(path, owner, owner)


class StepFailed(AuditbotError):
    """A step of a plan could not be done."""

    def __init__(self, step: Step, why: str) -> None:
        super().__init__(
            "Stopped at: %(does)s (%(shown)s): %(why)s. What was done before stays; when this is mended, run "
            "the same command again: it goes over all steps and repeats none that is done.",
            does=step.does,
            shown=shown(step),
            why=why,
        )


def shown(step: Step) -> str:
    """Say what a step does to the computer, as a line that could be typed or a file that could be written."""
    if isinstance(step, Run):
        return " ".join(shown_word(word) for word in step.command)
    return _("write %(path)s", path=step.path) if isinstance(step, Write) else _("remove %(path)s", path=step.path)


def shown_word(word: str) -> str:
    """Return a word of a command as it is typed, and as a unit of systemd reads it."""
    plain = word and all(sign.isalnum() or sign in "-_./=:,@+\\" for sign in word)
    return word if plain else '"' + word.replace('"', '\\"') + '"'


def plan_in_words(steps: Sequence[Step]) -> str:
    """Return the whole plan as text: each step with its number, and the content of each file."""
    lines: list[str] = []
    for number, step in enumerate(steps, 1):
        does = str(step.does)
        lines.append(f"{number:2}. {does[0].upper()}{does[1:]}.")
        lines.append(f"      {shown(step)}")
        if isinstance(step, Write):
            content = _("(not shown)") if step.secret else step.content
            lines += [f"      | {line}".rstrip() for line in content.splitlines()]
    return "\n".join(lines)


def carry_out(steps: Sequence[Step], machine: Machine, tell: Callable[[str], None]) -> None:
    """Carry out a plan, telling each step before it is begun. Raises StepFailed; OSError becomes one."""
    for number, step in enumerate(steps, 1):
        tell(_("%(number)s of %(count)s: %(does)s", number=number, count=len(steps), does=step.does))
        try:
            _carry_out(step, machine)
        except OSError as error:
            raise StepFailed(step, error.strerror or type(error).__name__) from error


def _carry_out(step: Step, machine: Machine) -> None:
    if isinstance(step, Run):
        code = machine.run(step.command)
        if code and not step.may_fail:
            raise StepFailed(step, say("it ended with %(code)s", code=code))
    elif isinstance(step, Write):
        path = machine.at(step.path)
        for folder in [each for each in reversed(path.parents) if not each.exists()]:
            folder.mkdir(mode=0o700 if step.owner else 0o755)
            if step.owner:
                machine.give(folder, step.owner)
        part = path.with_name(f".{path.name}.part")
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, step.mode)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(step.content)
        part.chmod(step.mode)
        if step.owner:
            machine.give(part, step.owner)
        part.replace(path)
    else:
        machine.at(step.path).unlink(missing_ok=True)
