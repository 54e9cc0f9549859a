"""Glue between the platform and Django, DRF, Celery and Redis. Knows no feature."""
