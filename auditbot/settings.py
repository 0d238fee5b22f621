"""``config/auditbot.toml`` as frozen settings. Each option is declared and documented once, here.

The sentence under a field is also the comment that ``auditbot init`` writes above it. An unknown key, a wrong type
or an impossible value stops the run with the file, the key and what would be right.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from pydantic.dataclasses import dataclass
from pydantic.fields import FieldInfo

from auditbot.errors import SettingsError, WorkspaceMissing
from auditbot.sentences import ENGLISH, choose, languages

# A TOML file, read strictly: an unknown key, a wrong type or an impossible value becomes a sentence for the
# reader.

SYSTEMS = tuple(sorted(path.stem for path in (Path(__file__).parent / "data" / "mis").glob("*.toml")))
"""The pupil records systems whose headings are known: the files of data/mis/."""


def _known_system(value: str) -> str:
    if value and value not in SYSTEMS:
        raise ValueError(f"{value!r} should be empty or one of {', '.join(SYSTEMS)}")
    return value


def _known_language(value: str) -> str:
    if value not in languages():
        raise ValueError(f"{value!r} is no language that reports are translated into: {', '.join(languages())}")
    return value


CONFIG = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file; a syntax error stops with file, line and column."""
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SettingsError(path, ["it is not UTF-8 text; save it as UTF-8"]) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(path, [str(error)]) from error


WANTED = {
    "bool_type": "should be true or false",
    "dataclass_type": "should be a section in square brackets",
    "date_from_datetime_inexact": "should be a date like 2026-09-01",
    "date_parsing": "should be a date like 2026-09-01",
    "date_type": "should be a date like 2026-09-01",
    "float_type": "should be a number",
    "int_from_float": "should be a whole number",
    "int_type": "should be a whole number",
    "string_too_short": "should not be empty",
    "string_type": "should be text in quotation marks",
    "tuple_type": "should be a list",
}
"""What would be right, by pydantic's type of error, where its own words are a programmer's."""


def explain(error: ValidationError, names_at: Mapping[str, Sequence[str]], content: Mapping[str, Any]) -> list[str]:
    """Turn pydantic's errors into sentences: key, what is wrong, what would be right.

    ``names_at`` holds the known keys by section, for suggestions; ``content`` is what was read.
    """
    problems = []
    for item in error.errors():
        parts, kind = item["loc"], item["type"]
        if kind in ("unexpected_keyword_argument", "extra_forbidden"):
            section = ".".join(part for part in parts[:-1] if isinstance(part, str))
            near = difflib.get_close_matches(str(parts[-1]), names_at.get(section, []), n=1)
            problem = "unknown key" + (f"; did you mean {near[0]!r}?" if near else "")
        elif kind == "missing":
            problem = "is missing"
        elif kind == "value_error":
            problem = item["msg"].removeprefix("Value error, ")
        else:
            problem = WANTED.get(kind, item["msg"].removeprefix("Input "))
            if not isinstance(item["input"], (dict, list)):
                problem += f" (found {json.dumps(item['input'], ensure_ascii=False)[:60]})"
        problems.append(f"{_place(parts, content)}: {problem}")
    return problems


def _place(parts: Sequence[str | int], content: object) -> str:
    """Name a key as a person would: "collect.max_posts", or "account 2 (Facebook), kind"."""
    place, after = "", ""
    for part in parts:
        if isinstance(part, str):
            place, after = f"{place}{after}{part}", "."
            content = content.get(part) if isinstance(content, Mapping) else None
        else:
            content = content[part] if isinstance(content, Sequence) and part < len(content) else None
            name = (content.get("name") or content.get("id")) if isinstance(content, Mapping) else None
            readable = isinstance(name, str) and name.isprintable()
            place, after = f"{place} {part + 1}" + (f" ({name})" if readable else ""), ", "
    return place


def _known_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone; write one like 'Europe/London'") from error
    return name


def _host_and_port(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"{value!r} should be a host and a port, like '127.0.0.1:8080'")
    return value


