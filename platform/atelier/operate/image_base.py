"""What images stand on: an image of a registry, or a Debian made here when none is to be had.

The settings of this machine (its certificate authority, where packages come from) go into a
second image on top of it, which only those stages start from that fetch packages. So Dockerfiles
hold no address, and images hold none either.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from atelier.operate import cache, debian, environments, tool
from atelier.operate.console import step
from atelier.operate.environments import NETWORK_WAY_OUT
from atelier.operate.image_builders import Builder, Docker

SUITE = "bookworm"
REGISTRYS = f"debian:{SUITE}-slim"
MIRROR = "http://deb.debian.org/debian"
SECURITY = "http://deb.debian.org/debian-security"
# Raise it when the root file system is made differently.
RECIPE = "1"
ROOT_FILES = "rootfs.tar"
# What the slim image of the registry leaves out as well.
LEFT_OUT = ("doc", "man", "locale", "info", "lintian")
EMPTIED = ("dev", "proc", "sys", "run", "var/cache/apt", "var/lib/apt/lists", "var/log",
           *(f"usr/share/{name}" for name in LEFT_OUT))  # fmt: skip
BASE_FILE = f"""\
FROM scratch
ADD {ROOT_FILES} /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
CMD ["bash"]
"""
# Where this machine's certificate authorities lie in the second image, and who is told of them.
AUTHORITIES = "/etc/atelier-build/ca.crt"
AUTHORITY_NAMES = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
# Which of the person's settings count in there; none that names a place on this machine.
SETTINGS = re.compile(
    r"(UV|PIP)_(DEFAULT_)?(EXTRA_)?INDEX(_URL)?|UV_INSECURE_HOST|PIP_TRUSTED_HOST|PIP_PROXY"
    r"|npm_config_.*registry",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Base:
    """What images start from; `id` tells one state of it from another."""

    image: str
    id: str
    root_files: Path | None = None  # of one that is made here


def choose(builder: Builder) -> Base:
    """What the person named, else the registry's where Docker gets it, else one made here."""
    named = os.environ.get("BASE_IMAGE")
    if named:
        return Base(named, named)
    if isinstance(builder, Docker) and builder.pull(REGISTRYS):
        return Base(REGISTRYS, REGISTRYS)
    return _own(cache.entry(_own_name(), _make_root_files))


def known(builder: Builder) -> Base | None:
    """What `choose` would say, if it need not make or fetch anything for that."""
    named = os.environ.get("BASE_IMAGE")
    if named:
        return Base(named, named)
    if isinstance(builder, Docker) and builder.has(REGISTRYS):
        return Base(REGISTRYS, REGISTRYS)
    entry = cache.cache_folder() / _own_name()
    return _own(entry) if cache.is_complete(entry) else None


def _own_name() -> str:
    return f"image-base-{cache.key_of([RECIPE, SUITE])}"


def _own(entry: Path) -> Base:
    number = (entry / "id").read_text()
    return Base(f"localhost/atelier/base:{number}", number, entry / ROOT_FILES)


def arguments(builder: Builder, base: Base) -> dict[str, str]:
    """What Dockerfiles are told, once those images are there."""
    if base.root_files is not None and not builder.has(base.image):
        with step("Importing the base image"):
            _build(builder, base.image, BASE_FILE, {ROOT_FILES: base.root_files})
    build_image = os.environ.get("BUILD_IMAGE") or _with_machine_settings(builder, base.image)
    return {"BASE_IMAGE": base.image, "BUILD_IMAGE": build_image}


# A Debian of our own.


def _make_root_files(folder: Path) -> None:
    debian.require("debootstrap", "The base image is made by debootstrap (or set BASE_IMAGE)")
    root = folder / "root"
    with step("Making a Debian to build images on"):
        tool.run(
            "debootstrap",
            ["debootstrap", "--variant=minbase", "--include=ca-certificates", SUITE, root,
             _mirror()],
            way_out=NETWORK_WAY_OUT,
        )  # fmt: skip
        for name in EMPTIED:
            _empty(root / name)
        _configure_apt(root)
        (folder / "id").write_text(cache.key_of([RECIPE, root / "var/lib/dpkg/status"]))
        tool.run(
            "tar of the base image",
            ["tar", "--numeric-owner", "--sort=name", "-C", root, "-cf", folder / ROOT_FILES, "."],
            way_out="Run the command again.",
        )
        shutil.rmtree(root)


