"""Reading what somebody wants to run: the command and its environment variables. Pure.

An allow-list: what is not described here is refused with the name of its field, for every value
ends in a process or a pod.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from atelier.core.errors import InvalidSpec

MOST_ARGUMENTS = 200
LONGEST_TEXT = 16 * 1024  # bytes of one argument or value; Linux itself takes 128 KiB
LONGEST_COMMAND = 64 * 1024  # bytes of all arguments, so that a pod stays far below its limit
MOST_VARIABLES = 100
LONGEST_NAME = 128
SHOWN = 60  # of a name that somebody made up, in an error

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
# What decides how programs are found and loaded, who they are, and what the platform sets itself.
_RESERVED = frozenset(
    {
        "BASH_ENV", "BASHOPTS", "CHECKPOINT_DIR", "CDPATH", "ENV", "GCONV_PATH", "GETCONF_DIR",
        "GLIBC_TUNABLES", "HOME", "HOSTALIASES", "HOSTNAME", "IFS", "JAVA_TOOL_OPTIONS",
        "LOCALDOMAIN", "LOCPATH", "LOGNAME", "MAIL", "MALLOC_TRACE", "NIS_PATH", "NLSPATH",
        "NODE_OPTIONS", "OLDPWD", "PATH", "PERL5DB", "PERL5LIB", "PERL5OPT", "PERLLIB",
        "PROMPT_COMMAND", "PS4", "PWD", "RESUME_FROM", "RES_OPTIONS", "RESOLV_HOST_CONF", "RUBYLIB",
        "RUBYOPT", "SHELL", "SHELLOPTS", "SHLVL", "TF_CONFIG", "TMPDIR", "TZDIR", "USER",
    }
)  # fmt: skip
_RESERVED_PREFIXES = (
    "ATELIER_", "BASH_FUNC_", "DYLD_", "JPY_", "JUPYTER", "KUBERNETES_", "LD_", "MLFLOW_",
    "NVIDIA_", "PET_", "PYTHON", "CUDA_VISIBLE_DEVICES",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """A job somebody asks for; ``environment`` and ``image`` exclude each other."""

    command: tuple[str, ...]
    profile: str
    env: Mapping[str, str] = field(default_factory=dict)
    environment: str = ""
    image: str = ""
    name: str = ""


def parse_command(value: object) -> tuple[str, ...]:
    """Read a command as its arguments; raises InvalidSpec naming the argument."""
    if not isinstance(value, list):
        raise InvalidSpec("NOT_A_LIST", field="command")
    if not value:
        raise InvalidSpec("FIELD_REQUIRED", field="command")
    if len(value) > MOST_ARGUMENTS:
        raise InvalidSpec("FIELD_TOO_LONG", field="command")
    arguments = tuple(_text(item, f"command.{i}") for i, item in enumerate(value))
    if not arguments[0].strip():
        raise InvalidSpec("FIELD_REQUIRED", field="command.0")
    if sum(len(a.encode()) for a in arguments) > LONGEST_COMMAND:
        raise InvalidSpec("FIELD_TOO_LONG", field="command")
    return arguments


def parse_env(value: object) -> dict[str, str]:
    """Read environment variables; raises InvalidSpec naming the variable."""
    if not isinstance(value, Mapping):
        raise InvalidSpec("NOT_AN_OBJECT", field="env")
    if len(value) > MOST_VARIABLES:
        raise InvalidSpec("FIELD_TOO_LONG", field="env")
    variables = {_name(name): _text(text, f"env.{name}") for name, text in value.items()}
    if sum(len(n) + len(v.encode()) for n, v in variables.items()) > LONGEST_COMMAND:
        raise InvalidSpec("FIELD_TOO_LONG", field="env")
    return variables


def name_of(command: tuple[str, ...]) -> str:
    """Return what a job without a name of its own is called: its script, else its program."""
    scripts = [a for a in command if a.endswith((".py", ".sh", ".ipynb", ".R"))]
    program = (scripts or list(command))[0].rstrip("/").rpartition("/")[2]
    plain = "".join(c for c in program if c.isascii() and c.isprintable()).strip()
    return plain[:SHOWN] or "job"


def is_reserved(name: str) -> bool:
    """Tell whether a variable of this name is the platform's or the loader's, in any case."""
    upper = name.upper()
    return upper in _RESERVED or upper.startswith(_RESERVED_PREFIXES)


def _name(name: Any) -> str:
    where = f"env.{str(name)[:SHOWN]}"
    if not isinstance(name, str) or len(name) > LONGEST_NAME or not _NAME.fullmatch(name):
        raise InvalidSpec("BAD_ENV_NAME", field=where)
    if is_reserved(name):
        raise InvalidSpec("ENV_NAME_RESERVED", {"name": name[:SHOWN]}, field=where)
    return name


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise InvalidSpec("NOT_A_TEXT", field=where)
    try:
        size = len(value.encode())
    except UnicodeEncodeError as error:  # half of a surrogate pair
        raise InvalidSpec("NOT_A_TEXT", field=where) from error
    if "\x00" in value:
        raise InvalidSpec("NUL_IN_TEXT", field=where)
    if size > LONGEST_TEXT:
        raise InvalidSpec("FIELD_TOO_LONG", field=where)
    return value
