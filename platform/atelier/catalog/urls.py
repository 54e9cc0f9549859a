"""Addresses of the catalog feature."""

from django.urls import URLPattern, URLResolver

api: list[URLPattern | URLResolver] = []
