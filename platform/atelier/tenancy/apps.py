from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """Places follow what happens to projects, limits and workloads."""

    name = "atelier.tenancy"
    label = "tenancy"

    def ready(self) -> None:
        """Register with the layers below."""
        from atelier.catalog import capacity as catalog_capacity  # noqa: PLC0415  # models first
        from atelier.projects import hooks as project_hooks  # noqa: PLC0415
        from atelier.quotas import hooks as quota_hooks  # noqa: PLC0415
        from atelier.tenancy import capacity, selectors, services  # noqa: PLC0415
        from atelier.workloads import hooks as workload_hooks  # noqa: PLC0415

        project_hooks.created.register(services.when_created)
        project_hooks.archived.register(services.when_archived)
        project_hooks.unarchived.register(services.when_archived)
        project_hooks.deleted.register(services.when_deleted)
        project_hooks.places.provide(selectors.words)
        quota_hooks.limit_set.register(services.when_limit_set)
        workload_hooks.admitted.register(services.when_admitted)
        catalog_capacity.provide(capacity.largest)
        catalog_capacity.machines.provide(capacity.machines)
