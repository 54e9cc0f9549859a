"""Where higher layers join what happens to workloads; all run in its transaction."""

from atelier.toolkit.hooks import Hook
from atelier.workloads.models import Workload

# (workload): it has its reservation, and is about to be handed to its engine.
admitted: Hook[[Workload]] = Hook("workloads.admitted")
