"""The state folder: where it is, what is in it, who may enter."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from atelier.operate.console import say
from atelier.operate.environments import ROOT
from atelier.operate.errors import CannotGoOn
from atelier.operate.unix_user import first_closed_folder

# Where the state goes when other users cannot enter the checkout.
ELSEWHERE = Path("/var/lib/atelier")
# The longest path of a socket, by the kernel's definition.
LONGEST_SOCKET = 100

SECRETS = (
    "secret_key",
    "postgres_password",
    "portal_database_password",
    "hub_database_password",
    "broker_password",
    "hub_api_token",
    "spawner_token",
    "oidc_client_secret",
    "hub_crypt_key",
    "proxy_token",
)


@dataclass(frozen=True, slots=True)
class Home:
    """The state folder and the places in it."""

    folder: Path

    @property
    def secrets(self) -> Path:
        return self.folder / "secrets"

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def valkey(self) -> Path:
        return self.folder / "valkey"

    @property
    def homes(self) -> Path:
        return self.folder / "homes"

    @property
    def blobs(self) -> Path:
        return self.folder / "blobs"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def run(self) -> Path:
        return self.folder / "run"

    @property
    def exists(self) -> bool:
        return self.secrets.is_dir()

    @property
    def half_restored(self) -> Path:
        """There while a restore is under way; nothing may start from what is there then."""
        return self.folder / "half-restored"

    @property
    def socket(self) -> Path:
        """The supervisor's socket, elsewhere when the path would be too long for one."""
        inside = self.run / "supervisor.sock"
        if len(str(inside)) <= LONGEST_SOCKET:
            return inside
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"atelier-{os.geteuid()}-{digest}" / "supervisor.sock"

    def secret(self, name: str) -> str:
        return (self.secrets / name).read_text().strip()

    @property
    def oidc_key(self) -> Path:
        return self.secrets / "oidc.pem"

    @property
    def kube(self) -> Path:
        """The accounts of worker, tenancy worker and hub on a cluster."""
        return self.secrets / "kube"

    @property
    def has_been_on_cluster(self) -> bool:
        """Whether a cluster may hold namespaces and homes of this installation."""
        return self.kube.is_dir()

    def kubeconfig(self, component: str) -> Path:
        return self.kube / f"{component}.kubeconfig"

    @property
    def instance(self) -> str:
        """What marks this installation's objects on a cluster, also after a restore elsewhere."""
        return self.secret("instance")

    def prepare(self) -> None:
        """Make the folders and the secrets that are missing."""
        # As root other users pass through to their homes and see nothing on the way.
        passable = 0o711 if os.geteuid() == 0 else 0o700
        for folder, mode in (
            (self.folder, passable),
            (self.homes, passable),
            (self.secrets, 0o700),
            (self.blobs, 0o700),
            (self.logs, 0o700),
            (self.run, 0o700),
            (self.socket.parent, 0o700),
        ):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(mode)
        for name in SECRETS:
            write_once(self.secrets / name, secrets.token_hex(32))
        # By chance, not by the folder's path: two machines with the same path may share a cluster.
        write_once(self.secrets / "instance", f"a{secrets.token_hex(6)}")


def write_once(path: Path, text: str) -> None:
    """Write a private file unless it is there; whole or not at all."""
    if path.exists():
        return
    half = path.with_name(f".{path.name}.half")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    half.write_text(text)
    half.rename(path)


def locate(*, others_pass: bool) -> Home:
    """The state folder of this checkout; `others_pass` when users of their own must reach it."""
    chosen = Path(os.environ.get("ATELIER_HOME") or ROOT / ".atelier").absolute()
    if chosen.is_symlink() and not chosen.exists():
        raise CannotGoOn(
            f"{chosen} points to {chosen.readlink()}, which is gone: put that folder back, or "
            f"delete the link {chosen} to start anew."
        )
    if not others_pass or chosen.exists():
        return Home(chosen.resolve())
    if first_closed_folder(chosen.parent) is None:
        return Home(chosen.resolve())
    return _elsewhere(chosen)


def _elsewhere(chosen: Path) -> Home:
    closed = first_closed_folder(chosen.parent)
    digest = hashlib.sha256(str(chosen).encode()).hexdigest()[:8]
    target = ELSEWHERE / f"{chosen.parent.name}-{digest}"
    target.mkdir(parents=True, exist_ok=True)
    target.chmod(0o711)
    chosen.parent.mkdir(parents=True, exist_ok=True)
    chosen.symlink_to(target)
    say(
        f"! Other users may not enter {closed}, but their notebooks must reach their homes: "
        f"the state is kept in {target} and {chosen} is a link to it."
    )
    return Home(target)


def refuse_closed(home: Home) -> None:
    """Say what is in the way of notebooks that run as users of their own."""
    closed = first_closed_folder(home.folder.parent)
    if closed is not None:
        raise CannotGoOn(
            f"Notebooks run as users of their own, who may not enter {closed} on the way to "
            f"{home.folder}: run `chmod o+x {closed}`, or choose another ATELIER_HOME, or run "
            "the platform as a plain user."
        )