def _empty_or_host_and_port(value: str) -> str:
    return _host_and_port(value) if value else value


def _time_of_day(value: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value, re.ASCII):
        raise ValueError(f"{value!r} should be a time of day like '02:30'")
    return value


def _term(value: str) -> str:
    first, _, last = value.partition(" to ")
    try:
        if date.fromisoformat(first) <= date.fromisoformat(last):
            return value
    except ValueError as error:
        raise ValueError(f"{value!r} should be a term like '2026-09-03 to 2026-12-18'") from error
    raise ValueError(f"{value!r} ends before it begins")


def _calendar_file(value: str) -> str:
    if value and not re.fullmatch(r"(?i)[\w][\w. -]*\.ics", value):
        raise ValueError(f"{value!r} should be the name of a file in config/, like 'term-dates.ics'")
    return value


def _empty_or_private_https(value: str) -> str:
    parts = urlsplit(value)
    here = parts.scheme == "http" and parts.hostname == "127.0.0.1"
    if value and not ((parts.scheme == "https" and parts.hostname) or here):
        raise ValueError(f"{value!r} should be an address that begins with https://")
    return value


def _issuer(value: str) -> str:
    _empty_or_private_https(value)
    if set(urlsplit(value).path.lower().split("/")) & {"common", "organizations", "consumers"}:
        raise ValueError(
            "this issuer lets in every school and every private account; write your own tenant's, like "
            "'https://login.microsoftonline.com/YOUR-TENANT-ID/v2.0'"
        )
    return value.rstrip("/")


LocalAddress = Annotated[str, AfterValidator(_host_and_port)]
FiniteFloat = Annotated[float, Field(allow_inf_nan=False)]


@dataclass(frozen=True, config=CONFIG)
class School:
    """Who the audit is for."""

    name: Annotated[str, Field(min_length=1)]
    """The school's name as it stands on reports."""
    timezone: Annotated[str, AfterValidator(_known_timezone)] = "Europe/London"
    """The school's time zone; posts without a zone are read in it."""
    domains: tuple[str, ...] = ()
    """The school's own web and e-mail domains."""
    contacts: tuple[str, ...] = ()
    """Phone numbers, e-mail addresses elsewhere and the postal address of the school, which it may publish."""
    safeguarding_lead: str = "Designated safeguarding lead"
    """Who decides on findings, as named on reports: a role, not a person."""
    terms: tuple[Annotated[str, AfterValidator(_term)], ...] = ()
    """The terms, each like "2026-09-03 to 2026-10-23": outside of them nothing is mailed. Empty: Monday to Friday."""
    terms_calendar: Annotated[str, AfterValidator(_calendar_file)] = ""
    """Instead of terms, the calendar file of the school's or council's term dates: an .ics file in config/."""

    @property
    def term_days(self) -> tuple[tuple[date, date], ...]:
        """The first and last day of each term."""
        pairs = (term.split(" to ") for term in self.terms)
        return tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in pairs)


@dataclass(frozen=True, config=CONFIG)
class Schedule:
    """When ``auditbot schedule`` runs."""

    at: Annotated[str, AfterValidator(_time_of_day)] = "02:30"
    """Local time of the nightly audit, HH:MM."""
    most_hours: Annotated[FiniteFloat, Field(gt=0, le=24)] = 10.0
    """How long one audit may take; what it did not come to is named in the report, and comes first in the next."""


