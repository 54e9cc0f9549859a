"""What images are built from, when they are built again, and what of this machine stays out."""

import json
import re
import stat
import tarfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

import pytest

from atelier.operate import cache, environments, image_base, image_builders, images, tool
from atelier.operate.environments import ROOT
from atelier.operate.errors import CannotGoOn

COMMON_STAGE = re.compile(r"FROM \$\{BUILD_IMAGE\} AS tools\n.*?\n\n", re.DOTALL)


class PaperBuilder:
    """Builds nothing and remembers what it was asked for."""

    def __init__(self) -> None:
        self.built: list[str] = []
        self.tidied = 0
        self.told: dict[str, Mapping[str, str]] = {}
        self.files: dict[str, str] = {}

    def build(
        self, name: str, folder: Path, file: Path, tag: str, arguments: Mapping[str, str]
    ) -> None:
        self.built.append(name)
        self.told[name] = dict(arguments)
        self.files[name] = file.read_text()

    def has(self, tag: str) -> bool:
        return False

    def pull(self, tag: str) -> bool:
        return False

    def save(self, tags: Sequence[str], archive: Path) -> None:
        archive.write_text(" ".join(tags))

    def tidy(self) -> None:
        self.tidied += 1


@pytest.fixture
def builder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PaperBuilder:
    """A builder, an empty cache and a base image somebody named."""
    paper = PaperBuilder()
    monkeypatch.setattr(image_builders, "choose", lambda: paper)
    monkeypatch.setattr(image_base, "machine_settings", lambda: ({}, {}))
    monkeypatch.setenv("ATELIER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("BASE_IMAGE", "registry.example/debian:1")
    monkeypatch.delenv("BUILD_IMAGE", raising=False)
    return paper


def a_checkout(folder: Path) -> None:
    for path, content in {
        "pyproject.toml": '[project]\nversion = "1.2.3"\n',
        "images/trainer/Dockerfile": (
            "FROM x AS own\nCOPY locks/a.txt own /own/\nFROM y\nCOPY --from=own /own /srv\n"
        ),
        "locks/a.txt": "numpy==1\n",
        "own/module.py": "x = 1\n",
        "own/__pycache__/module.pyc": "compiled",
        "README.md": "not copied\n",
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "checkout"
    a_checkout(folder)
    monkeypatch.setattr(images, "ROOT", folder)
    monkeypatch.setattr(images, "FOLDER", folder / "images")
    return folder


def test_an_image_is_built_once(builder: PaperBuilder, checkout: Path) -> None:
    first = images.ensure(["trainer"])["trainer"]
    second = images.ensure(["trainer"])["trainer"]

    assert first == second
    assert builder.built == ["trainer"]
    assert first.reference == "localhost/atelier/trainer:1.2.3"
    assert first.archive.read_text().split() == [
        "localhost/atelier/trainer:1.2.3",
        f"localhost/atelier/trainer:{first.key}",
    ]


def test_what_is_built_can_be_asked_without_building(builder: PaperBuilder, checkout: Path) -> None:
    before = images.built(["trainer"])
    made = images.ensure(["trainer"])

    assert before == {}
    assert images.built(["trainer"]) == made
    assert builder.built == ["trainer"]


@pytest.mark.parametrize("changed", ["locks/a.txt", "own/module.py", "images/trainer/Dockerfile"])
def test_an_image_is_built_again_when_what_it_holds_changed(
    builder: PaperBuilder, checkout: Path, changed: str
) -> None:
    before = images.ensure(["trainer"])["trainer"].key
    with (checkout / changed).open("a") as file:
        file.write("# more\n")

    after = images.ensure(["trainer"])["trainer"].key

    assert before != after
    assert builder.built == ["trainer", "trainer"]


@pytest.mark.parametrize("changed", ["README.md", "own/__pycache__/module.pyc"])
def test_an_image_is_left_alone_when_something_else_changed(
    builder: PaperBuilder, checkout: Path, changed: str
) -> None:
    images.ensure(["trainer"])
    (checkout / changed).write_text("changed")

    images.ensure(["trainer"])

    assert builder.built == ["trainer"]


def test_another_base_makes_another_image(
    builder: PaperBuilder, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images.ensure(["trainer"])
    monkeypatch.setenv("BASE_IMAGE", "registry.example/debian:2")

    images.ensure(["trainer"])

    assert builder.built == ["trainer", "trainer"]
    assert builder.told["trainer"]["BASE_IMAGE"] == "registry.example/debian:2"


def test_a_few_old_archives_are_kept_and_no_more(builder: PaperBuilder, checkout: Path) -> None:
    for number in range(images.KEPT_ARCHIVES + 2):
        (checkout / "own/module.py").write_text(f"x = {number}\n")
        newest = images.ensure(["trainer"])["trainer"]

    kept = list(image_builders.images_folder().glob("trainer-*.tar"))

    assert len(kept) == images.KEPT_ARCHIVES
    assert newest.archive in kept


def test_an_interrupted_build_leaves_no_archive(
    builder: PaperBuilder, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(tags: Sequence[str], archive: Path) -> None:
        archive.write_text("half")
        raise CannotGoOn("no space left")

    monkeypatch.setattr(builder, "save", break_off)

    with pytest.raises(CannotGoOn):
        images.ensure(["trainer"])

    assert not list(image_builders.images_folder().glob("*.tar"))


def test_an_unknown_image_is_refused_by_name(builder: PaperBuilder) -> None:
    with pytest.raises(CannotGoOn, match="spaceship"):
        images.ensure(["spaceship"])


def test_the_settings_of_this_machine_stay_in_the_image_that_packages_are_fetched_in(
    builder: PaperBuilder, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authorities = tmp_path / "ca.pem"
    authorities.write_text("an authority")
    settings = {"PIP_INDEX_URL": "https://me:secret@mirror.example/simple"}
    monkeypatch.setattr(
        image_base, "machine_settings", lambda: ({image_base.AUTHORITIES: authorities}, settings)
    )

    images.ensure(["trainer"])

    told = builder.told["trainer"]
    assert told["BASE_IMAGE"] == "registry.example/debian:1"
    assert told["BUILD_IMAGE"].startswith("localhost/atelier/build-base:")
    assert "secret" not in str(told)
    assert "mirror.example" in builder.files[builder.built[0]]


def test_uv_pip_and_npm_are_told_in_the_image_what_they_are_told_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authorities = tmp_path / "ca.pem"
    authorities.write_text("an authority")
    told = {"UV_DEFAULT_INDEX": "https://mirror.example", "UV_FIND_LINKS": "/opt/wheels"}
    monkeypatch.setattr(environments, "uv_environment", lambda: told)
    monkeypatch.setenv("SSL_CERT_FILE", str(authorities))
    monkeypatch.setenv("npm_config_registry", "https://npm.example")
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)

    files, variables = image_base.machine_settings()

    assert files[image_base.AUTHORITIES] == authorities
    assert variables["UV_DEFAULT_INDEX"] == variables["PIP_INDEX_URL"] == "https://mirror.example"
    assert variables["npm_config_registry"] == "https://npm.example"
    assert variables["NODE_EXTRA_CA_CERTS"] == image_base.AUTHORITIES
    assert "UV_FIND_LINKS" not in variables  # a folder of this machine


def test_an_archive_can_name_its_image_twice(tmp_path: Path) -> None:
    archive = tmp_path / "image.tar"
    content = json.dumps([{"Config": "c.json", "RepoTags": ["a:1"], "Layers": []}]).encode()
    with tarfile.open(archive, "w") as tar:
        entry = tarfile.TarInfo("manifest.json")
        entry.size = len(content)
        tar.addfile(entry, BytesIO(content))

    image_builders.add_tags(archive, ["a:key"])

    with tarfile.open(archive) as tar:
        member = tar.extractfile("manifest.json")
        assert member is not None
        assert json.load(member)[0]["RepoTags"] == ["a:1", "a:key"]


def test_without_docker_and_without_root_it_says_what_would_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)

    with pytest.raises(CannotGoOn, match="start Docker, or run the command as root"):
        image_builders.require_buildah()


# The Dockerfiles themselves.


def dockerfile(name: str) -> str:
    return (ROOT / "images" / name / "Dockerfile").read_text()


@pytest.mark.parametrize("name", images.NAMES)
def test_everything_a_dockerfile_copies_is_in_the_checkout(name: str) -> None:
    sources = images.copied(dockerfile(name))

    assert sources
    assert [source for source in sources if not (ROOT / source).exists()] == []


@pytest.mark.parametrize("name", images.NAMES)
def test_images_run_as_a_number_that_is_not_root(name: str) -> None:
    # A name would not do: Kubernetes cannot tell whether it is root's.
    assert re.findall(r"^USER (.+)$", dockerfile(name), re.MULTILINE) == ["1000:1000"]


@pytest.mark.parametrize("name", images.NAMES)
def test_dockerfiles_name_no_address(name: str) -> None:
    assert not re.findall(r"https?://|index-url|trusted-host|_authToken", dockerfile(name))


@pytest.mark.parametrize("name", images.NAMES)
def test_the_pinned_uv_installs(name: str) -> None:
    assert f"ARG UV_VERSION={environments.UV_VERSION}\n" in dockerfile(name)


def test_images_begin_with_the_same_stage_so_that_its_layers_are_made_once() -> None:
    stages = {match.group() for name in images.NAMES for match in _stages(name)}

    assert len(stages) == 1


def _stages(name: str) -> list[re.Match[str]]:
    found = list(COMMON_STAGE.finditer(dockerfile(name)))
    assert len(found) == 1
    return found


def test_jobs_have_the_very_versions_that_notebooks_have() -> None:
    notebook, trainer = (pins(f"requirements/{name}.txt") for name in ("runtime", "trainer"))

    assert trainer
    assert trainer <= notebook


def pins(lock: str) -> set[str]:
    lines = (ROOT / lock).read_text().splitlines()
    return {line.split(" ")[0] for line in lines if "==" in line and line[0] not in "# "}


def test_the_key_of_a_real_image_can_be_told() -> None:
    keys = {images.key_of(name, "base") for name in images.NAMES}

    assert len(keys) == len(images.NAMES)
    assert cache.key_of(["x"]) not in keys


def test_what_tools_say_is_for_their_caller_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATELIER_CACHE", str(tmp_path))

    tool.run("a tool", ["echo", "https://me:secret@mirror.example"], way_out="")

    assert stat.S_IMODE(tool.log_of("a tool").stat().st_mode) == 0o600
