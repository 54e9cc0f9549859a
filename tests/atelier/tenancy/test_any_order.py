"""R18: archive, delete, start, end and sweep in any order; a home goes only when nothing runs."""

from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atelier.accounts.models import User
from atelier.core.errors import AtelierError
from atelier.core.resources import Resources
from atelier.projects import services as projects
from atelier.projects.models import Project, Role
from atelier.projects.policies import require_submit
from atelier.tenancy import services
from atelier.tenancy.models import Place, State
from atelier.workloads import kinds
from atelier.workloads import services as workloads
from atelier.workloads.models import Workload
from atelier.workloads.status import LIVE, Status
from tests.atelier.workloads.conftest import Sleeper
from tests.factories.accounts import UserFactory
from tests.factories.projects import MembershipFactory, ProjectFactory

STEPS = ("archive", "unarchive", "delete", "delete wrongly", "start", "end one", "sweep", "ensure")


class World:
    """One project with a home, and what was done to it."""

    def __init__(self, homes: Path) -> None:
        self.project = ProjectFactory.create()
        self.slug = self.project.slug
        self.lead: User = UserFactory.create()
        MembershipFactory.create(project=self.project, user=self.lead, role=Role.LEAD)
        self.home = homes / self.project.pk / self.lead.username
        self.home.mkdir(parents=True)

    def do(self, step: str) -> None:
        project = Project.objects.get(pk=self.project.pk)
        if project.gone_at is not None and step not in {"sweep", "ensure"}:
            return
        match step:
            case "archive":
                projects.archive_project(actor=self.lead, project=project)
            case "unarchive":
                projects.unarchive_project(actor=self.lead, project=project)
            case "delete":
                projects.delete_project(actor=self.lead, project=project, name=self.slug)
            case "delete wrongly":
                projects.delete_project(actor=self.lead, project=project, name="other")
            case "start":
                self.start(project)
            case "end one":
                self.end_one()
            case "sweep":
                services.sweep()
            case "ensure":
                services.ensure(project.pk)

    def start(self, project: Project) -> None:
        require_submit(self.lead, project)
        workloads.request_start(
            kind="sleeper", owner=self.lead, project=project, resources=Resources(1000, 2**30),
            durable_id="s1", name="nap",
        )  # fmt: skip
        # Handed to the engine, so that a stop has to wait for its end.
        Workload.objects.filter(project=project, status=Status.ADMITTED).update(
            status=Status.RUNNING, engine_name="nap-1"
        )

    def end_one(self) -> None:
        live = Workload.objects.filter(project=self.project, status__in=LIVE)
        if (run := live.order_by("pk").first()) is not None:
            live.filter(pk=run.pk).update(status=Status.STOPPED, finished_at=timezone.now())

    def check(self) -> None:
        project = Project.objects.get(pk=self.project.pk)
        live = Workload.objects.live().filter(project=project).exists()
        place = Place.objects.filter(pk=project.pk).first()
        if live:
            assert self.home.exists()
            assert project.gone_at is None
        if project.deleted_at is None:
            assert self.home.exists()
            assert place is None or place.state in {State.PENDING, State.READY}
        assert (project.gone_at is not None) == (place is not None and place.state == State.GONE)
        if project.gone_at is not None:
            assert not self.home.exists()
            assert not Project.objects.filter(slug=self.slug).exists()


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.sampled_from(STEPS), max_size=14))
def test_r18_any_order_of_steps_keeps_what_is_needed(
    steps: list[str], settings: object, tmp_path: Path
) -> None:
    settings.ATELIER_HOME = tmp_path  # type: ignore[attr-defined]  # pytest-django's
    kinds.register(Sleeper)
    try:
        with transaction.atomic():
            world = World(tmp_path / "homes")
            for step in steps:
                try:
                    with transaction.atomic():
                        world.do(step)
                except AtelierError:
                    pass
                world.check()
            finish(world)
            transaction.set_rollback(True)
    finally:
        kinds.unregister(Sleeper)


def finish(world: World) -> None:
    """However it came about, a project that was deleted is gone in the end."""
    if Project.objects.get(pk=world.project.pk).deleted_at is None:
        return
    while Workload.objects.live().filter(project=world.project).exists():
        world.end_one()
    services.sweep()
    world.check()
    assert Project.objects.get(pk=world.project.pk).gone_at is not None
