"""The ``atelier`` command: a thin door over the SDK."""
