"""The objects that the access table is made with, and a valid request for every operation.

A new path parameter needs one line in ``PARAMETERS``. A body is made from the OpenAPI document;
where that is not enough, one line in ``BODIES`` gives what differs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from rest_framework.test import APIClient

from atelier.accounts.models import User
from atelier.catalog.models import Environment, Profile
from atelier.jobs.models import Job
from atelier.notebooks.models import NotebookServer
from atelier.projects.models import Invitation, Project, Role
from atelier.quotas.models import Line, Scope
from atelier.workloads.models import Workload
from atelier.workloads.status import Status
from tests.atelier.routes import Operation, document
from tests.factories.accounts import ApiTokenFactory, UserFactory
from tests.factories.catalog import EnvironmentFactory, ProfileFactory
from tests.factories.projects import InvitationFactory, MembershipFactory, ProjectFactory

# The owner is a member to whom the objects belong: the servers, the runs, the token.
ACTORS = (
    "anonymous", "stranger", "viewer", "member", "owner", "lead", "suspended", "auditor", "admin",
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """One project with everybody in and around it, and one of everything in it."""

    project: Project
    users: dict[str, User]
    environment: Environment
    profile: Profile
    invitation: Invitation
    target: User  # the owner, upon whom others act

    def client(self, actor: str) -> APIClient:
        """Return a signed-in client; the suspended one was signed in before he was suspended."""
        client = APIClient()
        if actor != "anonymous":
            user = self.users[actor]
            client.force_login(user)
            if actor == "suspended":
                User.objects.filter(pk=user.pk).update(is_active=False)
        return client


def make_world() -> World:
    project = ProjectFactory(slug="churn")
    users = {
        "stranger": UserFactory(username="stranger"),
        "auditor": UserFactory(username="auditor", platform_role="auditor"),
        "admin": UserFactory(username="admin", platform_role="admin"),
    }
    for actor, role in (
        ("viewer", Role.VIEWER),
        ("member", Role.MEMBER),
        ("lead", Role.LEAD),
        ("suspended", Role.LEAD),
    ):
        users[actor] = UserFactory(username=actor)
        MembershipFactory(project=project, user=users[actor], role=role)
    MembershipFactory(project=ProjectFactory(slug="other"), user=users["stranger"], role=Role.LEAD)
    users["owner"] = target = UserFactory(username="target")
    MembershipFactory(project=project, user=target, role=Role.MEMBER)
    return World(
        project=project,
        users=users,
        environment=EnvironmentFactory(),
        profile=ProfileFactory(),
        invitation=InvitationFactory(project=project, created_by=users["lead"]),
        target=target,
    )


def a_workload(world: World) -> Workload:
    return Workload.objects.create(
        kind="notebook",
        project=world.project,
        owner=world.target,
        engine="memory",
        name="exploration",
        durable_id="nexploration",
        engine_name="exploration-1",
        status=Status.RUNNING,
        resources={"cpu_millicores": 1000, "memory_bytes": 2**30, "accelerators": {}},
    )


def a_notebook(world: World) -> NotebookServer:
    notebook, _ = NotebookServer.objects.get_or_create(
        project=world.project,
        owner=world.target,
        name="exploration",
        hub_server="nexploration",
        defaults={"environment": world.environment, "profile": world.profile},
    )
    return notebook


def a_job(world: World) -> Job:
    job = Job.objects.filter(name="training").first()
    return job or Job.objects.create(
        project=world.project,
        owner=world.target,
        name="training",
        command=["python", "train.py"],
        environment=world.environment,
        profile=world.profile,
        workload=a_workload(world),
    )


def a_line(world: World) -> Line:
    line, _ = Line.objects.update_or_create(
        scope=Scope.PROJECT,
        scope_id=world.project.pk,
        resource="cpu",
        defaults={"limit": 4000, "inherits": False},
    )
    return line


# --- path parameters -----------------------------------------------------------------------------

# Of the platform or of the caller himself; every other parameter names an object of the project,
# which strangers must not see.
NOT_OF_A_PROJECT = frozenset(
    {"username", "environment_id", "profile_id", "token", "token_id", "browser_id", "line_id"}
)

PARAMETERS: dict[str, Callable[[World], str]] = {
    "project_id": lambda world: world.project.pk,
    "username": lambda world: world.target.username,
    "environment_id": lambda world: world.environment.pk,
    "profile_id": lambda world: world.profile.pk,
    "invitation_id": lambda world: world.invitation.pk,
    "workload_id": lambda world: a_workload(world).pk,
    "notebook_id": lambda world: a_notebook(world).pk,
    "job_id": lambda world: a_job(world).pk,
    "line_id": lambda world: a_line(world).pk,
    "token": lambda world: "no-such-link",
    "token_id": lambda world: ApiTokenFactory(user=world.target).pk,
    "browser_id": lambda world: "bnotmine",
}


def path_of(operation: Operation, world: World) -> str:
    path = operation.path_with(lambda name: PARAMETERS[name](world))
    asked = {
        p["name"]: _example(p["schema"])
        for p in operation.document.get("parameters", ())
        if p["in"] == "query" and p.get("required")
    }
    return f"{path}?{urlencode(asked)}" if asked else path


# --- bodies --------------------------------------------------------------------------------------

BODIES: dict[str, Callable[[World], dict[str, Any]]] = {
    "sign_in": lambda world: {"username": "nobody"},
    "add_member": lambda world: {"username": world.users["stranger"].username},
    "change_member_role": lambda world: {"role": "viewer"},
    "change_my_password": lambda world: {"current_password": "not this one"},
    "create_my_token": lambda world: {"scopes": ["read"]},
    "create_quota_line": lambda world: {
        "scope": "project",
        "scope_id": world.project.pk,
        "resource": "memory",
        "limit": 2**34,
    },
    "preview_limit": lambda world: {"id": a_line(world).pk, "limit": 1},
    "change_place": lambda world: {"internet": False},
    "change_quota_line": lambda world: {"limit": 1},
    "check": lambda world: {"kind": "notebook", **a_choice(world)},
    "create_notebook": lambda world: {"name": "mine", **a_choice(world)},
    "submit_job": lambda world: {"command": ["true"], **a_choice(world)},
    "use_password_reset": lambda world: {"new_password": "long enough to pass"},
}


def a_choice(world: World) -> dict[str, str]:
    return {
        "project": world.project.pk,
        "environment": world.environment.pk,
        "profile": world.profile.pk,
    }


def body_of(operation: Operation, world: World) -> dict[str, Any] | None:
    """Return a valid body: the required fields by their types, and what ``BODIES`` says."""
    content = operation.document.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    made: dict[str, Any] = _example(content["application/json"]["schema"])
    return made | BODIES.get(operation.id, lambda world: {})(world)


def _example(schema: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _example(_component(schema["$ref"]))
    for joined in ("allOf", "oneOf", "anyOf"):
        if joined in schema:
            return _example(schema[joined][0])
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        properties = schema.get("properties", {})
        return {name: _example(properties[name]) for name in schema.get("required", ())}
    if kind == "array":
        return []
    if kind == "integer":
        return max(1, schema.get("minimum", 1))
    if kind == "boolean":
        return False
    return "example"


def _component(reference: str) -> dict[str, Any]:
    name = reference.rpartition("/")[2]
    return dict(document()["components"]["schemas"][name])
