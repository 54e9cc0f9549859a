"""Bringing the cluster up: from nothing, from the cache, or finding that it is up."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from atelier.operate.cache import locked
from atelier.operate.console import say, step
from atelier.operate.errors import CannotGoOn
from tests.cluster import (
    binaries,
    certificates,
    components,
    containerd,
    contents,
    down,
    footprint,
    images,
    kernel,
    needs,
    processes,
)
from tests.cluster.api import Api, ApiAway, ApiRefused
from tests.cluster.components import Component
from tests.cluster.places import NODE, Places

PATIENCE_SECONDS = 120.0
POLL_SECONDS = 0.05
NODE_PATH = f"/api/v1/nodes/{NODE}"
DNS_PATH = f"/apis/apps/v1/namespaces/{contents.SYSTEM}/deployments/{contents.DNS_NAME}"


def up(places: Places) -> None:
    """Start what is not running; a healthy cluster only gets the images it lacks."""
    needs.check(places)
    with locked("cluster-up"):
        if is_up(places):
            say("The test cluster is up already.")
        else:
            _start_from_nothing(places)
        load_images(places)
    say(f"The test cluster is up: export KUBECONFIG={places.admin_kubeconfig}")


def build(places: Places) -> list[Path]:
    """Make the programs and the harness's own images, where they are missing."""
    binaries.ensure(places)
    return images.of_the_harness(places)


def is_up(places: Places) -> bool:
    """Whether every process lives and the API server answers."""
    names = [down.RUNTIME, *(component.name for component in components.everything(places))]
    return all(processes.is_alive(places, name) for name in names) and Api(places).is_ready()


def load_images(places: Places) -> None:
    """The project's images of this checkout come, those of its past go."""
    current = images.of_the_project()
    for archive in current:
        load(places, archive)
    if current:  # else nobody knows yet which are of the past
        names = containerd.image_names(places)
        containerd.forget_images(places, images.outdated(names, current))


def load(places: Places, archive: Path) -> None:
    """Put the images of an archive into the cluster; one that is there already costs nothing."""
    began = time.monotonic()
    loaded = containerd.load(places, archive)
    if loaded:
        say(f"· Loaded {', '.join(loaded)}: {time.monotonic() - began:.1f} s")


def start_api(places: Places) -> None:
    """Start the API server and wait until it answers."""
    start(places, components.api_server(places))
    api = Api(places)
    wait_for(places, "apiserver", api.is_ready)


def start(places: Places, component: Component) -> None:
    processes.start(places, component.name, component.command)


def wait_for(places: Places, name: str, ready: Callable[[], bool]) -> None:
    """Wait for a process to be ready; it ending, or patience ending, is a sentence."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not ready():
        if not processes.is_alive(places, name):
            raise CannotGoOn(f"{name} of the test cluster ended: see {places.log / name}.log.")
        if time.monotonic() > deadline:
            raise CannotGoOn(
                f"{name} of the test cluster is not ready after {PATIENCE_SECONDS:.0f} s: see "
                f"{places.log / name}.log, then `make cluster-down` and try again."
            )
        time.sleep(POLL_SECONDS)


def _start_from_nothing(places: Places) -> None:
    own_images = build(places)
    if places.before.exists():
        say("· Clearing away what an earlier cluster left.")
        down.clear(places)
    needs.refuse_used_ports(places)
    with step("Starting Kubernetes"):
        _prepare(places)
        start(places, components.etcd(places))
        _start_runtime(places, own_images)
        start_api(places)
        for component in components.after_the_api(places):
            start(places, component)
        api = Api(places)
        for path, manifest in contents.all_of_it(components.name_servers()):
            api.apply(path, manifest)
        wait_for(places, "kubelet", lambda: _node_is_ready(api))
        wait_for(places, "kubelet", lambda: _dns_is_ready(api))


def _prepare(places: Places) -> None:
    """Folders, the note of how the machine was, network, certificates, configuration."""
    places.state.mkdir(parents=True, exist_ok=True)
    places.before.write_text(footprint.look(places).as_json())
    shutil.rmtree(places.log, ignore_errors=True)
    for folder in (places.log, places.run, places.config, places.volumes):
        folder.mkdir(parents=True)
    places.containerd_root.mkdir(parents=True, exist_ok=True)
    kernel.prepare()
    certificates.make(places)
    containerd.configure(places)
    components.configure(places)


def _start_runtime(places: Places, own_images: list[Path]) -> None:
    _start_containerd(places)
    if containerd.remove_containers(places):
        # It read the containers of a cluster that is no more when it started: once again without.
        processes.stop(places, down.RUNTIME)
        _start_containerd(places)
    for archive in own_images:
        load(places, archive)


def _start_containerd(places: Places) -> None:
    containerd.start(places)
    wait_for(places, down.RUNTIME, lambda: containerd.answers(places))


def _node_is_ready(api: Api) -> bool:
    try:
        conditions = api.get(NODE_PATH)["status"].get("conditions", [])
    except (ApiAway, ApiRefused):
        return False  # the kubelet has not registered it yet
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


def _dns_is_ready(api: Api) -> bool:
    return bool(api.get(DNS_PATH)["status"].get("readyReplicas"))
