"""The data files are the ones described beside them."""

import hashlib
from pathlib import Path

import auditbot.check.surnames as package
from auditbot.check.surnames import lexicon

DATA = Path(package.__file__).parent / "data"


def test_every_data_file_has_its_checksum_and_its_origin() -> None:
    lines = (DATA / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sums = {name: digest for digest, name in (line.split() for line in lines)}
    files = {
        path.name for path in DATA.iterdir() if path.suffix in (".txt", ".json", ".toml") and "LICENCE" not in path.name
    }
    assert set(sums) == files
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    for name, expected in sums.items():
        assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() == expected
        assert f"`{name}`" in readme


def test_vocabulary_is_in_small_letters_without_accents() -> None:
    words = {word for group in lexicon.vocabulary().values() for word in group}
    assert {word for word in words if word != word.lower()} == set()
