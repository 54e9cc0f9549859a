"""Plain Python that every other room stands on: no Django, no Celery, no I/O."""
