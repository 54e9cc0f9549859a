"""Addresses of the audit feature."""

from django.urls import URLPattern, URLResolver

api: list[URLPattern | URLResolver] = []
