"""Reads of the catalog."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from atelier.accounts.models import User
from atelier.catalog import availability, capacity
from atelier.catalog.availability import Unavailable
from atelier.catalog.models import Choice, Environment, Profile
from atelier.core.reasons import describe
from atelier.core.resources import Resources
from atelier.projects.models import Project

_COMMON = ("id", "slug", "name", "description", "enabled", "all_projects", "ordering")
ENVIRONMENT_FIELDS = (*_COMMON, "image", "local_runtime", "packages")
PROFILE_FIELDS = (
    *_COMMON, "kind_label", "resources", "shared_memory_bytes", "spark_executors",
    "spark_executor_resources",
)  # fmt: skip
ORDER = ("ordering", "name", "id")


def offered_environments(project: Project) -> "QuerySet[Environment, Environment]":
    """Return what ``project`` may choose from."""
    return Environment.objects.offered_to(project)


def offered_profiles(project: Project) -> "QuerySet[Profile, Profile]":
    """Return what ``project`` may choose from."""
    return Profile.objects.offered_to(project)


def available_environments(
    project: Project, engine: str | None = None
) -> list[tuple[Environment, Unavailable | None]]:
    """Return what ``project`` may choose, each with why the engine cannot serve it."""
    name = engine or settings.ATELIER_ENGINE
    return [
        (e, availability.of_environment(e.local_runtime, name))
        for e in offered_environments(project)
    ]


def available_profiles(
    project: Project, engine: str | None = None
) -> list[tuple[Profile, Unavailable | None]]:
    """Return what ``project`` may choose, each with why the engine can never serve it."""
    name = engine or settings.ATELIER_ENGINE
    largest = capacity.largest(name)
    return [(p, _why_not(p, name, largest)) for p in offered_profiles(project)]


def _why_not(profile: Profile, engine: str, largest: Resources | None) -> Unavailable | None:
    why = availability.of_spark(profile.spark_executors, engine)
    parts = (availability.of_profile(part, largest) for part in _parts(profile, engine))
    return why or next((why for why in parts if why), None)


def _parts(profile: Profile, engine: str) -> list[Resources]:
    """Return what has to fit in one machine each: where executors are pods, they go apart."""
    if engine in availability.LOCAL_ENGINES or not profile.spark_executor_resources:
        return [profile.total_resources]
    return [profile.as_resources, Resources.from_json(profile.spark_executor_resources)]


def visible(model: type[Choice], user: User, project: Project | None) -> "QuerySet[Any, Any]":
    """Return what ``user`` may see: all of it for admins, else what his projects are offered."""
    if project is not None:
        return model.objects.offered_to(project)
    found = model.objects.living()
    if not user.is_auditor:
        mine = Project.objects.visible_to(user)
        open_to_me = Q(all_projects=True) | Q(projects__in=mine)
        # A subquery rather than DISTINCT, which would compare whole rows.
        ids = model.objects.living().filter(open_to_me, enabled=True).values("pk")
        found = found.filter(pk__in=ids)
    return found


def environment_rows(found: "QuerySet[Any, Any]") -> list[dict[str, Any]]:
    """Return environments as they are shown, in order, without their reason."""
    return list(
        _with_projects(found, Environment)
        .order_by(*ORDER)
        .values(*ENVIRONMENT_FIELDS, "shared_with")
    )


def profile_rows(found: "QuerySet[Any, Any]") -> list[dict[str, Any]]:
    """Return profiles as they are shown, in order, without their reason."""
    return list(
        _with_projects(found, Profile).order_by(*ORDER).values(*PROFILE_FIELDS, "shared_with")
    )


def _with_projects(found: "QuerySet[Any, Any]", model: type[Choice]) -> "QuerySet[Any, Any]":
    links = model.projects.through._default_manager
    mine = links.filter(**{model.__name__.lower(): OuterRef("pk")}).order_by()
    ids = mine.values(model.__name__.lower()).annotate(ids=ArrayAgg("project_id")).values("ids")
    rows: QuerySet[Any, Any] = found.annotate(shared_with=Coalesce(Subquery(ids), Value([])))
    return rows


def shown_environment(row: dict[str, Any], user: User) -> dict[str, Any]:
    """Return one row with its reason; which projects share it is for those who read all."""
    why = availability.of_environment(row["local_runtime"], settings.ATELIER_ENGINE)
    return _shown(row, user, why)


def shown_profile(row: dict[str, Any], user: User, largest: Resources | None) -> dict[str, Any]:
    """Return one row with its reason."""
    profile = Profile(
        resources=row["resources"],
        spark_executors=row["spark_executors"],
        spark_executor_resources=row["spark_executor_resources"],
    )
    return _shown(row, user, _why_not(profile, settings.ATELIER_ENGINE, largest))


def _shown(row: dict[str, Any], user: User, why: Unavailable | None) -> dict[str, Any]:
    projects = row.pop("shared_with")
    return {
        **row,
        "projects": sorted(projects) if user.is_auditor else [],
        "unavailable_reason": reason(why, user.language),
    }


def reason(why: Unavailable | None, language: str) -> dict[str, str] | None:
    """Return the reason as a person reads it."""
    if why is None:
        return None
    sentence = describe(why.code, why.params, language)
    return {"code": sentence.code, "text": sentence.text, "action": sentence.action}


def profile_list(project: Project) -> list[dict[str, Any]]:
    """Return the project's choices in KubeSpawner's ``profile_list`` vocabulary."""
    environments = {
        e.slug: {"display_name": e.name, "kubespawner_override": {"image": e.image}}
        for e in offered_environments(project)
    }
    return [
        {
            "slug": profile.slug,
            "display_name": profile.name,
            "description": profile.description,
            "default": place == 0,
            "kubespawner_override": kubespawner_override(profile),
            "profile_options": {
                "environment": {"display_name": "Environment", "choices": environments}
            },
        }
        for place, profile in enumerate(offered_profiles(project))
    ]


def kubespawner_override(profile: Profile) -> dict[str, Any]:
    """Return one profile's override: guarantee equals limit, so that what is reserved is had."""
    needs = profile.as_resources
    accelerators = {kind: str(count) for kind, count in needs.accelerators.items()}
    override: dict[str, Any] = {
        "cpu_limit": needs.cpu_millicores / 1000,
        "cpu_guarantee": needs.cpu_millicores / 1000,
        "mem_limit": needs.memory_bytes,
        "mem_guarantee": needs.memory_bytes,
    }
    if accelerators:
        override["extra_resource_limits"] = accelerators
        override["extra_resource_guarantees"] = accelerators
    if profile.node_selector:
        override["node_selector"] = profile.node_selector
    if profile.tolerations:
        override["tolerations"] = profile.tolerations
    return override
