"""The lists of names are the ones described beside them."""

import hashlib
from pathlib import Path

import auditbot

DATA = Path(auditbot.__file__).parent / "data" / "names"


def test_every_list_has_its_checksum_and_its_origin() -> None:
    lines = (DATA / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sums = {name: digest for digest, name in (line.split() for line in lines)}
    assert set(sums) == {path.name for path in DATA.glob("*.txt")}
    origin = (DATA / "ORIGIN.md").read_text(encoding="utf-8")
    for name, expected in sums.items():
        assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() == expected
        assert f"`{name}`" in origin


def test_names_are_folded_and_stand_once() -> None:
    for path in DATA.glob("*.txt"):
        names = path.read_text(encoding="utf-8").splitlines()
        assert len(names) == len(set(names))
        assert all(name.isascii() and name.isalpha() and name.islower() for name in names)
