"""``python -m atelier_client`` is the ``atelier`` command."""

from atelier_client.cli.main import run

if __name__ == "__main__":
    run()