@dataclass(frozen=True, config=CONFIG)
class Collect:
    """How pages are visited."""

    browser: str = ""
    """Path of the browser to use; empty means: look for one."""
    delay_seconds: Annotated[FiniteFloat, Field(ge=0, le=60)] = 1.0
    """Pause between two requests for pages to the same host."""
    page_timeout_seconds: Annotated[FiniteFloat, Field(gt=0, le=600)] = 30.0
    """How long one page or file may take before it is given up and reported."""
    account_minutes: Annotated[FiniteFloat, Field(gt=0, le=1440)] = 120.0
    """How long one account may take; what is left then is reported and taken up by the next run."""
    max_posts: Annotated[int, Field(ge=1)] = 5000
    """How many posts of one account are read at the most; more are reported as not checked."""
    max_listing_pages: Annotated[int, Field(ge=1)] = 500
    """How many listing pages of one account are followed at the most; more are reported as not checked."""
    max_file_megabytes: Annotated[FiniteFloat, Field(gt=0)] = 50.0
    """Largest photo or document that is downloaded."""
    max_video_megabytes: Annotated[FiniteFloat, Field(ge=0)] = 200.0
    """Largest film that is downloaded to look into it; 0 means: no film is, and each is reported as not checked."""
    max_audit_gigabytes: Annotated[FiniteFloat, Field(gt=0)] = 20.0
    """How much of the disk photos, films and documents of one audit may take; what is left then is reported."""
    graph_version: Annotated[str, Field(pattern=r"^v\d{1,3}\.\d$")] = "v24.0"
    """Version of the interface that Facebook and Instagram are asked by; change it when they give this one up."""
    facebook_page_without_token: bool = False
    """Whether a Facebook Page without a token is read as visitors see it; Facebook asks to be asked first."""
    allow_loopback: tuple[LocalAddress, ...] = ()
    """Sites on this machine that may be visited, each as host and port, like '127.0.0.1:8080'. For trials only."""


@dataclass(frozen=True, config=CONFIG)
class Examine:
    """How photos, documents and films are examined."""

    workers: Annotated[int, Field(ge=0, le=64)] = 0
    """Worker processes; 0 means one per processor."""
    max_megapixels: Annotated[FiniteFloat, Field(gt=0)] = 120.0
    """Photos with more pixels than this are not decoded, and reported."""
    read_words: bool = True
    """Whether words in photos are read."""
    max_document_pages: Annotated[int, Field(ge=1)] = 300
    """How many pages of one document are read at the most; more are reported."""
    video_frames: Annotated[int, Field(ge=1, le=500)] = 60
    """How many moments of one film are looked at, at the most, spread over its whole length."""


@dataclass(frozen=True, config=CONFIG)
class Faces:
    """Face matching. It runs only when the data protection impact assessment below is recorded."""

    dpia_reference: str = ""
    """Reference of the data protection impact assessment (DPIA) that covers face matching; empty means: no matching."""
    dpia_officer: str = ""
    """Name of the data protection officer who advised on it."""
    dpia_date: date | None = None
    """Date of that assessment, for example 2026-09-01."""
    false_name_rate: Annotated[FiniteFloat, Field(gt=0, le=0.2)] = 0.01
    """How often a stranger may be given a pupil's name: 0.01 is one in a hundred. Sets the thresholds."""
    engine: Literal["default", "mobilefacenet", "face-recognition", "dlib", "own"] = "default"
    """Which engine compares faces: "default", "face-recognition" (installed apart), "mobilefacenet" or "own"."""
    own_embedder: str = ""
    """For engine "own": the ONNX file's full path. It takes one aligned face and gives one row of numbers."""
    own_embedder_sha256: str = ""
    """For engine "own": the file's SHA-256, 64 characters; another file is refused."""
    own_embedder_side: Annotated[int, Field(ge=16, le=1024)] = 112
    """For engine "own": width and height in pixels of the face it takes."""
    own_embedder_colours: Literal["rgb", "bgr"] = "rgb"
    """For engine "own": the order of the colours."""
    own_embedder_layout: Literal["nchw", "nhwc"] = "nchw"
    """For engine "own": the order of the dimensions; nchw has the colours before height and width."""
    own_embedder_mean: FiniteFloat = 127.5
    """For engine "own": what is subtracted from each pixel value, 0 to 255."""
    own_embedder_scale: Annotated[FiniteFloat, Field(gt=0)] = 127.5
    """For engine "own": what the difference is divided by."""
    own_embedder_length: Annotated[int, Field(ge=0, le=8192)] = 0
    """For engine "own": how many numbers it gives; 0 accepts whatever the file gives."""

    @model_validator(mode="after")
    def _own_embedder_is_described(self) -> Self:
        if self.engine == "own" and not (Path(self.own_embedder).is_absolute() and len(self.own_embedder_sha256) == 64):
            raise ValueError('engine = "own" needs own_embedder, a full path, and own_embedder_sha256, 64 characters')
        return self

    @property
    def matching_allowed(self) -> bool:
        """True if the impact assessment is recorded in full."""
        return bool(self.dpia_reference and self.dpia_officer and self.dpia_date)