def _empty(folder: Path) -> None:
    if folder.is_dir():
        shutil.rmtree(folder)
        folder.mkdir()


def _mirror() -> str:
    """Where this machine's own packages come from, if it is a Debian of that release."""
    shown = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)"],
        capture_output=True,
        text=True,
    )
    found = (line.split() for line in shown.stdout.splitlines())
    uris = (words[0] for words in found if words[1:] == [SUITE, "main"])
    return next(uris, MIRROR).rstrip("/")


def _configure_apt(root: Path) -> None:
    mirror = _mirror()
    (root / "etc/apt/sources.list").write_text(
        f"deb {mirror} {SUITE} main\n"
        f"deb {mirror} {SUITE}-updates main\n"
        f"deb {SECURITY} {SUITE}-security main\n"
    )
    left_out = "".join(f"path-exclude /usr/share/{name}/*\n" for name in LEFT_OUT)
    (root / "etc/dpkg/dpkg.cfg.d/slim").write_text(left_out)
    said = subprocess.run(["apt-config", "dump"], capture_output=True, text=True).stdout
    proxies = [line for line in said.splitlines() if re.match(r"Acquire::https?::Proxy\b", line)]
    if proxies:
        (root / "etc/apt/apt.conf.d/90proxy").write_text("\n".join(proxies) + "\n")
    for name in ("resolv.conf", "hostname"):  # of the machine it was made on
        (root / "etc" / name).unlink(missing_ok=True)


# This machine's settings.


def _with_machine_settings(builder: Builder, image: str) -> str:
    """An image like that one in which uv, pip and npm fetch packages as they do here."""
    files, variables = machine_settings()
    if not files and not variables:
        return image
    content = [part for pair in sorted(variables.items()) for part in pair]
    key = cache.key_of([RECIPE, image, *content, *files.values()])
    tag = f"localhost/atelier/build-base:{key}"
    if not builder.has(tag):
        lines = [f"FROM {image}"]
        lines += [f"COPY {path.lstrip('/')} {path}" for path in files]
        lines += [f"ENV {name}={_quoted(value)}" for name, value in sorted(variables.items())]
        sources = {path.lstrip("/"): source for path, source in files.items()}
        with step("Telling the base image where this machine's packages come from"):
            _build(builder, tag, "\n".join(lines) + "\n", sources)
    return tag


def machine_settings() -> tuple[dict[str, Path], dict[str, str]]:
    """Files by their place in the image, and variables."""
    told = {**environments.uv_environment(), **os.environ}
    variables = {name: value for name, value in told.items() if SETTINGS.fullmatch(name)}
    if "UV_DEFAULT_INDEX" in variables:  # pip fetches uv from there
        variables.setdefault("PIP_INDEX_URL", variables["UV_DEFAULT_INDEX"])
    files = {}
    authorities = Path(told.get("SSL_CERT_FILE") or "/etc/ssl/certs/ca-certificates.crt")
    if authorities.is_file():
        files[AUTHORITIES] = authorities
        variables |= dict.fromkeys(AUTHORITY_NAMES, AUTHORITIES)
    npm = Path.home() / ".npmrc"
    if npm.is_file():
        files["/root/.npmrc"] = npm
    return files, variables


def _quoted(value: str) -> str:
    if urlsplit(value).scheme and '"' not in value and "$" not in value:
        return f'"{value}"'
    return '"' + re.sub(r'(["\\$])', r"\\\1", value) + '"'


def _build(builder: Builder, tag: str, file: str, sources: Mapping[str, Path]) -> None:
    """Build from a context that holds just these files."""
    with tempfile.TemporaryDirectory(prefix="atelier-image-") as name:
        context = Path(name)
        for target, source in sources.items():
            place = context / target
            place.parent.mkdir(parents=True, exist_ok=True)
            _link_or_copy(source, place)
        (context / "Dockerfile").write_text(file)
        builder.build(tag.rpartition("/")[2], context, context / "Dockerfile", tag, {})


def _link_or_copy(source: Path, place: Path) -> None:
    try:
        os.link(source.resolve(), place)
    except OSError:  # another file system
        shutil.copyfile(source, place)
