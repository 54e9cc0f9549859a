"""Addresses of the accounts feature."""

from django.urls import URLPattern, URLResolver

api: list[URLPattern | URLResolver] = []
