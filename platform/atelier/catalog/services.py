"""What admins can do to the catalog, and what it holds on the first day."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from atelier.accounts.models import User
from atelier.accounts.policies import can_administer, require
from atelier.audit import services as audit
from atelier.catalog.models import Choice, Environment, Profile
from atelier.core.errors import Conflict, InvalidSpec, NotFound, PreconditionFailed
from atelier.core.resources import Resources
from atelier.projects.models import Project

C = TypeVar("C", bound=Choice)
GIB = 2**30

# Amounts that a reader of the audit log needs; many-to-many and bookkeeping are told apart.
_NOT_AUDITED = frozenset({"id", "created", "deleted_at", "version"})


@transaction.atomic
def create_choice(model: type[C], *, actor: User, draft: Mapping[str, Any]) -> C:
    """Add an environment or a profile."""
    require(can_administer(actor))
    fields = {k: v for k, v in draft.items() if k != "projects"}
    _check(model, fields)
    projects = _projects(draft.get("projects", ()))
    try:
        with transaction.atomic():
            choice = model.objects.create(**fields)
    except IntegrityError as error:
        raise Conflict("NAME_TAKEN", {"name": fields["slug"]}, field="slug") from error
    choice.projects.set(projects)
    audit.record(actor, f"{_word(model)}.created", choice, after=_state(choice))
    return choice


@transaction.atomic
def change_choice(
    model: type[C], *, actor: User, pk: str, version: int, changes: Mapping[str, Any]
) -> C:
    """Change an environment or a profile; what runs keeps what it was started with."""
    require(can_administer(actor))
    choice = _locked(model, pk)
    if choice.version != version:
        raise PreconditionFailed
    before = _state(choice)
    fields = {k: v for k, v in changes.items() if k != "projects"}
    for name, value in fields.items():
        setattr(choice, name, value)
    _check(model, {name: getattr(choice, name) for name in _spark_fields(model)})
    if "projects" in changes:
        choice.projects.set(_projects(changes["projects"]))
    after = _state(choice)
    if after != before:
        choice.version += 1
        choice.save(update_fields=[*fields, "version"])
        audit.record(actor, f"{_word(model)}.changed", choice, before=before, after=after)
    return choice


@transaction.atomic
def delete_choice(model: type[C], *, actor: User, pk: str, version: int) -> None:
    """Take an environment or profile away; past and present runs still name it."""
    require(can_administer(actor))
    choice = _locked(model, pk)
    if choice.version != version:
        raise PreconditionFailed
    choice.deleted_at = timezone.now()
    choice.enabled = False
    choice.version += 1
    choice.save(update_fields=("deleted_at", "enabled", "version"))
    audit.record(actor, f"{_word(model)}.deleted", choice, before=_state(choice))


def _locked(model: type[C], pk: str) -> C:
    choice: C | None = model.objects.living().select_for_update().filter(pk=pk).first()
    if choice is None:
        raise NotFound
    return choice


def _word(model: type[Choice]) -> str:
    return model.__name__.lower()


def _state(choice: Choice) -> dict[str, Any]:
    """Return the fields for the audit log."""
    names = [f.name for f in choice._meta.concrete_fields if f.name not in _NOT_AUDITED]
    projects = sorted(choice.projects.values_list("pk", flat=True))
    return {**{name: getattr(choice, name) for name in names}, "projects": projects}


def _projects(ids: Any) -> list[Project]:
    found = {p.pk: p for p in Project.objects.filter(pk__in=list(ids))}
    for pk in ids:
        if pk not in found:
            raise InvalidSpec("UNKNOWN_PROJECT", {"project": pk[:30]}, field="projects")
    return list(found.values())


def _spark_fields(model: type[Choice]) -> tuple[str, ...]:
    return ("spark_executors", "spark_executor_resources") if model is Profile else ()


def _check(model: type[Choice], fields: Mapping[str, Any]) -> None:
    if fields.get("spark_executors") and not fields.get("spark_executor_resources"):
        raise InvalidSpec("EXECUTORS_NEED_RESOURCES", field="spark_executor_resources")


# --- the first day -----------------------------------------------------------------------------


def _size(cores: int, gib: int, **accelerators: int) -> dict[str, Any]:
    return Resources(cores * 1000, gib * GIB, accelerators=accelerators).to_json()


_GPU = {"nvidia.com/gpu": 1}

DEFAULT_ENVIRONMENTS: tuple[dict[str, Any], ...] = (
    {
        "slug": "python-data-science",
        "name": "Python data science",
        "description": "JupyterLab with NumPy, pandas, scikit-learn, XGBoost and MLflow's client.",
        "image": settings.ATELIER_NOTEBOOK_IMAGE,
        "local_runtime": "runtime",
        "ordering": 10,
    },
)

DEFAULT_PROFILES: tuple[dict[str, Any], ...] = (
    {
        "slug": "small",
        "name": "Small",
        "description": "For editing and small data.",
        "resources": _size(1, 2),
        "ordering": 10,
    },
    {
        "slug": "medium",
        "name": "Medium",
        "description": "For most data sets.",
        "resources": _size(2, 8),
        "ordering": 20,
    },
    {
        "slug": "large",
        "name": "Large",
        "description": "For data that fills memory.",
        "resources": _size(4, 16),
        "shared_memory_bytes": GIB,
        "ordering": 30,
    },
    {
        "slug": "gpu",
        "name": "GPU",
        "description": "For training neural networks.",
        "kind_label": "gpu",
        "resources": _size(4, 16, **_GPU),
        "shared_memory_bytes": 4 * GIB,
        "ordering": 40,
    },
    {
        "slug": "spark",
        "name": "Spark",
        "description": "For data larger than one machine.",
        "kind_label": "spark",
        "resources": _size(2, 4),
        "spark_executors": 2,
        "spark_executor_resources": _size(1, 2),
        "ordering": 50,
    },
)


@transaction.atomic
def ensure_defaults(*, packages: Mapping[str, list[dict[str, str]]] | None = None) -> None:
    """Fill an empty catalog. What admins changed or deleted later is left alone.

    ``packages`` tells, by local runtime, what is installed; it is brought up to date each time.
    """
    for model, defaults in ((Environment, DEFAULT_ENVIRONMENTS), (Profile, DEFAULT_PROFILES)):
        if model.objects.exists():
            continue
        for fields in defaults:
            choice = model.objects.create(**fields)
            audit.record(None, f"{_word(model)}.created", choice, after=_state(choice))
    for runtime, installed in (packages or {}).items():
        Environment.objects.filter(local_runtime=runtime).exclude(packages=installed).update(
            packages=installed
        )
