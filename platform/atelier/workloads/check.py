"""Would it fit? One answer for every kind: quotas, the engine and what the kind itself knows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from atelier.accounts.models import User
from atelier.core.reasons import describe
from atelier.core.resources import Resources
from atelier.engines.base import Measured, MemberSpec
from atelier.projects.hooks import places
from atelier.quotas.models import Scope
from atelier.quotas.selectors import Lines, Verdict
from atelier.workloads import engines, kinds
from atelier.workloads.kinds import Choice, Kind, Obstacle, Proposal
from atelier.workloads.selectors import reason, resources_text

MOST_CHOICES = 3
_QUOTA = {
    Scope.PROJECT: ("project_quota", "CHECK_PROJECT_QUOTA"),
    Scope.USER: ("user_quota", "CHECK_USER_QUOTA"),
    Scope.PLATFORM: ("platform_quota", "CHECK_PLATFORM_QUOTA"),
}
_OTHERS = (("engine", "CHECK_ENGINE"), ("image", "CHECK_IMAGE"))
_VERDICT: Mapping[Verdict, Literal["fits", "waits", "never"]] = {
    "ok": "fits",
    "waits": "waits",
    "never": "never",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that has to be in order, and the code that says how it is."""

    name: str
    state: Verdict
    code: str
    params: Mapping[str, Any]


def check(user: User, kind_name: str, question: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Return the answer of ``POST /check``; what cannot be read is refused by the kind."""
    kind = kinds.get(kind_name)
    proposal = kind.propose(user, question)
    lines = Lines(user.pk, proposal.project.pk)
    conditions = list(_conditions(kind, proposal, lines))
    worst = max(conditions, key=lambda c: ("ok", "waits", "never").index(c.state))
    starts_in = proposal.usual_start_seconds if worst.state == "ok" else None
    return {
        "verdict": _VERDICT[worst.state],
        "headline": _headline(worst, starts_in, lang),
        "reason": None if worst.state == "ok" else reason(worst.code, worst.params, lang),
        "choices": [] if worst.state == "ok" else _choices(kind, proposal, lines, lang),
        "conditions": [
            {"code": c.name, "state": c.state, "text": reason(c.code, c.params, lang)["text"]}
            for c in conditions
        ],
        "starts_in_seconds": starts_in,
    }


def _headline(worst: Condition, starts_in: int | None, lang: str) -> str:
    if worst.state != "ok":
        return reason(worst.code, worst.params, lang)["text"]
    if starts_in is None:
        return describe("CHECK_FITS", {}, lang).text
    return describe("CHECK_FITS_IN", {"seconds": starts_in}, lang).text


def _conditions(kind: Kind, proposal: Proposal, lines: Lines) -> Iterable[Condition]:
    for room in lines.rooms(kind.claims(proposal.resources, proposal.replicas)):
        name, fine = _QUOTA[room.scope]
        code = fine if room.verdict == "ok" else "QUOTA_EXCEEDED"
        yield Condition(name, room.verdict, code, room.params)
    obstacles = [*proposal.obstacles, *_of_engine(kind, proposal)]
    for name, fine in _OTHERS:
        mine = sorted((o for o in obstacles if o.condition == name), key=lambda o: not o.forever)
        if mine:
            state: Verdict = "never" if mine[0].forever else "waits"
            yield Condition(name, state, mine[0].code, mine[0].params)
        else:
            yield Condition(name, "ok", fine, {})


def _of_engine(kind: Kind, proposal: Proposal) -> list[Obstacle]:
    why = _why_not(kind, proposal.engine, proposal.resources, proposal.replicas)
    return [*([Obstacle(*why)] if why else []), *_of_place(proposal)]


def _of_place(proposal: Proposal) -> list[Obstacle]:
    """Return what keeps the project's place from being ready; it is worked on all the time."""
    project_id = proposal.project.pk
    place = places([project_id]).get(project_id)
    return [Obstacle(place.code, place.params, forever=False)] if place and place.code else []


def _why_not(
    kind: Kind, engine_name: str, resources: Resources, replicas: int
) -> tuple[str, Mapping[str, Any]] | None:
    engine = engines.get(engine_name or kind.engine())
    if not isinstance(engine, Measured):
        return None
    return engine.why_not((MemberSpec("main", replicas, resources),))


def _choices(kind: Kind, proposal: Proposal, lines: Lines, lang: str) -> list[dict[str, Any]]:
    """Return up to three other profiles that would fit now, nearest first."""
    fitting = [
        choice
        for choice in proposal.choices
        if lines.fit(kind.claims(choice.resources, proposal.replicas))
        and not _why_not(kind, proposal.engine, choice.resources, proposal.replicas)
    ]
    fitting.sort(key=lambda choice: _distance(choice, proposal.resources))
    return [_shown(choice, lang) for choice in fitting[:MOST_CHOICES]]


def _distance(choice: Choice, asked: Resources) -> tuple[float, str]:
    """How far a choice is from what was asked, each resource in proportion."""
    ours, theirs = choice.resources.as_claims(), asked.as_claims()
    names = {*ours, *theirs}
    parts = (
        abs(ours.get(n, 0) - theirs.get(n, 0)) / max(ours.get(n, 0), theirs.get(n, 0), 1)
        for n in names
    )
    return (sum(parts), choice.profile_name)


def _shown(choice: Choice, lang: str) -> dict[str, Any]:
    text = resources_text(choice.resources.as_claims())[lang if lang == "fr" else "en"]
    return {"profile": {"id": choice.profile_id, "name": choice.profile_name}, "text": text}
