"""What stands in for Jupyter behind the test hub: answers every GET with 200."""

import os
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlsplit


class Always(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("X-JupyterHub-Version", "6.1.1")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


name = os.environ["JUPYTERHUB_SERVER_NAME"]
while Path(os.environ["TINY_FOLDER"], f"hold-{name}").exists():
    time.sleep(0.05)
address = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"])
HTTPServer((address.hostname or "", address.port or 0), Always).serve_forever()
