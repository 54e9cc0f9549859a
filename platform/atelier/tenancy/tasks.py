"""The tenancy worker's tasks; all go to the queue ``tenancy`` by their names."""

from atelier.tenancy import capacity, services
from atelier.toolkit.orm import single_flight, try_lock
from atelier.toolkit.tasks import task

EVERY_SECONDS = 30


@task(services.SYNC)
def sync(project_id: str) -> None:
    """Bring the place of one project to what it should be."""
    services.ensure(project_id)


@task(services.SWEEP, every=EVERY_SECONDS)
def sweep() -> None:
    """Look after every place."""
    with single_flight("tenancy.sweep") as mine:
        if mine:
            services.sweep()


@task("tenancy.measure", every=EVERY_SECONDS)
def measure() -> None:
    """Publish what the cluster could give."""
    with try_lock("tenancy.measure") as mine:
        if mine:
            capacity.measure()
