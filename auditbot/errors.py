"""One class per situation that stops a run. The message is a sentence that the reader can act on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from auditbot.sentences import Sentence, Value, say, say_n


class AuditbotError(Exception):
    """Base of all errors that a person is shown as a sentence; the command line exits with 2.

    A message given to it is marked for translation by that: tools/sentences.py gathers it.
    """

    def __init__(self, message: str = "", /, **values: Value | Path) -> None:
        super().__init__(message if isinstance(message, Sentence) else say(message, **values))

    def __reduce__(self) -> tuple[object, ...]:
        # Only the sentence travels from a worker process: the arguments it was made from may differ in number.
        return type(self).__new__, (type(self), *self.args)


def _lines(problems: Sequence[str]) -> str:
    return "\n".join(f"  - {problem}" for problem in problems)


class SettingsError(AuditbotError):
    """A configuration file cannot be used."""

    def __init__(self, path: Path, problems: Sequence[str]) -> None:
        super().__init__("%(path)s cannot be used:\n%(problems)s", path=path, problems=_lines(problems))


class RegisterError(AuditbotError):
    """A register cannot be trusted; every bad row is named."""

    def __init__(self, path: Path, problems: Sequence[str]) -> None:
        super().__init__("%(path)s cannot be trusted:\n%(problems)s", path=path, problems=_lines(problems))
        self.problems = tuple(problems)
        """What is wrong, one sentence each."""


class RegistersInUse(AuditbotError):
    """Another command does not let go of the registers."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            "Another command is writing the registers in %(folder)s; try again in a minute.", folder=folder
        )


class WorkspaceMissing(AuditbotError):
    """The folder is not a workspace."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            "%(folder)s holds no config/auditbot.toml. Make a workspace with: auditbot init %(folder)s", folder=folder
        )


class WorkspaceExists(AuditbotError):
    """``init`` would overwrite something."""

    def __init__(self, path: Path) -> None:
        super().__init__("%(path)s exists already; nothing was changed. Choose an empty folder.", path=path)


class NobodyToAsk(AuditbotError):
    """A command needs an answer, and no person is at the keyboard."""

    def __init__(self, line: str) -> None:
        super().__init__("Nobody is at the keyboard to ask. Say what is missing: %(line)s", line=line)


class AuditRunning(AuditbotError):
    """Another run holds this workspace."""

    def __init__(self, folder: Path) -> None:
        super().__init__("Another audit is running in %(folder)s. Wait until it ends and try again.", folder=folder)


class BrowserMissing(AuditbotError):
    """No browser can be found."""

    def __init__(self) -> None:
        super().__init__(
            "No browser was found, so nothing can be audited. Let one be got with: auditbot doctor "
            "--get-browser. Or install one (Debian: apt-get install chromium-headless-shell; Ubuntu has no "
            "such package, there and elsewhere: Google Chrome or Edge), or name yours as [collect] browser in "
            "config/auditbot.toml."
        )


class BrowserUnusable(AuditbotError):
    """The browser named in the settings, or every browser found, does not start."""

    def __init__(self, path: str) -> None:
        super().__init__(
            "The browser at %(path)s does not start, so nothing can be audited. Run it by hand to see why, or "
            "leave [collect] browser in config/auditbot.toml empty, so that one is looked for.",
            path=path,
        )


class StoreTooNew(AuditbotError):
    """The database was written by a later version."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            "%(path)s was written by a newer version of auditbot. Update auditbot, then run again.", path=path
        )


class StoreDamaged(AuditbotError):
    """The database file is none, or is broken."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            "%(path)s is damaged or is no database of auditbot. Bring it back from a backup, or move it away: "
            "the next audit then starts afresh, and all findings count as new.",
            path=path,
        )


class UnknownAccount(AuditbotError):
    """``--account`` names nobody."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(
            "There is no account called %(name)s. Known accounts: %(known)s.",
            name=repr(name),
            known=", ".join(known) or say("none"),
        )


