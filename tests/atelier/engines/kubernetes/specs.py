"""Any spec that a kind could hand to the engine, for hypothesis."""

from datetime import timedelta
from string import ascii_lowercase, digits

from hypothesis import strategies as st

from atelier.core.resources import Resources
from atelier.engines.base import MemberSpec, WorkloadSpec

ids = st.text(ascii_lowercase + digits, min_size=15, max_size=15)
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
resources = st.builds(
    Resources,
    st.integers(1, 10**6),
    st.integers(1, 2**45),
    st.integers(0, 2**40),
    st.dictionaries(
        st.sampled_from(["nvidia.com/gpu", "amd.com/gpu", "example.com/tpu-v5"]),
        st.integers(0, 8),
        max_size=2,
    ),
)
tolerations = st.fixed_dictionaries(
    {"key": st.sampled_from(["gpu", "dedicated"])},
    optional={
        "operator": st.sampled_from(["Exists", "Equal"]),
        "effect": st.sampled_from(["NoSchedule", "NoExecute"]),
        # What a catalogue must not be able to slip in.
        "hostPath": texts,
    },
)
settings = st.fixed_dictionaries(
    {},
    optional={
        "node_selector": st.dictionaries(st.sampled_from(["pool", "zone"]), st.just("a")),
        "tolerations": st.lists(tolerations, max_size=2),
        "shared_memory_bytes": st.integers(0, 2**33),
        "grace_seconds": st.integers(1, 300),
        "run_as_user": st.integers(1, 65000),
        "component": st.sampled_from(["job", "step"]),
        "local_runtime": texts,
        # What no spec may decide.
        "securityContext": st.just({"privileged": True}),
        "serviceAccountName": st.just("default"),
        "hostNetwork": st.just(True),
        "volumes": st.just([{"name": "x", "hostPath": {"path": "/"}}]),
    },
)
_HOSTILE = ("LD_PRELOAD", "HOME", "TMPDIR", "PATH", "KUBERNETES_SERVICE_HOST")


@st.composite
def specs(draw: st.DrawFn) -> WorkloadSpec:
    """Return any spec of the engine's own kind."""
    workload, project, attempt = f"w{draw(ids)}", f"p{draw(ids)}", draw(st.integers(1, 99))
    namespace = f"atelier-{project}"
    count = draw(st.integers(1, 64))
    return WorkloadSpec(
        name=f"{namespace}/{workload}-{attempt}",
        workload_id=workload,
        attempt=attempt,
        project_id=project,
        namespace=namespace,
        owner_name=draw(texts),
        members=(MemberSpec(draw(st.sampled_from(["main", "rank"])), count, draw(resources)),),
        environment=draw(texts),
        image=draw(st.sampled_from(["localhost/trainer:0.1.0", "example.com/x@sha256:0"])),
        command=tuple(draw(st.lists(texts, max_size=3))),
        env=draw(st.dictionaries(st.sampled_from(("A", "B_1", *_HOSTILE)), texts, max_size=4)),
        lifetime=draw(st.none() | st.timedeltas(timedelta(), timedelta(days=400))),
        port=draw(st.none() | st.integers(1024, 65535)),
        labels=draw(st.dictionaries(texts, texts, max_size=2)),
        settings=draw(settings),
    )  # fmt: skip
