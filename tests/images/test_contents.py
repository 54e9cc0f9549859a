"""What images hold and what they do not, seen in their archives."""

from __future__ import annotations

import json
import stat
from urllib.parse import urlsplit

import pytest

from atelier.operate import image_base, images
from tests.images.archive import PYC_FLAGS, UNCHECKED_HASH, Archive

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1200)]  # the first use may build them

# Uncompressed, the base's 85 MB included: what a node keeps. Raise one only knowing what for.
BOUNDS = {"trainer": 530, "notebook": 850, "platform": 690}
CLOSED_TO_OTHERS = ("opt/atelier/", "srv/atelier/", "opt/proxy/")
# Where settings of the machine that built an image would lie.
PRIVATE = (
    "etc/atelier-build",
    "etc/pip.conf",
    "etc/uv",
    "root/.npmrc",
    "root/.config",
    "root/.netrc",
)


@pytest.mark.parametrize("name", images.NAMES)
def test_an_image_stays_below_its_bound(name: str) -> None:
    size = images.ensure([name])[name].archive.stat().st_size

    assert size / 1e6 < BOUNDS[name]


def test_labels_tell_what_it_is_and_from_which_commit(image: Archive) -> None:
    told = {name.rpartition(".")[2]: value for name, value in image.labels.items()}

    assert {"title", "description", "version", "revision", "source", "licenses"} <= told.keys()
    assert told["version"] == images.version()
    assert told["title"].startswith("Atelier ")


def test_the_user_is_a_number_and_not_root(image: Archive) -> None:
    assert image.user == "1000:1000"


def test_it_goes_by_its_version_and_by_its_key(image: Archive) -> None:
    version, key = (tag.rpartition(":")[2] for tag in image.tags)

    assert version == images.version()
    assert key in image.file.name


def test_nobody_but_root_can_change_what_is_installed(image: Archive) -> None:
    open_ones = [
        entry.name
        for entry, _ in image.added()
        if entry.name.startswith(CLOSED_TO_OTHERS)
        and not entry.issym()
        and (entry.uid != 0 or entry.mode & (stat.S_IWGRP | stat.S_IWOTH))
    ]

    assert open_ones == []


def test_sources_are_compiled_for_good(image: Archive) -> None:
    sources, compiled, checked = set(), set(), []
    for entry, layer in image.added():
        if not entry.name.startswith(("opt/atelier/lib/", "srv/atelier/")) or not entry.isfile():
            continue
        folder, _, file = entry.name.rpartition("/")
        if file.endswith(".py"):
            sources.add((folder, file.removesuffix(".py")))
        elif file.endswith(".pyc"):
            compiled.add((folder.removesuffix("/__pycache__"), file.partition(".")[0]))
            content = layer.extractfile(entry)
            if content is None or content.read(16)[PYC_FLAGS] != UNCHECKED_HASH:
                checked.append(entry.name)

    assert checked == []
    # Templates of packages, and modules for other Pythons, do not compile.
    assert len(sources - compiled) < 40, sorted(sources - compiled)


def test_no_cache_of_a_package_manager_is_left(image: Archive) -> None:
    caches = ("root/.cache/", "root/.npm/", "var/cache/apt/archives/", "var/lib/apt/lists/")
    left = [e.name for e, _ in image.added() if e.name.startswith(caches) and e.isfile()]

    assert left == []


def test_no_file_of_the_machine_that_built_it_is_left(image: Archive) -> None:
    left = [e.name for e, _ in image.added() if e.name.startswith(PRIVATE)]

    assert left == []


def test_no_setting_of_the_machine_that_built_it_is_told(image: Archive) -> None:
    _, variables = image_base.machine_settings()
    hosts = {urlsplit(value).hostname for value in variables.values()} - {None}
    told = json.dumps(image.config)

    assert [host for host in hosts if str(host) in told] == []
    assert image_base.AUTHORITIES not in told


def test_tests_of_packages_and_maps_of_scripts_are_left_out(image: Archive) -> None:
    left = [
        e.name for e, _ in image.added()
        if e.isfile() and e.name.startswith("opt/atelier/")
        and ("/tests/" in e.name or e.name.endswith(".map"))
    ]  # fmt: skip

    assert [name for name in left if "/jupyterlab/tests/" not in name] == []
