"""Why an answer that somebody enters by hand cannot be recorded as it stands, each with a sentence to act on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from auditbot.errors import AuditbotError
from auditbot.sentences import Sentence


class ConsentNotRecorded(AuditbotError):
    """An answer entered by hand cannot be recorded as it stands."""


class AllWithdrawnLater(ConsentNotRecorded):
    """An answer would be dated before all permission was withdrawn."""

    def __init__(self, withdrawn: date) -> None:
        super().__init__(
            "Nothing was recorded. All permission is withdrawn from %(day)s, which is later than that day.",
            day=str(withdrawn),
        )


class LaterAnswerStands(ConsentNotRecorded):
    """Somebody wrote down a later answer, which would go on to hold."""

    def __init__(self, channel: str, day: date) -> None:
        super().__init__(
            "Nothing was recorded. An answer for %(channel)s that holds from %(day)s is on record already, and would "
            "still hold. Give a day that is not before it.",
            channel=channel,
            day=str(day),
        )


class NoLastDay(ConsentNotRecorded):
    """The last day on which a form holds is none."""

    def __init__(self) -> None:
        super().__init__("Nothing was recorded. Write the last day like 2027-08-31, or not_recorded.")


class NotSaidOf(ConsentNotRecorded):
    """A channel or a fact is said to be something that it cannot be."""

    def __init__(self, what: str, values: Iterable[str]) -> None:
        super().__init__(
            "Nothing was recorded. Of %(what)s one can say: %(values)s.", what=what, values=", ".join(values)
        )


class DayNotCome(ConsentNotRecorded):
    """An answer is dated in the future."""

    def __init__(self) -> None:
        super().__init__("Nothing was recorded. The day lies in the future; enter it when it has come.")


class DayTooEarly(ConsentNotRecorded):
    """An answer is dated before any pupil of today was born."""

    def __init__(self) -> None:
        super().__init__("Nothing was recorded. The day lies before 1900.")


class NotSaidByWhom(ConsentNotRecorded):
    """It is not said who answered, or how the answer came."""

    def __init__(self, option: str) -> None:
        super().__init__("Nothing was recorded. %(option)s is needed, in words on one line.", option=option)


class EditWaits(ConsentNotRecorded):
    """The register was edited by hand in a way that needs somebody's word first."""

    def __init__(self, edit: str) -> None:
        super().__init__(
            "Nothing was recorded. consent/pupils.csv was edited by hand in a way that needs somebody's word first: "
            "%(edit)s See: auditbot consent changes",
            edit=edit,
        )


class RegistersNotFree(ConsentNotRecorded):
    """The registers' files cannot be replaced."""

    def __init__(self, why: str) -> None:
        super().__init__(
            "Nothing was recorded. The registers cannot be replaced (%(why)s); is one of them open elsewhere?", why=why
        )


class NoLongerOnRecord(ConsentNotRecorded):
    """The post or the pupil that an answer is about is held no longer."""

    def __init__(self) -> None:
        super().__init__("Nothing was recorded. The post or the pupil is no longer on record.")


class NothingToWithdraw(ConsentNotRecorded):
    """A withdrawal names nothing."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing was recorded. Say what is withdrawn: --channel CHANNEL, or --all, --biometric or both."
        )


class SeveralPupils(ConsentNotRecorded):
    """A name is that of several pupils."""

    def __init__(self, pupils: Sentence | str) -> None:
        super().__init__(
            "Nothing was recorded. Several pupils are called so; name one by id:\n%(pupils)s", pupils=pupils
        )


class NobodyConfirms(ConsentNotRecorded):
    """An import asks before it changes anything, and nobody is there to answer."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing was recorded. Nobody is at the keyboard to confirm: add --yes, or --dry-run to look only."
        )


class IdNotInRegister(ConsentNotRecorded):
    """A school's register holds no pupil of this id."""

    def __init__(self, register: Path, pupil_id: str) -> None:
        super().__init__(
            "Nothing was recorded. No pupil in %(register)s has the id %(pupil_id)s.",
            register=register,
            pupil_id=pupil_id,
        )