@dataclass(frozen=True, config=CONFIG)
class Consent:
    """How permission is recorded, and where it is imported from."""

    valid_for: Literal["until leaving", "year", "key stage"] = "until leaving"
    """How long a yes holds: "until leaving", "year" (twelve months), or "key stage" (31 August after its last year)."""
    watch_folder: str = ""
    """Folder whose newest export is imported before an audit, if it has not been yet; empty means: none."""
    system: Annotated[str, AfterValidator(_known_system)] = ""
    """The pupil records system that exports come from; empty means: any."""
    headings: tuple[str, ...] = ()
    """What headings of exports mean that only the school knows, each like "Photo=website" or "FS1=N1"."""


@dataclass(frozen=True, config=CONFIG)
class Report:
    """How reports are written and how long they are kept."""

    language: Annotated[str, AfterValidator(_known_language)] = ENGLISH
    """Language of reports and of the review page, one that auditbot/data/locale holds a catalogue for."""
    evidence_days: Annotated[int, Field(ge=1, le=36500)] = 90
    """How long a report is kept, save the newest, and a photo as evidence after its last finding ended."""
    pdf: bool = True
    """Whether report.pdf is written beside report.html: of more than 1,000 findings a shorter edition."""
    screenshots: bool = True
    """Whether each website post with a finding is photographed once, on one more visit, with other faces hidden."""


@dataclass(frozen=True, config=CONFIG)
class Retention:
    """How long other things are kept; every audit removes what is older, and records that it did."""

    closed_findings_days: Annotated[int, Field(ge=1, le=36500)] = 365
    """How long a finding that ended is kept."""
    access_log_days: Annotated[int, Field(ge=1, le=36500)] = 365
    """How long a line of data/access.log, which says who read names when, is kept."""
    old_registers_days: Annotated[int, Field(ge=1, le=36500)] = 365
    """How long a register that an import replaced is kept in consent/kept."""


@dataclass(frozen=True, config=CONFIG)
class Review:
    """The safeguarding lead's page, when ``auditbot review --serve`` serves it to the school's network."""

    listen: LocalAddress = "0.0.0.0:8443"
    """Address and port it is served on; the page answers private addresses only."""
    names: tuple[str, ...] = ()
    """The names by which people open it, like "audit.school.internal"; the first stands on slips."""
    certificate: str = ""
    """Full path of the certificate for HTTPS, a PEM file with its chain."""
    certificate_key: str = ""
    """Full path of the certificate's key, a PEM file; empty if it is in the same file."""
    trusted_proxy: str = ""
    """Address of the school's own web server that the page stands behind, if it does; empty for none."""
    webhook: Annotated[str, AfterValidator(_empty_or_private_https)] = ""
    """Address that is told the day's numbers, signed and without names, like a channel of Teams; empty for none."""


@dataclass(frozen=True, config=CONFIG)
class SignOn:
    """Signing in to the page with the school's own Microsoft or Google accounts, by OpenID Connect."""

    issuer: Annotated[str, AfterValidator(_issuer)] = ""
    """Address of the school's own tenant as issuer; empty means: off. Only people who were added may enter."""
    client_id: str = ""
    """The page's id there. Its secret stands in AUDITBOT_SIGN_ON_SECRET or in the keyring, never here."""
    name: str = "the school's account"
    """What the button calls it, like "Microsoft"."""


