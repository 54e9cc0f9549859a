"""The Engine protocol over a hub. The hub is asked by worker processes only, never by a request."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from atelier.core.errors import Conflict, HubUnreachable
from atelier.engines.base import Observation, Owned, WorkloadSpec
from atelier.engines.jupyterhub.client import Hub
from atelier.engines.jupyterhub.observe import HubServer, observe
from atelier.engines.jupyterhub.slots import Slot

# Servers missing from the bulk look are asked for one by one, so many a time; the rest next time.
MOST_SINGLE_LOOKS = 50


class HubEngine:
    """Starts, watches and stops notebook servers through the hub's API."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def apply(self, spec: WorkloadSpec, *, generation: int) -> None:
        """Ask the hub for the server, unless it runs for this workload already.

        Raises Conflict when another workload's server holds the place. A server has one
        generation: other resources mean another workload.
        """
        slot = Slot.parse(spec.name)
        options = {"workload_id": slot.workload_id}
        display = str(spec.settings.get("display_name", ""))
        status = self._hub.start(*slot.address, options, display)
        if status == 404:
            self._hub.create_user(slot.user)
            status = self._hub.start(*slot.address, options, display)
        if status == 201:
            return
        # "Pending" and "running" are answers to a repeated start only if the server is ours.
        self._require_ours(slot, self._hub.server(*slot.address))

    @staticmethod
    def _require_ours(slot: Slot, server: HubServer | None) -> None:
        if server is not None and server.workload_id == slot.workload_id:
            return  # ours; a start that fell over already is for `observe` to tell
        if server is None or server.stopped or server.pending == "stop":
            # An old run is just leaving: another try decides.
            raise HubUnreachable(params={"detail": "the server's place is not free yet"})
        if server.workload_id:
            raise Conflict("SERVER_BUSY", {"name": slot.server})

    def observe(self, names: Iterable[str]) -> Mapping[str, Observation]:
        """Look at all ``names`` with one list; a name the hub cannot tell about now is left out."""
        slots = [Slot.parse(name) for name in names]
        if not slots:
            return {}
        listed = {(s.user, s.name): s for s in self._hub.active_servers()}
        return {o.name: o for o in self._observations(slots, listed) if o is not None}

    def _observations(
        self, slots: Iterable[Slot], listed: Mapping[tuple[str, str], HubServer]
    ) -> Iterator[Observation | None]:
        single_looks = 0
        for slot in slots:
            server = listed.get(slot.address)
            if server is None:
                # Absent from a list read in pages, or asked for a moment ago: look again, alone.
                if single_looks == MOST_SINGLE_LOOKS:
                    continue
                single_looks += 1
                server = self._hub.server(*slot.address)
            yield observe(slot, server)

    def stop(self, name: str, *, grace: timedelta) -> None:
        """Ask the hub to stop the server if it still runs for this workload.

        The grace period is the spawner's own; the hub has no way to pass one.
        """
        slot = Slot.parse(name)
        server = self._hub.server(*slot.address)
        if server is None or server.stopped or not server.is_of(slot.workload_id):
            return
        self._hub.stop(*slot.address)

    def forget(self, name: str) -> None:
        """Do nothing: a run leaves only its server's entry, and that belongs to the next run too.

        Removing it here could meet the next start half way; the entry goes with the durable server.
        """

    def inventory(self) -> Iterable[Owned]:
        """Return every live server of the hub, also those nobody asked us for."""
        return [
            Owned(str(Slot(s.user, s.name, s.workload_id)), s.workload_id, s.started)
            for s in self._hub.active_servers()
        ]