class UnknownPost(AuditbotError):
    """``--post`` names a post that no audit has seen."""

    def __init__(self, url: str) -> None:
        super().__init__(
            "No audit has seen a post at %(url)s. Its address should be written as in the report.", url=url
        )


class NoAuditYet(AuditbotError):
    """A report was asked for before there was an audit."""

    def __init__(self, folder: Path) -> None:
        super().__init__("No audit has been run in %(folder)s yet. Run: auditbot audit", folder=folder)


class ModelFileWrong(AuditbotError):
    """A model file is missing or is not what it should be."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(
            "The model file %(path)s %(problem)s. Install auditbot again, or correct the path and hash given.",
            path=path,
            problem=problem,
        )


class TemplateKeyMissing(AuditbotError):
    """There are face templates, but no key."""

    def __init__(self, key_file: Path) -> None:
        super().__init__(
            "The key to the face templates was not found: not in the environment variable AUDITBOT_KEY, not in "
            "%(key_file)s and not in this computer's keyring. Bring it back from where auditbot ran before, or "
            "remove the file of templates and run: auditbot enrol",
            key_file=key_file,
        )


class TemplateKeyUnusable(AuditbotError):
    """A key was found that is none, or a keyring that cannot be opened."""

    def __init__(self, origin: str) -> None:
        super().__init__(
            "The key to the face templates in %(origin)s cannot be used. It should be the 44 characters that "
            "auditbot made; if a keyring holds it, unlock the keyring.",
            origin=origin,
        )


class KeyNotOurs(AuditbotError):
    """The key is to be changed, and it is a person who keeps it."""

    def __init__(self, variable: str) -> None:
        super().__init__(
            "The key stands in the environment variable %(variable)s, which this program cannot write. Put a "
            "new key in front of it there, both separated by a blank, and run this again; then take the old "
            "one out. A new key: python -c 'from cryptography.fernet import Fernet; "
            "print(Fernet.generate_key().decode())'",
            variable=variable,
        )


class TemplatesUnreadable(AuditbotError):
    """The templates were encrypted with another key, or the file is damaged."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            "The face templates in %(path)s cannot be opened with the key on this computer. Bring back the key "
            "they were made with, or remove that file and run: auditbot enrol",
            path=path,
        )


class EvidenceUnreadable(AuditbotError):
    """A picture kept as evidence cannot be decoded any more."""

    def __init__(self, reason: str) -> None:
        super().__init__("No evidence picture can be made. %(reason)s", reason=reason)


class GalleryMixed(AuditbotError):
    """The templates were made by different engines."""

    def __init__(self, engines: Sequence[str]) -> None:
        super().__init__(
            "The face templates were made by different engines (%(engines)s) and cannot be compared. Make them "
            "again with: auditbot enrol",
            engines=", ".join(engines),
        )


class DemoMissing(AuditbotError):
    """The demo school is not part of this installation."""

    def __init__(self) -> None:
        super().__init__(
            "This installation does not hold the demo school's registers. Install auditbot again, in full."
        )


class EngineMissing(AuditbotError):
    """A face engine was chosen whose packages are not installed."""

    def __init__(self, engine: str) -> None:
        super().__init__(
            'The face engine %(engine)s is not installed. Install it (pip install "auditbot[%(extra)s]"), '
            "or choose the engine that comes with auditbot: leave out engine under [faces] in "
            "config/auditbot.toml.",
            engine=repr(engine),
            extra=engine,
        )


class LanguageModelMissing(AuditbotError):
    """The sentence model is not there, or its file is not the one expected."""

    def __init__(self) -> None:
        super().__init__(
            "The words of posts cannot be read: the sentence model is missing or altered. Install auditbot "
            "again, in full."
        )


class TextsUnreadable(AuditbotError):
    """A file of texts to check cannot be used."""

    def __init__(self, path: Path, line: int, why: str) -> None:
        at = say("%(path)s, line %(line)s", path=path, line=line) if line else str(path)
        super().__init__("%(at)s: %(why)s.", at=at, why=why)


