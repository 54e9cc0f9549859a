"""What the spawner says happened: it rings sooner and gives reasons; it decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from atelier.core.reasons import REASONS
from atelier.notebooks import pods
from atelier.notebooks.models import Run
from atelier.workloads import services as workloads


@dataclass(frozen=True, slots=True)
class Doorbell:
    """Something that happened to a server, as the spawner tells it."""

    event: str
    workload_id: str
    spawn_id: str = ""
    code: str = ""
    detail: str = ""
    exit_code: int | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


_STEPS = {"started": "placed", "answering": "answering"}
_ENDS = frozenset({"stopped", "failed"})
_LONGEST_DETAIL = 600


def hear(bell: Doorbell) -> None:
    """Note a step or a reason, and have the workload looked at."""
    run = (
        Run.objects.select_related("workload", "environment", "profile")
        .filter(pk=bell.workload_id)
        .first()
    )
    if run is None or (bell.spawn_id and run.spawn_id and bell.spawn_id != run.spawn_id):
        return  # of a start that is none of ours any more
    if (step := _STEPS.get(bell.event)) is not None:
        workloads.note_step(run.workload, step)
    elif bell.event in _ENDS:
        _note_end(run, bell)
    workloads.look_now(run.workload)


def _note_end(run: Run, bell: Doorbell) -> None:
    code, params = end_reason(bell)
    if code:
        params = {**pods.known_params(run).get(code, {}), **params}
        # The first reason counts: what follows it is its consequence.
        Run.objects.filter(pk=run.pk, end_code="").update(end_code=code, end_params=params)


def end_reason(bell: Doorbell) -> tuple[str, dict[str, Any]]:
    """Return why a process ended: a code of core.reasons and its parameters, '' when unknown."""
    params: dict[str, Any] = {"detail": bell.detail[:_LONGEST_DETAIL] or "–", **bell.params}
    if bell.exit_code is not None:
        params["exit_code"] = bell.exit_code
    if bell.code in REASONS:
        return bell.code, params
    if bell.event == "failed":
        return "START_FAILED", params
    if bell.exit_code == 0:
        return "STOPPED_OUTSIDE", params  # Shut Down in JupyterLab
    if bell.exit_code is not None:
        return "EXIT_NONZERO", params
    return "", params
