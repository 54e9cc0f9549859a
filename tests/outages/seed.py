"""`python -m tests.outages.seed` migrates and prints what a client needs, as one JSON line."""

import json
from datetime import timedelta

import django


def main() -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)

    from atelier.accounts.services import issue_token
    from atelier.projects.models import Role
    from atelier.quotas.models import Line
    from tests.factories.accounts import UserFactory
    from tests.factories.catalog import EnvironmentFactory, ProfileFactory
    from tests.factories.projects import MembershipFactory, ProjectFactory

    Line.objects.update(limit=None)
    user = UserFactory(username="alice")
    project = ProjectFactory(slug="churn")
    MembershipFactory(project=project, user=user, role=Role.LEAD)
    small = {"cpu_millicores": 100, "memory_bytes": 2**26, "accelerators": {}}
    _, token = issue_token(
        user=user, name="load", scopes=["read", "write"], lifetime=timedelta(days=1)
    )
    print(
        json.dumps(
            {
                "token": token,
                "project": project.pk,
                "environment": EnvironmentFactory().pk,
                "profile": ProfileFactory(resources=small).pk,
            }
        )
    )


if __name__ == "__main__":
    main()
