"""What this program takes from its environment: the key and the tokens once, and a short list for its children.

Children are the browser with its helpers, the driver between us and it, and the workers that open files from the web.
None of them is given a variable that holds a secret, or any variable that is not on the list below.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator, Mapping, MutableMapping

SECRETS = (
    "AUDITBOT_KEY",
    "AUDITBOT_TOKEN_",
    "AUDITBOT_MAIL_PASSWORD",
    "AUDITBOT_SIGN_ON_SECRET",
    "AUDITBOT_WEBHOOK_SECRET",
)
"""How the names of variables begin that hold a secret."""

FOR_CHILDREN = frozenset(
    (
        # where things lie, and in which language and time zone one speaks
        *("PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP"),
        *("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_DATA_DIRS"),
        # how this Python and its libraries are found
        *("LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "PYTHONUTF8", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV"),
        *("PLAYWRIGHT_BROWSERS_PATH", "PLAYWRIGHT_NODEJS_PATH", "FONTCONFIG_PATH", "FONTCONFIG_FILE"),
        # what we ourselves tell numpy and onnxruntime
        *("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "ORT_DISABLE_TELEMETRY"),
        # without these no program starts on Windows
        *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA"),
        *("PROGRAMDATA", "PROGRAMFILES", "PROGRAMFILES(X86)", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"),
    )
)
"""Variables that a child is given if they are set; those that begin with ``LC_`` as well."""

_taken: dict[str, str] = {}
_changing = threading.RLock()


def take_secrets(environment: MutableMapping[str, str] = os.environ) -> None:
    """Take the key and the tokens out of the environment, so that no child can inherit them; ``secret`` has them."""
    for name in [name for name in environment if name.upper().startswith(SECRETS)]:
        _taken[name.upper()] = environment.pop(name)


def secret(variable: str, environment: Mapping[str, str] | None = None) -> str:
    """Return what a variable held when it was taken, or holds now; empty if it was never set.

    ``environment`` is asked instead of that of this process, if it is given.
    """
    if environment is not None:
        return environment.get(variable, "").strip()
    take_secrets()
    return _taken.get(variable.upper(), "").strip()


def for_children() -> dict[str, str]:
    """Return the environment of a child: nothing that is not on the list."""
    return {
        name: value
        for name, value in os.environ.items()
        if name.upper() in FOR_CHILDREN or name.upper().startswith("LC_")
    }


def for_an_audit() -> dict[str, str]:
    """Return the environment of a whole audit as a process of its own, which needs the secrets itself."""
    return {**os.environ, **_taken}


@contextlib.contextmanager
def short_environment() -> Iterator[None]:
    """Within this block the environment holds nothing but what a child is given: for libraries that hand on their own.

    One block at a time; other threads that read the environment meanwhile find it short.
    """
    with _changing:
        take_secrets()
        whole, short = dict(os.environ), for_children()
        for name in whole.keys() - short.keys():
            del os.environ[name]
        try:
            yield
        finally:
            os.environ.update(whole)