class OldReportStays(AuditbotError):
    """A report that is past its time cannot be removed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            "The new report is written, but the old one in %(folder)s is past the time that evidence is kept "
            "and cannot be removed. Close its files, and make sure that auditbot may write there: the next "
            "audit removes it.",
            folder=folder,
        )


class ReportNamesStill(AuditbotError):
    """A report that names a person whose face data must go cannot be read or removed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            "The right to hold somebody's face data has ended, but the old report in %(folder)s cannot be read or "
            "removed. Close its files, and make sure that auditbot may write there: the next command erases it all.",
            folder=folder,
        )


class ReportNotPrinted(AuditbotError):
    """The browser could not print a report to PDF."""

    def __init__(self, page: Path, minutes: int = 0) -> None:
        why = (
            say_n(
                "the browser had not ended after %(count)s minute",
                "the browser had not ended after %(count)s minutes",
                minutes,
            )
            if minutes
            else say("the browser could not print it")
        )
        super().__init__(
            "The report is whole, but there is no PDF of it: %(why)s. Open %(page)s and print it from there; "
            "if this happens again, set [report] pdf = false in config/auditbot.toml.",
            why=why,
            page=page,
        )


class ArchiveUnreadable(AuditbotError):
    """A download cannot be opened."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__("%(path)s was not imported: %(why)s.", path=path, why=why)


class ArchiveUnknown(AuditbotError):
    """A download is of no platform that is known."""

    def __init__(self, paths: Sequence[Path], looked_for: Sequence[str]) -> None:
        super().__init__(
            "%(paths)s was not imported: it looks like no download that auditbot can read. Looked for:\n%(kinds)s",
            paths=", ".join(map(str, paths)),
            kinds=_lines(looked_for),
        )


class ArchiveOfAnotherKind(AuditbotError):
    """A download is of another platform than the account it should be imported for."""

    def __init__(self, platform: str, account: str, kind: str) -> None:
        super().__init__(
            "Nothing was imported: this is a download from %(platform)s, and the account %(account)s is of the "
            "kind %(kind)s in config/accounts.toml. Name another account, or correct the register.",
            platform=platform,
            account=repr(account),
            kind=repr(kind),
        )


class TokenUnusable(AuditbotError):
    """A token was found that is none, or a keyring that cannot be opened."""

    def __init__(self, origin: str) -> None:
        super().__init__(
            "The token in %(origin)s cannot be used: it should be one line of letters, digits and signs. If a "
            "keyring holds it, unlock the keyring; else store it again with: auditbot token set ACCOUNT",
            origin=origin,
        )


class NoKeyring(AuditbotError):
    """A token is to be kept, but this computer has no keyring that can hold it."""

    def __init__(self, variable: str) -> None:
        super().__init__(
            "This computer has no keyring that can hold a token, and a token is never written to a file. Give "
            "it in the environment variable %(variable)s when auditbot runs.",
            variable=variable,
        )


class NoTokenNeeded(AuditbotError):
    """A token was given for an account that is read without one."""

    def __init__(self, account: str, kind: str) -> None:
        super().__init__(
            "The account %(account)s is of the kind %(kind)s, which is read without a token.",
            account=repr(account),
            kind=repr(kind),
        )


class ImportRefused(AuditbotError):
    """An export cannot be imported as it is; the registers stay as they were."""

    def __init__(self, path: Path, problems: Sequence[str]) -> None:
        super().__init__(
            "%(name)s was not imported, and nothing was changed:\n%(problems)s",
            name=path.name,
            problems=_lines(problems),
        )
        self.problems = tuple(problems)
        """What is wrong, one sentence each."""


class NoSuchPupil(AuditbotError):
    """No pupil has the id or the names that were typed, which may be a child's and are not repeated."""

    def __init__(self) -> None:
        super().__init__(
            "No pupil in consent/pupils.csv has that id or that name. To look for one: auditbot consent find NAME"
        )


class NotInTheFuture(AuditbotError):
    """Something is said to have happened on a day that is still to come."""

    def __init__(self, day: object) -> None:
        super().__init__("%(day)s lies in the future. Give the day on which it happened.", day=str(day))


