"""Where the cluster is and who we are: only what is safe is taken, tokens are read anew."""

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from atelier.core.errors import EngineUnavailable
from atelier.engines.kubernetes import Cluster, access
from atelier.engines.kubernetes.access import Access, BadAccess, load

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def certificate(folder: Path, address: str = "127.0.0.1") -> tuple[Path, Path]:
    """Make a certificate that is its own authority, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=36500))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    crt, pem = folder / "tls.crt", folder / "tls.key"
    crt.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return crt, pem


class Server:
    """Answers every request with the Authorization it came with."""

    def __init__(self, crt: Path, key: Path) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                said = self.headers.get("Authorization", "")
                body = f'{{"said": "{said}"}}'.encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Be quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.handle_error = lambda *args: None  # type: ignore[method-assign]  # refused handshakes
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(crt, key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(*certificate(tmp_path))
    yield made
    made.close()


def kubeconfig(folder: Path, url: str, user: dict[str, Any], **cluster: Any) -> Path:
    cluster = {"server": url, "certificate-authority": "tls.crt", **cluster}
    file = folder / "kubeconfig"
    file.write_text(
        yaml.safe_dump(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "current-context": "c",
                "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
                "clusters": [{"name": "c", "cluster": cluster}],
                "users": [{"name": "u", "user": user}],
            }
        )
    )
    return file


def said(cluster: Cluster) -> str:
    text: str = cluster.get("pods", "n", "p")["said"]
    return text


def test_a_token_goes_in_the_header(tmp_path: Path, server: Server) -> None:
    cluster = Cluster(load(kubeconfig(tmp_path, server.url, {"token": "secret"})))

    assert said(cluster) == "Bearer secret"
    cluster.close()


def test_a_token_of_a_file_is_read_again(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "READ_TOKEN_AGAIN_SECONDS", -1.0)
    (tmp_path / "token").write_text("old\n")
    cluster = Cluster(load(kubeconfig(tmp_path, server.url, {"tokenFile": "token"})))
    assert said(cluster) == "Bearer old"

    (tmp_path / "token").write_text("new\n")

    assert said(cluster) == "Bearer new"
    (tmp_path / "token").unlink()
    with pytest.raises(EngineUnavailable):
        said(cluster)
    cluster.close()


def test_a_server_with_a_certificate_of_somebody_else_is_not_spoken_to(
    tmp_path: Path, server: Server
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    certificate(other)
    cluster = Cluster(load(kubeconfig(other, server.url, {"token": "secret"})))

    with pytest.raises(EngineUnavailable):
        said(cluster)
    cluster.close()


def test_a_server_under_another_name_is_not_spoken_to(tmp_path: Path) -> None:
    server = Server(*certificate(tmp_path, "10.0.0.1"))
    cluster = Cluster(load(kubeconfig(tmp_path, server.url, {"token": "secret"})))

    with pytest.raises(EngineUnavailable):
        said(cluster)
    cluster.close()
    server.close()


def test_a_kubeconfig_that_skips_the_check_is_refused(tmp_path: Path) -> None:
    certificate(tmp_path)
    file = kubeconfig(
        tmp_path,
        "https://127.0.0.1:1",
        {"token": "x"},
        **{"insecure-skip-tls-verify": True},
    )

    with pytest.raises(BadAccess, match="skips the check"):
        load(file)


@pytest.mark.parametrize("url", ["http://10.0.0.1:80", "http://example.com", "ftp://127.0.0.1"])
def test_nothing_is_sent_in_the_clear_beyond_this_machine(url: str) -> None:
    with pytest.raises(BadAccess, match="https"):
        Access(url, lambda: None)


@pytest.mark.parametrize("text", ["", "{", "[]", "kind: Config", "current-context: x"])
def test_a_file_that_is_no_kubeconfig_is_refused_by_its_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "broken.kubeconfig"
    file.write_text(text)

    with pytest.raises(BadAccess, match=r"broken\.kubeconfig"):
        load(file)


def test_without_a_kubeconfig_and_outside_a_pod_there_is_no_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    with pytest.raises(BadAccess, match="account of this pod"):
        load("")

    with pytest.raises(EngineUnavailable):
        Cluster(load).get("pods", "n", "p")
