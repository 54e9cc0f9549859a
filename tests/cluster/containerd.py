"""The container runtime: its configuration, the images in it and what is left in it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from atelier.operate import tool
from atelier.operate.errors import CannotGoOn
from tests.cluster import processes
from tests.cluster.places import POD_BRIDGE, POD_NETWORK, Places

NAMESPACE = "k8s.io"
DIGEST = "sha256:"
NETWORK = "atelier-test-pods"
PAUSE_IMAGE = "localhost/atelier-test/pause:1"
DEBIAN_PLUGINS = Path("/usr/lib/cni")
# Ours runs last: it holds the pod back until the policies know its address.
POLICY_PLUGIN = "atelier-policy"
PLUGINS = ("bridge", "host-local", "portmap", "loopback")


def configuration(places: Places) -> str:
    return f"""version = 2
root = "{places.containerd_root}"
state = "{places.state}/containerd"
[grpc]
  address = "{places.containerd_socket}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{PAUSE_IMAGE}"
  # Without CAP_SYS_RESOURCE nobody may lower oom_score_adj, and every sandbox would fail.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{places.cni}/bin"
    conf_dir = "{places.cni}/conf"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
"""


def network(places: Places) -> dict[str, Any]:
    """The pod network: a bridge, port mappings, and our gate."""
    addresses = {
        "type": "host-local",
        "dataDir": str(places.cni / "addresses"),
        "ranges": [[{"subnet": POD_NETWORK}]],
        "routes": [{"dst": "0.0.0.0/0"}],
    }
    bridge = {
        "type": "bridge",
        "bridge": POD_BRIDGE,
        "isGateway": True,
        "ipMasq": True,
        "hairpinMode": True,
        "ipam": addresses,
    }
    return {
        "cniVersion": "0.4.0",
        "name": NETWORK,
        "plugins": [
            bridge,
            {"type": "portmap", "capabilities": {"portMappings": True}},
            {
                "type": POLICY_PLUGIN,
                "leases": str(places.leases),
                "socket": str(places.policy_socket),
            },
        ],
    }


def configure(places: Places) -> None:
    """Write the configuration and lay out the network plugins."""
    (places.config / "containerd.toml").write_text(configuration(places))
    for folder in (places.cni / "bin", places.cni / "conf", places.leases):
        folder.mkdir(parents=True)
    for name in PLUGINS:
        (places.cni / "bin" / name).symlink_to(DEBIAN_PLUGINS / name)
    source = Path(__file__).with_name("policy_plugin.py").read_text()
    plugin = places.cni / "bin" / POLICY_PLUGIN
    plugin.write_text(f"#!{sys.executable} -ES\n{source}")
    plugin.chmod(0o755)
    text = json.dumps(network(places), indent=1)
    (places.cni / "conf" / "10-pods.conflist").write_text(text)


def start(places: Places) -> None:
    processes.start(
        places, "containerd", ["containerd", "--config", places.config / "containerd.toml"]
    )


def answers(places: Places) -> bool:
    return places.containerd_socket.exists() and _ctr(places, "version").returncode == 0


def load(places: Places, archive: Path) -> list[str]:
    """Import an archive, unless its images are here already; returns the names imported."""
    images = images_in(archive)
    here = _references(places)
    if all(name in here and here[name] == here.get(number) for name, number in images.items()):
        return []
    done = _ctr(places, "images", "import", str(archive))
    if done.returncode != 0:
        said = tool.telling_line(done.stderr)
        raise CannotGoOn(f"The image {archive} could not be loaded into the cluster: {said}.")
    here = _references(places)
    _let_go_of_packed_layers(places, {here[name] for name in images if name in here})
    return list(images)


def forget_images(places: Places, names: Iterable[str]) -> None:
    """Let images go, and those that nothing but their id stands for."""
    remaining = _references(places)
    for name in names:
        remaining.pop(name, None)
    named = {digest for name, digest in remaining.items() if not name.startswith(DIGEST)}
    ids = [name for name, digest in remaining.items() if digest not in named]
    if gone := [*names, *ids]:
        _ctr(places, "images", "rm", "--sync", *gone)


def image_names(places: Places) -> list[str]:
    return [name for name in _references(places) if not name.startswith(DIGEST)]


def images_in(archive: Path) -> dict[str, str]:
    """Names and image ids (`sha256:…`) of a docker-archive, without unpacking it."""
    try:
        with tarfile.open(archive) as tar:
            member = tar.extractfile("manifest.json")
            manifest = json.loads(member.read()) if member else []
    except (FileNotFoundError, KeyError, tarfile.TarError) as error:
        raise CannotGoOn(
            f"{archive} is no image archive ({error}): `docker save` or `buildah push IMAGE "
            "docker-archive:FILE` makes one."
        ) from error
    return {
        name: DIGEST + Path(image["Config"]).name.removesuffix(".json")
        for image in manifest
        for name in image["RepoTags"] or ()
    }


def remove_containers(places: Places) -> bool:
    """Forget every container; true when there were any. Images stay."""
    ids = _lines(places, "containers", "ls", "-q")
    for task in _lines(places, "tasks", "ls", "-q"):
        _ctr(places, "tasks", "kill", "--all", "--signal", "SIGKILL", task)
    for task in _lines(places, "tasks", "ls", "-q"):
        _ctr(places, "tasks", "rm", "--force", task)
    if ids:
        _ctr(places, "containers", "rm", *ids)
    return bool(ids)


def forget_sandboxes(places: Places) -> None:
    """Remove what is noted of containers outside the runtime's database; it must not run."""
    for name in ("sandboxes", "containers"):
        folder = places.containerd_root / "io.containerd.grpc.v1.cri" / name
        shutil.rmtree(folder, ignore_errors=True)


def _let_go_of_packed_layers(places: Places, digests: Iterable[str]) -> None:
    """Layers are unpacked by now, and pods run from that: the packed half need not stay.

    It is what the runtime does with `discard_unpacked_layers` when it pulls an image itself.
    """
    contents = _ctr(places, "content", "ls").stdout
    for digest in digests:
        _ctr(
            places, "content", "label", digest, *(f"{label}=" for label in layers(contents, digest))
        )
    # Who waits for a lease to end waits for the collection of what nothing refers to.
    lease = _ctr(places, "leases", "create").stdout.strip()
    _ctr(places, "leases", "delete", "--sync", lease)


def layers(contents: str, digest: str) -> list[str]:
    """The labels by which a manifest holds its layers, from `ctr content ls`."""
    line = next((each for each in contents.splitlines() if each.startswith(digest)), "")
    return re.findall(r"containerd\.io/gc\.ref\.content\.l\.\d+", line)


def _references(places: Places) -> dict[str, str]:
    """What each name and each image id stands for; a name means the id that stands for the same."""
    lines = _ctr(places, "images", "ls").stdout.splitlines()[1:]
    return {words[0]: words[2] for words in (line.split() for line in lines)}


def _lines(places: Places, *arguments: str) -> Sequence[str]:
    return _ctr(places, *arguments).stdout.split()


def _ctr(places: Places, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["ctr", "--address", str(places.containerd_socket), "--namespace", NAMESPACE, *arguments],
        capture_output=True,
        text=True,
    )
