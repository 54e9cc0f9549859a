"""A project's namespace in the cluster: brought to its manifests, looked at, taken away.

An object is ours by its labels, a namespace also by the UID it was made with: so a label taken
away by hand is drift and not the end of ownership, and a namespace that somebody else made under
our name is never touched.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from atelier.core.errors import EngineUnavailable, Refused
from atelier.engines.kubernetes import objects, quantities
from atelier.engines.kubernetes.client import Cluster, Json
from atelier.engines.kubernetes.errors import ApiError, Missing
from atelier.engines.kubernetes.namespaces import MEMBERS_PREFIX, POLICIES, SERVED

FIELD_MANAGER = "atelier-tenancy"
_PLURALS: Mapping[str, str] = {
    "Namespace": "namespaces",
    "NetworkPolicy": "networkpolicies",
    "ResourceQuota": "resourcequotas",
    "LimitRange": "limitranges",
    "ServiceAccount": "serviceaccounts",
    "RoleBinding": "rolebindings",
}
# The part of each kind that is ours as a whole; labels are beside it.
_PARTS: Mapping[str, tuple[str, ...]] = {
    "Namespace": (),
    "NetworkPolicy": ("spec",),
    "ResourceQuota": ("spec",),
    "LimitRange": ("spec",),
    "ServiceAccount": ("automountServiceAccountToken",),
    "RoleBinding": ("roleRef", "subjects"),
}
Key = tuple[str, str, str]  # kind, namespace, name
Found = Mapping[Key, Json]


@dataclass(frozen=True, slots=True)
class Brought:
    """A namespace as it is now: its UID, what was written and what was taken away."""

    uid: str
    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Tell whether anything was not as it should be."""
        return bool(self.written or self.removed)


class Places:
    """The namespaces of one installation's projects."""

    def __init__(self, cluster: Cluster, instance: str) -> None:
        self._cluster = cluster
        self._instance = instance

    def look(self, namespace: str = "") -> Found:
        """Return what of this installation is in the cluster, or in one namespace of it."""
        mine = f"{objects.INSTANCE}={objects.label_value(self._instance)}"
        found: dict[Key, Json] = {}
        for kind, plural in _PLURALS.items():
            if kind == "Namespace" and namespace:
                listed = [one for one in [self._namespace(namespace)] if one is not None]
            else:
                listed = self._cluster.list(plural, namespace, labels=mine)
            for one in listed:
                found[key_of({"kind": kind, **one})] = one
        return found

    def bring(self, manifests: list[Json], seen: Found, *, uid: str) -> Brought:
        """Bring a namespace to its manifests; what ``seen`` shows to be right is not written.

        ``uid`` is that of the namespace when it was last brought, '' before. Raises Refused
        FOREIGN_OBJECT when the namespace is somebody else's, EngineUnavailable: NAMESPACE_PENDING
        while an earlier one of the name is still going away, CLUSTER_DENIED when we lack a right.
        """
        try:
            return self._bring(manifests, seen, uid)
        except ApiError as said:
            raise _denied(said) from said

    def remove(self, namespace: str, project_id: str, *, uid: str) -> bool:
        """Ask for the end of a namespace that is ours; tell whether nothing of it is left."""
        try:
            now = self._namespace(namespace)
            if now is None or not self._is_ours(now, project_id, uid):
                return True
            if "deletionTimestamp" not in now["metadata"]:
                # By UID: a namespace that somebody makes under the name meanwhile is not meant.
                self._cluster.delete("namespaces", "", namespace, uid=now["metadata"]["uid"])
        except ApiError as said:
            raise _denied(said) from said
        return False

    def nodes(self) -> list[Json]:
        """Return the cluster's nodes."""
        try:
            return self._cluster.list("nodes")
        except ApiError as said:
            raise _denied(said) from said

    def _bring(self, manifests: list[Json], seen: Found, uid: str) -> Brought:
        space = manifests[0]
        now = seen.get(key_of(space)) or self._make(space)
        project_id = space["metadata"]["labels"][objects.PROJECT]
        if not self._is_ours(now, project_id, uid):
            raise Refused("FOREIGN_OBJECT", {"name": space["metadata"]["name"]})
        if "deletionTimestamp" in now["metadata"]:
            raise EngineUnavailable("NAMESPACE_PENDING")
        wrong = [m for m in manifests if differs(m, seen.get(key_of(m)))]
        for manifest in wrong:
            self._write(manifest)
        extra = [key for key in seen if _is_superfluous(key, manifests)]
        for kind, namespace, name in extra:
            self._cluster.delete(_PLURALS[kind], namespace, name)
        return Brought(
            now["metadata"]["uid"],
            tuple(f"{m['kind']}/{m['metadata']['name']}" for m in wrong),
            tuple(f"{kind}/{name}" for kind, _, name in extra),
        )

    def _make(self, manifest: Json) -> Json:
        """Return the namespace, made if nobody has the name."""
        name = manifest["metadata"]["name"]
        now = self._namespace(name)  # not listed as ours: its label may have been taken away
        if now is not None:
            return now
        try:
            return self._cluster.create("namespaces", "", manifest)
        except ApiError as said:
            # Somebody was faster: a retry of ours, or a stranger.
            now = self._namespace(name) if said.status == HTTPStatus.CONFLICT else None
            if now is None:
                raise
            return now

    def _namespace(self, name: str) -> Json | None:
        try:
            return self._cluster.get("namespaces", "", name)
        except Missing:
            return None

    def _is_ours(self, namespace: Json, project_id: str, uid: str) -> bool:
        metadata = namespace["metadata"]
        marks = metadata.get("labels") or {}
        labelled = (marks.get(objects.INSTANCE), marks.get(objects.PROJECT))
        return labelled == (self._instance, project_id) or bool(uid and metadata["uid"] == uid)

    def _write(self, manifest: Json) -> None:
        """Bring one object to its manifest."""
        kind, namespace, name = key_of(manifest)
        try:
            now = self._apply(manifest)
        except ApiError as said:
            # What a binding grants cannot be changed, so a changed one makes place for ours.
            if kind != "RoleBinding" or said.status != HTTPStatus.UNPROCESSABLE_ENTITY:
                raise
            self._cluster.delete(_PLURALS[kind], namespace, name)
            now = self._apply(manifest)
        if differs(manifest, now):
            # Somebody else's additions to a map stay when ours are applied.
            whole = [
                {"op": "replace", "path": f"/{part}", "value": manifest[part]}
                for part in _PARTS[kind]
            ]
            self._patch(manifest, whole, "json-patch+json")

    def _apply(self, manifest: Json) -> Json:
        return self._patch(manifest, manifest, "apply-patch+yaml", force="true")

    def _patch(self, manifest: Json, body: Any, how: str, **query: str) -> Json:
        kind, namespace, name = key_of(manifest)
        query["fieldManager"] = FIELD_MANAGER
        return self._cluster.patch(_PLURALS[kind], namespace, name, body, how, query=query)