class UnknownClass(AuditbotError):
    """A class was named that the register does not hold."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        classes = (
            say("Known classes: %(known)s.", known=", ".join(known)) if known else say("The register names no class.")
        )
        super().__init__("There is no class called %(name)s. %(classes)s", name=repr(name), classes=classes)


class NoPhotoToCheck(AuditbotError):
    """What should be checked is not there, or a folder holds no picture."""

    def __init__(self, path: Path) -> None:
        super().__init__("%(path)s is no file, and no folder that holds a picture. Nothing was checked.", path=path)


class CopyInTheWay(AuditbotError):
    """A copy would be written over a file that is there, or over another copy."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            "%(path)s is there already, and no file is ever overwritten. Name another place with --redact.", path=path
        )


class NoSuchRiskAssessment(AuditbotError):
    """A risk assessment is named that is not on file."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        there = say("On file: %(known)s.", known=", ".join(known)) if known else say("None is on file.")
        super().__init__("There is no risk assessment %(name)s. %(there)s", name=repr(name), there=there)


class NobodyOfThatId(AuditbotError):
    """A pupil is named of whom nothing is held."""

    def __init__(self, pupil_id: str) -> None:
        super().__init__(
            "Nothing is held under the id %(pupil_id)s. Ids stand in consent/pupils.csv.", pupil_id=repr(pupil_id)
        )


class NotConfirmed(AuditbotError):
    """Something that cannot be taken back was asked for without saying so twice."""

    def __init__(self, what: str) -> None:
        super().__init__(
            "Nothing was done. This cannot be taken back; to do it, run: auditbot %(what)s ... --yes", what=what
        )


class ImportCutShort(AuditbotError):
    """This computer could not keep what a download holds."""

    def __init__(self, why: str) -> None:
        super().__init__(
            "The import was cut short: this computer could not go on (%(why)s). See that the disk has room, "
            "and import the download again; nothing is taken twice.",
            why=why,
        )


class CannotWrite(AuditbotError):
    """A file that was asked for cannot be written."""

    def __init__(self, place: Path, reason: str) -> None:
        super().__init__("%(place)s cannot be written: %(reason)s.", place=place, reason=reason)


class NoSuchFinding(AuditbotError):
    """A finding is named that no report holds."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "There is no finding or concern %(name)s. Its reference stands below each finding in the report.",
            name=repr(name),
        )


class NotReferredToThem(AuditbotError):
    """A finding is to be taken to somebody whom the policy does not name."""

    def __init__(self, said: str, known: Sequence[str]) -> None:
        super().__init__(
            "Findings are not taken to %(said)s. Write --to with one of: %(known)s. Whom your policy names "
            "stands as roles in its clause on referrals, in config/policy.toml.",
            said=repr(said),
            known=", ".join(known),
        )


class NobodyAnswers(AuditbotError):
    """Questions are to be answered, and no person is at the keyboard."""

    def __init__(self) -> None:
        super().__init__("Nobody answers. What was answered so far is kept; run this in a terminal to go on.")


class OptionWithoutUse(AuditbotError):
    """An option was given that would have been passed over in silence."""

    def __init__(self, option: str, why: str) -> None:
        super().__init__("%(option)s has no use here: %(why)s.", option=option, why=why)


class NotAnAddress(AuditbotError):
    """Something that should be the address of a page is none."""

    def __init__(self, text: str) -> None:
        super().__init__("%(text)s is no web address. Write it like https://www.example.org/page", text=repr(text))


class NotAnswering(AuditbotError):
    """Whoever asked how exposed a site is did not say that they answer for it."""

    def __init__(self, host: str) -> None:
        super().__init__(
            "Nothing was looked at. A list of exposed children is for those who answer for %(host)s: say yes "
            "when asked, or add --i-answer-for-it.",
            host=host,
        )


