"""The name of a run in the hub: whose server, which one, and for which workload.

The hub knows servers by user and name, and a name is used again by every run of the same durable
server. The workload id tells the runs apart.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slot:
    """``<user>/<server>/<workload id>``; the id is empty for a server nobody asked us for."""

    user: str
    server: str
    workload_id: str

    def __str__(self) -> str:
        return f"{self.user}/{self.server}/{self.workload_id}"

    @property
    def address(self) -> tuple[str, str]:
        """Return what the hub knows it by."""
        return self.user, self.server

    @classmethod
    def parse(cls, name: str) -> "Slot":
        """Read a run's name; raises ValueError for what is not one."""
        user, server, workload_id = name.split("/")
        if not user:
            raise ValueError(f"{name!r} names no user")
        return cls(user, server, workload_id)
