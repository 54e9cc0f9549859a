"""Addresses of the quotas feature."""

from django.urls import URLPattern, URLResolver

api: list[URLPattern | URLResolver] = []
