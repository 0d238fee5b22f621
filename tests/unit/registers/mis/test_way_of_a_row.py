"""The way of one consent through the import: few rooms, and seldom back into one that it has left."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import FrameType
from zoneinfo import ZoneInfo

from auditbot.registers import mis
from auditbot.registers.mis.rows import Answer, Entry
from auditbot.registers.mis.sheets.sheet import Line
from auditbot.registers.mis.update import prepare
from auditbot.settings import Workspace
from tests.unit.registers.mis.exports import text

ROOMS = Path(mis.__file__).parent
ROW = "0031,Maya,Day,Website,Declined,01/10/2026,Mother"
REGISTER = "pupil_id,admission_no,legal_forename,legal_surname,website\nP1,0031,Maya,Day,yes\n"


def holds_the_row(value: object) -> bool:
    first = value[0] if isinstance(value, list | tuple) and value else value
    return isinstance(first, Line | Entry | Answer)


def test_a_consent_passes_few_rooms_and_seldom_goes_back(
    fresh_workspace: Workspace, tell: Callable[[str], None]
) -> None:
    (fresh_workspace.consent / "pupils.csv").write_text(REGISTER, "utf-8")
    path = text(fresh_workspace.folder, f"Adno,Forename,Surname,Consent Type,Status,Consent Date,Given By\n{ROW}\n")
    way: list[str] = []

    def watch(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        room = Path(code.co_filename)
        if event == "call" and room.is_relative_to(ROOMS) and code.co_name[0] != "<" and code.co_name[:2] != "__":
            given = [name for name in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount] if name != "self"]
            if any(holds_the_row(frame.f_locals.get(name)) for name in given) and way[-1:] != [room.stem]:
                way.append(room.stem)

    now = datetime(2026, 11, 22, 2, 30, tzinfo=ZoneInfo("Europe/London"))
    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        prepare(fresh_workspace, path, now)
    finally:
        sys.setprofile(before)
    rooms = list(dict.fromkeys(way))
    back = len(way) - len(rooms)
    tell(f"import: a consent passes {len(rooms)} rooms ({', '.join(rooms)}) and goes back {back} times")
    assert rooms == ["sheet", "table", "rows", "entries", "match", "join"]
    assert back <= 12