def key_of(manifest: Json) -> Key:
    """Return what identifies an object."""
    metadata = manifest["metadata"]
    return manifest["kind"], metadata.get("namespace", ""), metadata["name"]


def _is_superfluous(key: Key, manifests: list[Json]) -> bool:
    """Tell whether this is a policy of ours that is no longer wanted; others' are theirs."""
    kind, namespace, name = key
    if kind != "NetworkPolicy" or namespace != manifests[0]["metadata"]["name"]:
        return False
    is_named_ours = name in POLICIES or name.startswith((MEMBERS_PREFIX, f"{SERVED}-"))
    return is_named_ours and all(key_of(m) != key for m in manifests)


def _denied(said: ApiError) -> EngineUnavailable:
    """What we may not do, or what an admission rule refuses, may be allowed tomorrow."""
    return EngineUnavailable("CLUSTER_DENIED", {"detail": said.message[:300]})


# --- is it as it should be? ----------------------------------------------------------------------


def differs(manifest: Json, now: Json | None) -> bool:
    """Tell whether an object is not as its manifest says; what others added elsewhere is theirs."""
    if now is None:
        return True
    labels = now["metadata"].get("labels") or {}
    wanted = manifest["metadata"].get("labels", {})
    if any(labels.get(name) != value for name, value in wanted.items()):
        return True
    return any(
        _plain(manifest.get(part)) != _plain(now.get(part)) for part in _PARTS[manifest["kind"]]
    )


def _plain(value: Any) -> Any:
    """Return a value that compares: amounts as numbers, however the server spells them."""
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return _amount(value) if isinstance(value, str) else value


def _amount(text: str) -> str | Decimal:
    try:
        return quantities.parse(text)
    except ValueError:
        return text
