"""The unique pupil number's check letter (Department for Education, "UPN: guide for schools")."""

from __future__ import annotations

ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ"


def upn_problem(upn: str) -> str:
    """Return what is wrong with a UPN, or an empty string. A temporary UPN ends in a letter, which counts by place."""
    if len(upn) != 13:
        return f"a UPN has 13 characters, this one has {len(upn)}"
    digits, last = upn[1:12], upn[12]
    if upn[0] not in ALPHABET or not digits.isdecimal() or not (last.isdecimal() or last in ALPHABET):
        return "a UPN is a letter and twelve digits (a temporary one ends in a letter)"
    values = [int(digit) for digit in digits] + [int(last) if last.isdecimal() else ALPHABET.index(last)]
    expected = ALPHABET[sum(weight * value for weight, value in zip(range(2, 14), values, strict=True)) % 23]
    return "" if upn[0] == expected else f"the check letter should be {expected}; is a digit mistyped?"
