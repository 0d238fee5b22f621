"""``auditbot trust``: audit every school of a trust, sum up their counts, and let refusals move along with a pupil."""

from __future__ import annotations

import argparse
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from auditbot.commands.common import COMPLETE, FINDINGS, INCOMPLETE, WRONG_USE, a_number, place_of
from auditbot.model import Audit
from auditbot.present.headline import Headline
from auditbot.privacy.access_log import record_access
from auditbot.report.stage import headline_now
from auditbot.sentences import _, both, say
from auditbot.settings import Cluster, Workspace, load_settings
from auditbot.trust.moved_pupil import Carried, Move, carry_refusals
from auditbot.trust.night import NOT_BEGUN, Audited, audit_of, run_night
from auditbot.trust.schools import CANNOT_BE_READ, School, schools_in
from auditbot.trust.trust_report import SchoolCounts, counts_of, uncounted, write_trust_report

_AS_CODES = {
    COMPLETE: say("nothing found"),
    FINDINGS: say("findings"),
    INCOMPLETE: say("not everything was reached"),
}
_NOT_BEGUN = say(
    "not audited: what the trust shares could not be brought in. Make sure that its folders config, consent and data "
    "may be written to, and remove data/shared.json if it is damaged."
)


def run(options: argparse.Namespace) -> int:
    """Audit every school under the folder, then sum up; incomplete if any of them was."""
    folder = place_of(options.folder)
    schools = schools_in(folder)
    cluster = Cluster(options.scheduler, options.certificates) if options.scheduler else None
    codes = []
    readable = tuple(school for school in schools if school.readable)
    for audited in run_night(folder, readable, options.at_once, lambda school: audit_of(school, cluster)):
        print(_line(audited), flush=True)
        codes.append(audited.code)
    codes.append(_summed_up(folder, schools))
    return max(codes) if all(code in _AS_CODES for code in codes) else INCOMPLETE


def _line(audited: Audited) -> str:
    if audited.code == NOT_BEGUN:
        return f"{audited.school.name}: {_NOT_BEGUN}"
    said = _AS_CODES.get(
        audited.code, say("could not be audited (exit code %(code)s); its log is in data/log", code=audited.code)
    )
    own = _("; its own %(own_files)s stands", own_files=both(audited.own_files)) if audited.own_files else ""
    return f"{audited.school.name}: {said}, {audited.seconds:.0f} s{own}"


def report(options: argparse.Namespace) -> int:
    """Sum up what the newest audits found."""
    folder = place_of(options.folder)
    return _summed_up(folder, schools_in(folder))


def _summed_up(folder: Path, schools: tuple[School, ...]) -> int:
    """Write the trust's report and say where it is; incomplete if a school cannot be read: it is named as that."""
    now = datetime.now().astimezone()
    counted = [_counted(school, now) for school in schools]
    for school, one in zip(schools, counted, strict=True):
        if not one.readable:
            print(
                _(
                    "%(school)s: cannot be read, or its folder data cannot be written to. What to mend is told by: "
                    "auditbot --workspace %(folder)s doctor",
                    school=school.name,
                    folder=school.workspace.folder,
                )
            )
    print(_("All schools: %(path)s", path=write_trust_report(folder, counted, now)))
    return COMPLETE if all(one.readable for one in counted) else INCOMPLETE


def _counted(school: School, now: datetime) -> SchoolCounts:
    """Count what a school's store holds, after noting that its names were read. Why it cannot be may hold a name."""
    if school.readable:
        with suppress(*CANNOT_BE_READ):
            record_access(school.workspace, "trust", now, "")
            return counts_of(school, _headline, now)
    return uncounted(school, readable=False)


def _headline(school: School, audit: Audit) -> Headline:
    return headline_now(school.workspace, load_settings(school.workspace), audit)


def move(options: argparse.Namespace) -> int:
    """Enter a moved pupil's refusals in the new school."""
    old, new = Workspace(place_of(options.old)), Workspace(place_of(options.new))
    now = datetime.now().astimezone()
    record_access(old, "trust", now, options.pupil)
    record_access(new, "trust", now, options.as_pupil)
    asked = Move(old, options.pupil, new, options.as_pupil, options.said_by_old, options.said_by_new)
    carried = carry_refusals(asked, now)
    for one in carried:
        print(_carried(one))
    if not carried:
        print(_("The school before has no refusal of this pupil. Permission is asked for anew."))
    return WRONG_USE if any(one.problem for one in carried) else COMPLETE


def _carried(one: Carried) -> str:
    what = one.what.replace("_", " ")
    return (
        _("%(what)s: not entered. %(problem)s", what=what, problem=one.problem)
        if one.problem
        else _("%(what)s: refused from %(on)s, entered.", what=what, on=one.on)
    )


def declare_trust(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    actions = parser.add_subparsers(required=True, metavar="run|report|move", dest="action")
    night = actions.add_parser("run", help="audit every school under a folder", description=run.__doc__)
    night.add_argument("folder", help="the folder in which each school has its workspace")
    night.add_argument("--at-once", type=a_number, default=2, metavar="N", help="schools audited together (default: 2)")
    night.add_argument("--scheduler", default="", metavar="URL", help="let this Dask cluster look at photos: tls://…")
    night.add_argument("--certificates", default="", metavar="FOLDER", help="ca.pem, cert.pem, key.pem for it")
    night.set_defaults(run=run)
    summed = actions.add_parser("report", help="sum up the newest audits: counts only", description=report.__doc__)
    summed.add_argument("folder", help="the folder in which each school has its workspace")
    summed.set_defaults(run=report)
    moving = actions.add_parser("move", help="take a pupil's refusals along", description=move.__doc__)
    moving.add_argument("pupil", help="the pupil's id at the school before")
    moving.add_argument("--from", dest="old", required=True, metavar="FOLDER", help="workspace of the school before")
    moving.add_argument("--to", dest="new", required=True, metavar="FOLDER", help="workspace of the school now")
    moving.add_argument("--as", dest="as_pupil", required=True, metavar="PUPIL", help="the pupil's id there")
    moving.add_argument("--said-by-old", required=True, metavar="WHO", help="who agreed at the school before")
    moving.add_argument("--said-by-new", required=True, metavar="WHO", help="who agreed at the school now")
    moving.set_defaults(run=move)