class DecisionsDamaged(AuditbotError):
    """The file of decisions is none, or is broken."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            "%(path)s is damaged or holds no decisions of auditbot. Bring it back from a backup; until then "
            "nothing can be decided. Only if there is no backup, move the file away: every finding then needs "
            "its decision again.",
            path=path,
        )


class ReviewDamaged(AuditbotError):
    """The file of those who sign in to the page is none, or is broken."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            "%(path)s is damaged or holds nothing of auditbot's page. Bring it back from a backup. Only if "
            "there is no backup, move the file away: everybody who signs in then has to be added anew "
            "(auditbot person add).",
            path=path,
        )


class DecisionsTooNew(AuditbotError):
    """The file of decisions was written by a later version."""

    def __init__(self, path: Path) -> None:
        super().__init__("%(path)s was written by a newer version of auditbot. Update auditbot, then go on.", path=path)


class NothingToTakeBack(AuditbotError):
    """A step is to be taken back that was never taken."""

    def __init__(self, number: int) -> None:
        super().__init__("There is no step %(number)s that could be taken back. See: auditbot history", number=number)


class NotDecided(AuditbotError):
    """A decision cannot be recorded as it stands; ``why`` is the code."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__("Nothing was recorded. %(why)s", why=_NOT_DECIDED[why])


_NOT_DECIDED = {
    "reason_missing": say("What stays published needs a reason: give one with --reason."),
    "reason_unfit": say("That reason does not fit this decision or this finding."),
    "no_such_box": say("The finding has no box of that number."),
    "no_such_pupil": say("The finding does not name that pupil."),
    "not_a_face": say("Only the face of a pupil whom the finding names can be decided so."),
    "never_by_a_form": say("This pupil is never to be published, so no form permits it. Change the register first."),
    "day_missing": say("Say until when it is to wait."),
    "past": say("That moment has passed. Give one that is still to come."),
    "too_far": say("That is too far ahead: it can wait until a week after its day. Then it is asked about again."),
    "nothing_to_agree_with": say("No decision about this finding waits for a second person."),
    "same_person": say("The second person must be somebody else than the one who decided first."),
    "who_missing": say("Say who decides."),
}


class CertificateMissing(AuditbotError):
    """The page is to be served to the network without HTTPS."""

    def __init__(self) -> None:
        super().__init__(
            "The page is served to the network by HTTPS only. Name a certificate and its key under [review] in "
            "config/auditbot.toml, or the address of the school's own web server as trusted_proxy."
        )


class PracticeNotServed(AuditbotError):
    """The made-up school was to be served to the network."""

    def __init__(self) -> None:
        super().__init__("The made-up school opens on this computer alone: leave --serve away.")


class CertificateUnusable(AuditbotError):
    """The certificate or its key cannot be used."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            "%(path)s cannot be used as a certificate. It and its key should be PEM files that belong together "
            "and that the user who runs the page may read.",
            path=path,
        )


class PublicAddress(AuditbotError):
    """The page is to be served on an address of the internet."""

    def __init__(self, host: str) -> None:
        super().__init__(
            "%(host)s is an address of the internet. The page is for the school's own network: name a private "
            "address as [review] listen in config/auditbot.toml.",
            host=host,
        )


class NoSuchPerson(AuditbotError):
    """Nobody signs in to the page with this name."""

    def __init__(self, name: str) -> None:
        super().__init__("Nobody signs in as %(name)s. The people are listed by: auditbot person list", name=name)


class AccountNotChanged(AuditbotError):
    """An entry of the register of accounts cannot be changed from the page."""

    def __init__(self, file: Path, account: str) -> None:
        super().__init__(
            "%(file)s: the entry of “%(account)s” could not be changed from the page, and nothing was written. "
            "Please change it in the file.",
            file=file,
            account=account,
        )


class PersonNotAdded(AuditbotError):
    """A person cannot be added."""

    def __init__(self, why: str) -> None:
        super().__init__(why)


class WorkersLost(AuditbotError):
    """Whoever gave photos to the workers of a cluster is gone."""

    def __init__(self) -> None:
        super().__init__(
            "The cluster that looked at photos went away. What was examined is kept; start the command again "
            "when its scheduler runs, and it goes on from there."
        )
