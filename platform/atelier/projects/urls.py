"""Addresses of the projects feature."""

from django.urls import URLPattern, URLResolver

api: list[URLPattern | URLResolver] = []
