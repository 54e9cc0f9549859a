"""Addresses of the workloads feature."""

from django.urls import URLPattern, URLResolver

api: list[URLPattern | URLResolver] = []
