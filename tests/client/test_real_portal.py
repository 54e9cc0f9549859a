"""The command and the SDK against the real portal, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connections
from pytest_django.live_server_helper import LiveServer

from atelier.accounts.models import ApiToken, BrowserSession, User
from atelier.engines.local import LocalEngine
from atelier.engines.memory import MemoryEngine
from atelier.projects.models import Project
from atelier.quotas.models import Line
from atelier.workloads import engines
from atelier_client import Atelier, NotAllowed, NotFound, NotSignedIn
from tests.atelier.jobs.running import local_engine, work
from tests.atelier.notebooks.conftest import settle
from tests.client.conftest import Cli
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.catalog import EnvironmentFactory, ProfileFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def portal(live_server: LiveServer) -> str:
    """Replace the small portal of the other tests."""
    return str(live_server.url)


@pytest.fixture
def person(portal: str) -> User:
    return UserFactory.create(username="ines")


@pytest.fixture
def signed_in(cli: Cli, portal: str, person: User) -> User:
    result = cli(
        "login", "--url", portal, "--username", "ines", "--password-stdin", input=f"{PASSWORD}\n"
    )
    assert result.exit_code == 0, result.output
    return person


def test_login_by_password_leaves_a_token_and_no_session(
    cli: Cli, portal: str, signed_in: User
) -> None:
    assert "ines" in cli("whoami").stdout
    token = ApiToken.objects.get()
    assert (token.user, sorted(token.scopes)) == (signed_in, ["read", "write"])
    assert BrowserSession.objects.count() == 0


def test_a_wrong_password_is_the_portals_sentence(cli: Cli, portal: str, person: User) -> None:
    result = cli(
        "login", "--url", portal, "--username", "ines", "--password-stdin", input="wrong\n"
    )

    assert result.exit_code == 3
    assert result.stderr.splitlines()[0].endswith(".")
    assert "Request id: " in result.stderr


def test_the_portal_answers_in_the_language_of_the_shell(
    cli: Cli, portal: str, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")

    result = cli(
        "login", "--url", portal, "--username", "ines", "--password-stdin", input="wrong\n"
    )

    assert "Que faire" in result.stderr
    assert "mot de passe" in result.stderr.splitlines()[0]


def test_projects_from_the_command_line(cli: Cli, signed_in: User) -> None:
    made = cli("projects", "create", "Churn model", "--slug", "churn", "--use", "--json")

    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["role"] == "lead"
    listed = json.loads(cli("projects", "list", "--json").stdout)
    assert [p["slug"] for p in listed] == ["churn"]
    assert "current" in cli("projects", "list").stdout


def test_a_taken_slug_names_the_field(cli: Cli, signed_in: User) -> None:
    cli("projects", "create", "Churn", "--slug", "churn")

    result = cli("projects", "create", "Other", "--slug", "churn")

    assert result.exit_code == 1
    assert "slug" in result.stderr


@pytest.mark.parametrize("name", ["", "x" * 300, "\u202egnp", "a\x00b"])
def test_bad_names_are_refused_by_the_portal(cli: Cli, signed_in: User, name: str) -> None:
    assert cli("projects", "create", name).exit_code == 1
    assert Project.objects.count() == 0


def test_the_catalog_is_shown(cli: Cli, signed_in: User) -> None:
    EnvironmentFactory.create(slug="python", name="Python")
    ProfileFactory.create(slug="small", name="Small")

    assert "python" in cli("environments").stdout
    assert "1 core, 1 GiB" in cli("profiles").stdout


def test_many_projects_are_listed_whole(cli: Cli, portal: str, signed_in: User) -> None:
    token = _token(cli, portal)
    with Atelier(url=portal, token=token) as atelier:
        for number in range(120):
            atelier.projects.create(f"Project {number}", slug=f"project-{number}")

        found = [p.slug for p in atelier.projects.list()]

    assert len(found) == len(set(found)) == 120


def test_a_stranger_finds_nothing(cli: Cli, portal: str, signed_in: User) -> None:
    cli("projects", "create", "Churn", "--slug", "churn")
    other = UserFactory.create(username="carol")
    with Atelier(url=portal, token=_token(cli, portal, other.username)) as atelier:
        with pytest.raises(NotFound) as caught:
            atelier.projects.get("churn")

        assert caught.value.request_id
        assert list(atelier.projects.list()) == []


def test_a_token_may_only_do_what_it_was_made_for(cli: Cli, portal: str, signed_in: User) -> None:
    with Atelier(url=portal, token=_token(cli, portal, scope="read")) as atelier:
        assert atelier.me().username == "ines"
        with pytest.raises(NotAllowed, match="scope write"):
            atelier.projects.create("Churn")


def test_tokens_are_listed_and_end_when_revoked(cli: Cli, portal: str, signed_in: User) -> None:
    token = _token(cli, portal)
    listed = json.loads(cli("tokens", "list", "--json").stdout)
    made = next(t for t in listed if t["name"] == "ci")
    assert "token" not in made

    assert cli("tokens", "revoke", made["id"]).exit_code == 0

    with Atelier(url=portal, token=token) as atelier, pytest.raises(NotSignedIn):
        atelier.me()


def test_logout_ends_the_token(cli: Cli, signed_in: User) -> None:
    assert cli("logout").exit_code == 0

    assert ApiToken.objects.filter(revoked=None).count() == 0
    assert cli("whoami").exit_code == 3


def _token(cli: Cli, portal: str, username: str = "ines", scope: str = "write") -> Any:
    made = cli(
        "tokens", "create", "ci", "--username", username, "--password-stdin", "--scope", "read",
        "--scope", scope, "--url", portal, "--json", input=f"{PASSWORD}\n",
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    return json.loads(made.stdout)["token"]


# --- notebook servers, over the memory engine --------------------------------------------------


@pytest.fixture
def engine(settings: Any) -> Iterator[MemoryEngine]:
    settings.ATELIER_ENGINE = "memory"
    made = MemoryEngine()
    with engines.replaced("memory", made):
        yield made


@pytest.fixture
def in_project(cli: Cli, signed_in: User, engine: MemoryEngine) -> str:
    """The current project, with an environment and two profiles to choose from."""
    EnvironmentFactory.create(slug="python", name="Python")
    ProfileFactory.create(slug="small", name="Small", ordering=1)
    larger = {"cpu_millicores": 2000, "memory_bytes": 2**30, "accelerators": {}}
    ProfileFactory.create(slug="medium", name="Medium", ordering=2, resources=larger)
    cli("projects", "create", "Churn", "--slug", "churn", "--use")
    return "churn"


def test_a_server_is_created_started_and_shown(cli: Cli, in_project: str) -> None:
    made = json.loads(cli("notebooks", "start", "exploration", "--json").stdout)
    settle()

    shown = json.loads(cli("notebooks", "show", "exploration", "--json").stdout)
    assert (shown["id"], shown["status"]) == (made["id"], "running")
    assert shown["profile"]["name"] == "Small"
    assert "◉ Running" in cli("notebooks", "list").stdout


def test_a_server_is_stopped_started_with_another_profile_and_deleted(
    cli: Cli, in_project: str
) -> None:
    cli("notebooks", "start", "exploration")
    settle()
    assert cli("notebooks", "delete", "exploration", "--yes").exit_code == 1

    assert cli("notebooks", "stop", "exploration").exit_code == 0
    settle()
    cli("notebooks", "start", "exploration", "--profile", "medium")
    settle()

    shown = json.loads(cli("notebooks", "show", "exploration", "--json").stdout)
    assert (shown["status"], shown["profile"]["name"]) == ("running", "Medium")
    cli("notebooks", "stop", "exploration")
    settle()
    assert cli("notebooks", "delete", "exploration", "--yes").exit_code == 0
    assert json.loads(cli("notebooks", "list", "--json").stdout) == []


def test_rename_and_keep_running(cli: Cli, in_project: str) -> None:
    cli("notebooks", "start", "exploration")
    settle()

    assert cli("notebooks", "rename", "exploration", "eda").exit_code == 0
    assert cli("notebooks", "keep-running", "eda").exit_code == 0


def test_the_check_of_the_real_portal_is_shown(cli: Cli, in_project: str) -> None:
    result = cli("check", "--profile", "medium")

    assert result.exit_code == 0
    assert result.stdout.startswith("Fits now")
    assert result.stdout.splitlines()[1].startswith("  ✓ ")


def test_over_quota_is_refused_with_what_to_do(cli: Cli, in_project: str) -> None:
    limit = Line.objects.get(scope="user", scope_id="*", resource="notebooks")
    Line.objects.filter(pk=limit.pk).update(limit=0)

    check, start = cli("check"), cli("notebooks", "start", "exploration")

    assert check.exit_code in {1, 6}
    assert start.exit_code == 1
    assert "What to do: " in start.stderr
    assert json.loads(cli("notebooks", "list", "--json").stdout) == []


def test_limits_are_shown_for_the_person_and_the_project(cli: Cli, signed_in: User) -> None:
    cli("projects", "create", "Churn", "--slug", "churn", "--use")

    shown = json.loads(cli("quota", "--json").stdout)

    assert {"cpu", "memory", "notebooks"} <= {line["resource"] for line in shown["me"]}
    assert shown["project"]
    assert "Notebook servers" in cli("quota").stdout


# --- jobs ---------------------------------------------------------------------------------------


@pytest.fixture
def local(settings: Any) -> Iterator[LocalEngine]:
    with local_engine(settings) as made:
        yield made


@pytest.fixture
def runs(local: LocalEngine, transactional_db: None) -> Iterator[None]:
    """Work as a worker does, beside the command."""
    is_over = Event()

    def work_on() -> None:
        try:
            while not is_over.wait(0.1):
                work()
        finally:
            connections.close_all()

    thread = Thread(target=work_on)
    thread.start()
    yield
    is_over.set()
    thread.join()


@pytest.fixture
def offers(db: None) -> None:
    EnvironmentFactory.create(slug="python")
    ProfileFactory.create(slug="small")


@pytest.mark.usefixtures("offers", "runs")
def test_a_job_from_the_command_line_ends_as_its_program_does(cli: Cli, signed_in: User) -> None:
    cli("projects", "create", "Churn", "--slug", "churn", "--use")
    program = "import sys; print(6 * 7); print('ça alors', file=sys.stderr); sys.exit(5)"

    followed = cli("run", "-f", "--name", "six", "--", "python3", "-c", program)

    assert followed.exit_code == 5, followed.output
    assert sorted(followed.stdout.splitlines()) == ["42", "ça alors"]
    assert sorted(cli("logs", "six").stdout.splitlines()) == ["42", "ça alors"]
    listed = json.loads(cli("jobs", "--json").stdout)
    assert [(j["name"], j["status"], j["exit_code"]) for j in listed] == [("six", "failed", 5)]
    why = cli("why", "six").stdout
    assert "exit code 5" in why
    assert "Look at the last lines" in why


@pytest.mark.usefixtures("offers", "runs")
def test_a_job_is_stopped_from_the_command_line(cli: Cli, signed_in: User) -> None:
    cli("projects", "create", "Churn", "--slug", "churn", "--use")
    cli("run", "--name", "long", "--", "sleep", "600")

    stopped = cli("stop", "long", "--wait")

    assert "long: Stopped." in stopped.stdout
    # The signal's code where the process had begun, else a failure's.
    assert cli("logs", "-f", "long").exit_code in {143, 1}


@pytest.mark.usefixtures("offers", "runs")
def test_what_never_fits_is_refused_at_once_with_the_limit(cli: Cli, signed_in: User) -> None:
    cli("projects", "create", "Churn", "--slug", "churn", "--use")
    Line.objects.create(
        scope="user", scope_id=signed_in.pk, resource="cpu", limit=500, inherits=False
    )

    result = cli("run", "--", "true")

    assert result.exit_code == 1
    assert "profile" in result.stderr
    assert json.loads(cli("jobs", "--json").stdout) == []