@dataclass(frozen=True, config=CONFIG)
class Mail:
    """How the page's mails are sent: numbers and a link, never a name. They go out while ``review --serve`` runs."""

    server: Annotated[str, AfterValidator(_empty_or_host_and_port)] = ""
    """The school's mail server as host and port, like "smtp.school.internal:25"; empty means: no mail is sent."""
    sender: str = ""
    """The address that mails come from."""
    security: Literal["none", "starttls", "tls"] = "starttls"
    """How the connection is kept private: "starttls", "tls" from its first byte, or "none" for a relay in the house."""
    user: str = ""
    """Name to sign in to the mail server with; empty for a relay that asks for none. No password stands here."""


@dataclass(frozen=True, config=CONFIG)
class Cluster:
    """Other machines that look at photos, for a trust with many schools. The default is this machine alone."""

    scheduler: str = ""
    """Address of a Dask scheduler, "tls://host:8786"; empty: none."""
    certificates: str = ""
    """Path of a folder outside this one with ca.pem, and cert.pem and key.pem of this machine."""


@dataclass(frozen=True, config=CONFIG)
class Demo:
    """The embedded demo school."""

    serve_as: str = ""
    """Host name under which the embedded demo site is served during an audit; empty for every real school."""


@dataclass(frozen=True, config=CONFIG)
class Settings:
    """The whole of config/auditbot.toml."""

    school: School
    """Who the audit is for."""
    schedule: Schedule = Schedule()
    """When it runs."""
    collect: Collect = Collect()
    """How pages are visited."""
    examine: Examine = Examine()
    """How files are examined."""
    faces: Faces = Faces()
    """Whether and how faces are matched."""
    consent: Consent = Consent()
    """How permission is recorded and imported."""
    report: Report = Report()
    """How reports are written and kept."""
    retention: Retention = Retention()
    """How long other things are kept."""
    review: Review = Review()
    """The safeguarding lead's page."""
    mail: Mail = Mail()
    """The page's mails."""
    cluster: Cluster = Cluster()
    """Other machines that look at photos."""
    sign_on: SignOn = SignOn()
    """Signing in with the school's own accounts."""
    demo: Demo = Demo()
    """The embedded demo school."""


@dataclass(frozen=True)
class Workspace:
    """Where one school's files lie."""

    folder: Path
    """The workspace's top folder."""

    @property
    def config(self) -> Path:
        """Folder of settings and of the accounts and policy registers."""
        return self.folder / "config"

    @property
    def consent(self) -> Path:
        """Folder of the pupil and staff registers and the photos to enrol from."""
        return self.folder / "consent"

    @property
    def reports(self) -> Path:
        """Folder of reports, one folder per audit."""
        return self.folder / "reports"

    @property
    def data(self) -> Path:
        """Folder of the database, the spool, kept evidence and the encrypted gallery."""
        return self.folder / "data"


@dataclass(frozen=True)
class Option:
    """One line of config/auditbot.toml, as declared above."""

    name: str
    """Its key."""
    doc: str
    """Its sentence."""
    default: object
    """What holds if it is not given; None if it must be given or is empty."""


def all_options() -> dict[str, list[Option]]:
    """Return the options by section, in the order in which they are declared."""
    return {
        section: [
            Option(name, field.description or "", None if field.is_required() else field.default)
            for name, field in _pydantic_fields(part.annotation).items()
        ]
        for section, part in _pydantic_fields(Settings).items()
    }


def _pydantic_fields(kind: Any) -> dict[str, FieldInfo]:
    found: dict[str, FieldInfo] = kind.__pydantic_fields__
    return found


def load_settings(workspace: Workspace) -> Settings:
    """Read and check config/auditbot.toml, and show sentences in its language from now on.

    Raises SettingsError naming every problem at once, WorkspaceMissing if there is no such file.
    """
    path = workspace.config / "auditbot.toml"
    if not path.is_file():
        raise WorkspaceMissing(workspace.folder)
    names = {section: [option.name for option in options] for section, options in all_options().items()}
    names[""] = list(names)
    content = read_toml(path)
    try:
        settings: Settings = TypeAdapter(Settings).validate_json(json.dumps(content, default=str))
    except ValidationError as error:
        raise SettingsError(path, explain(error, names, content)) from error
    choose(settings.report.language)
    return settings
