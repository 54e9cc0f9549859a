"""POST /check: fits, waits, never; the nearest choices that would; every condition in words."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from atelier.accounts.models import User
from atelier.core.errors import InvalidSpec
from atelier.core.resources import Resources
from atelier.engines.memory import MemoryEngine
from atelier.projects.models import Project
from atelier.projects.selectors import get_project
from atelier.quotas.models import Line, Scope
from atelier.workloads import engines, kinds
from atelier.workloads.kinds import Choice, Obstacle, Proposal
from tests.atelier.workloads.conftest import Sleeper, Start
from tests.conftest import Api

pytestmark = pytest.mark.django_db
GIB = 2**30
SIZES = {
    "small": Resources(1000, 2 * GIB),
    "medium": Resources(4000, 8 * GIB),
    "large": Resources(16_000, 64 * GIB),
    "gpu": Resources(4000, 16 * GIB, accelerators={"nvidia.com/gpu": 1}),
}


class Napper(Sleeper):
    """Knows sizes by name, like a kind with a catalogue."""

    name = "napper"
    obstacles: tuple[Obstacle, ...] = ()

    def propose(self, user: User, question: Mapping[str, Any]) -> Proposal:
        project = get_project(user, question["project"])
        if question.get("profile") not in SIZES:
            raise InvalidSpec("FIELD_NOT_A_CHOICE", field="profile")
        others = {n: r for n, r in SIZES.items() if n != question["profile"]}
        return Proposal(
            project=project,
            resources=SIZES[question["profile"]],
            obstacles=self.obstacles,
            choices=tuple(Choice(f"h-{n}", n.title(), r) for n, r in others.items()),
            usual_start_seconds=6,
        )


@pytest.fixture(autouse=True)
def napper() -> Iterator[None]:
    kinds.register(Napper)
    Napper.obstacles = ()
    yield
    kinds.unregister(Napper)


def ask(api: Api, user: User, profile: str = "small", **more: str) -> Any:
    question = {"kind": "napper", "project": "churn", "profile": profile} | more
    return api(user).post("/api/v1/check", question, format="json")


def limit(scope: Scope, scope_id: str, resource: str, amount: int) -> None:
    Line.objects.update_or_create(
        scope=scope, scope_id=scope_id, resource=resource,
        defaults={"limit": amount, "inherits": False},
    )  # fmt: skip


def test_it_fits(api: Api, alice: User) -> None:
    body = ask(api, alice).json()

    assert body == {
        "verdict": "fits",
        "headline": "Fits now; starts in about 6 s.",
        "reason": None,
        "choices": [],
        "conditions": [
            {"code": "project_quota", "state": "ok", "text": "The project quota has room."},
            {"code": "user_quota", "state": "ok", "text": "Your quota has room."},
            {"code": "platform_quota", "state": "ok", "text": "The platform has room."},
            {"code": "engine", "state": "ok", "text": "The engine can run it."},
            {"code": "image", "state": "ok", "text": "The environment is there."},
        ],
        "starts_in_seconds": 6,
    }


def test_it_waits_and_names_the_limit_and_what_nearby_would_fit(
    api: Api, alice: User, project: Project, start: Start
) -> None:
    limit(Scope.PROJECT, project.pk, "cpu", 6000)
    start(alice, resources=Resources(4000, GIB))

    body = ask(api, alice, "medium").json()

    assert body["verdict"] == "waits"
    assert body["headline"] == (
        "The project Churn allows 6 cores: 4 cores in use, and this needs 4 cores."
    )
    assert body["reason"]["code"] == "QUOTA_EXCEEDED"
    assert body["choices"] == [
        {"profile": {"id": "h-small", "name": "Small"}, "text": "1 core, 2 GiB"}
    ]
    assert body["starts_in_seconds"] is None


def test_it_never_fits_where_it_is_more_than_the_whole_limit(
    api: Api, alice: User, bob: User
) -> None:
    limit(Scope.USER, bob.pk, "cpu", 8000)

    body = ask(api, bob, "large").json()

    assert body["verdict"] == "never"
    # Nearest first, in proportion over all resources.
    assert [c["profile"]["name"] for c in body["choices"]] == ["Medium", "Small", "Gpu"]
    assert ask(api, alice, "large").json()["verdict"] == "fits"


def test_the_engine_may_be_too_small_for_ever(api: Api, alice: User) -> None:
    with engines.replaced("memory", MemoryEngine(capacity=Resources(4000, 8 * GIB))):
        body = ask(api, alice, "large").json()

    assert body["verdict"] == "never"
    assert body["reason"]["code"] == "NO_NODE_FITS"
    assert [c["profile"]["name"] for c in body["choices"]] == ["Medium", "Small"]


def test_what_the_kind_knows_is_a_condition_too(api: Api, alice: User) -> None:
    Napper.obstacles = (Obstacle("IMAGE_NOT_FOUND", {"image": "nowhere:1"}, condition="image"),)

    body = ask(api, alice).json()

    assert body["verdict"] == "never"
    assert body["conditions"][-1] == {
        "code": "image", "state": "never", "text": "The image nowhere:1 does not exist.",
    }  # fmt: skip


def test_it_answers_in_the_readers_language(api: Api, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(language="fr")

    assert ask(api, alice).json()["headline"] == "Il y a la place ; démarrage en 6 s environ."


def test_a_stranger_learns_nothing(api: Api, carol: User, project: Project) -> None:
    assert ask(api, carol).status_code == 404


@pytest.mark.parametrize(
    ("field", "question"),
    [("kind", {"kind": "nap"}), ("profile", {"profile": "huge"}), ("nodes", {"nodes": "3"})],
)
def test_what_cannot_be_read_is_named(
    field: str, question: dict[str, str], api: Api, alice: User
) -> None:
    answer = ask(api, alice, **question)

    assert (answer.status_code, answer.json()["field"]) == (400, field)


def test_checking_writes_nothing(api: Api, alice: User) -> None:
    before = Line.objects.count()

    ask(api, alice)

    assert Line.objects.count() == before
