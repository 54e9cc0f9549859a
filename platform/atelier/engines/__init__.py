"""Where workloads run. Plain Python: no Django, no Celery; one folder or module per engine."""
