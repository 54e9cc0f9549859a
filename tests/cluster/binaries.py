"""The programs of the cluster, built once for each version and kept in the cache.

A program counts only with its stamp, written last, so that an interrupted build goes on where it
stopped.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from atelier.operate import tool
from atelier.operate.cache import locked
from atelier.operate.console import step
from atelier.operate.errors import CannotGoOn
from tests.cluster.places import Places
from tests.cluster.versions import KUBERNETES, KUBERNETES_COMMANDS, TOOLS, VERSIONS, Tool

WAY_OUT = "Check the network and GOPROXY, then run the command again; it goes on where it stopped."
GO_IS_MISSING = (
    "Go is needed to build Kubernetes for the tests and was not found on the PATH: install Go 1.25 "
    "or later (https://go.dev/dl), then run the command again."
)


def ensure(places: Places) -> None:
    """Build what is missing."""
    if not missing(places.binaries):
        return
    if shutil.which("go") is None:
        raise CannotGoOn(GO_IS_MISSING)
    places.binaries.mkdir(parents=True, exist_ok=True)
    with locked(f"cluster-{KUBERNETES}"):
        build(places)


def build(places: Places) -> None:
    """Build what is missing, then give back the disk that building took."""
    go = Go(places.cache / "go")
    wanted = missing(places.binaries)  # somebody else may have built while we waited
    kubernetes = [name for name in wanted if name in KUBERNETES_COMMANDS]
    if kubernetes:
        with step(f"Building Kubernetes {KUBERNETES} (minutes, once)"):
            build_kubernetes(go, places.binaries, kubernetes)
    for each in TOOLS:
        if each.name in wanted:
            with step(f"Building {each.name} {each.version} (once)"):
                build_tool(go, places.binaries, each)
    go.clear()


@dataclass(frozen=True, slots=True)
class Go:
    """Go with caches of its own: a build leaves 8 GB there, which are needed once."""

    folder: Path

    def run(self, arguments: Sequence[str], *, folder: Path, **variables: str) -> None:
        tool.run(
            f"go {arguments[0]} for the test cluster",
            ["go", *arguments],
            folder=folder,
            environment={**self._variables, **variables},
            way_out=WAY_OUT,
        )

    def module_file(self, module: str) -> str:
        """The go.mod of a released module."""
        done = subprocess.run(
            ["go", "mod", "download", "-json", module],
            capture_output=True,
            text=True,
            cwd="/",
            env={**os.environ, **self._variables},
        )
        if done.returncode != 0:
            said = tool.telling_line(done.stderr or done.stdout)
            raise CannotGoOn(f"{module} could not be fetched: {said}. {WAY_OUT}")
        return Path(json.loads(done.stdout)["GoMod"]).read_text()

    def scratch(self) -> tempfile.TemporaryDirectory[str]:
        """On the disk where programs are kept, and gone with the rest if a kill leaves it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(dir=self.folder)

    def clear(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _variables(self) -> dict[str, str]:
        return {
            "CGO_ENABLED": "0",
            "GOFLAGS": "-modcacherw",  # else nobody could remove it
            "GOMODCACHE": str(self.folder / "modules"),
            "GOCACHE": str(self.folder / "build"),
        }


def missing(folder: Path) -> list[str]:
    """The programs that are not there in the version wanted."""
    return [name for name, version in VERSIONS.items() if not is_built(folder, name, version)]


def is_built(folder: Path, name: str, version: str) -> bool:
    return (folder / name).is_file() and _stamp(folder, name, version).is_file()


def build_kubernetes(go: Go, folder: Path, names: Sequence[str]) -> None:
    with go.scratch() as scratch:
        work, out = Path(scratch, "source"), Path(scratch, "bin")
        work.mkdir()
        out.mkdir()
        (work / "go.mod").write_text(go_module(go.module_file(f"k8s.io/kubernetes@v{KUBERNETES}")))
        (work / "tools.go").write_text(imports(names))
        go.run(["mod", "tidy"], folder=work)
        go.run(
            ["build", "-mod=mod", "-trimpath", "-ldflags", linker_flags(), "-o", f"{out}/"]
            + [f"k8s.io/kubernetes/cmd/{name}" for name in names],
            folder=work,
        )
        for name in names:
            _keep(out / name, folder, KUBERNETES)


def build_tool(go: Go, folder: Path, wanted: Tool) -> None:
    with go.scratch() as scratch:
        go.run(
            ["install", "-trimpath", "-ldflags", "-s -w", f"{wanted.package}@v{wanted.version}"],
            folder=Path(scratch),
            GOBIN=scratch,
        )
        _keep(Path(scratch, wanted.name), folder, wanted.version)


def go_module(upstream: str) -> str:
    """A module that can build Kubernetes, from the go.mod of k8s.io/kubernetes.

    Upstream replaces its staging modules by folders that a module download lacks: each is pointed
    at its released twin.
    """
    language = re.search(r"^go (\S+)", upstream, re.MULTILINE)
    if language is None:
        raise CannotGoOn(f"The go.mod of Kubernetes {KUBERNETES} names no Go version. {WAY_OUT}")
    staging = sorted(set(re.findall(r"(k8s\.io/\S+) => \./staging", upstream)))
    twin = "v0." + KUBERNETES.removeprefix("1.")
    replaced = "".join(f"\t{name} => {name} {twin}\n" for name in staging)
    return (
        f"module cluster\n\ngo {language.group(1)}\n\n"
        f"require k8s.io/kubernetes v{KUBERNETES}\n\nreplace (\n{replaced})\n"
    )


def imports(names: Sequence[str]) -> str:
    """Keeps `go mod tidy` from dropping what the commands need."""
    lines = "".join(f'import _ "k8s.io/kubernetes/cmd/{name}"\n' for name in names)
    return f"//go:build tools\n\npackage tools\n\n{lines}"


def linker_flags() -> str:
    major, minor, _ = KUBERNETES.split(".")
    base = "k8s.io/component-base/version"
    return (
        f"-s -w -X {base}.gitVersion=v{KUBERNETES} -X {base}.gitMajor={major} "
        f"-X {base}.gitMinor={minor} -X k8s.io/client-go/pkg/version.gitVersion=v{KUBERNETES}"
    )


def _keep(built: Path, folder: Path, version: str) -> None:
    built.replace(folder / built.name)
    _stamp(folder, built.name, version).touch()


def _stamp(folder: Path, name: str, version: str) -> Path:
    return folder / f".{name}-{version}"
