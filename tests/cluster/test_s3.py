"""The S3 server for tests: rclone in front of a folder."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import hmac
from urllib.parse import urlsplit

import httpx
import pytest

from tests.cluster.s3 import S3

pytestmark = pytest.mark.cluster


def test_what_is_put_is_got_and_lies_in_the_folder(s3: S3) -> None:
    s3.make_bucket("models")

    put = signed(s3, "PUT", "/models/a/weights.bin", b"12345")
    got = signed(s3, "GET", "/models/a/weights.bin")

    assert (put.status_code, got.content) == (200, b"12345")
    assert (s3.folder / "models" / "a" / "weights.bin").read_bytes() == b"12345"


def test_a_wrong_key_opens_nothing(s3: S3) -> None:
    s3.make_bucket("models")
    stranger = dataclasses.replace(s3, secret_key="ANOTHERKEY123")

    assert signed(stranger, "GET", "/models").status_code == 403


def signed(s3: S3, verb: str, path: str, body: bytes = b"") -> httpx.Response:
    """A request as S3 wants it: signature version 4, region us-east-1."""
    now = datetime.datetime.now(datetime.UTC)
    date, stamp = now.strftime("%Y%m%d"), now.strftime("%Y%m%dT%H%M%SZ")
    digest = hashlib.sha256(body).hexdigest()
    headers = {
        "host": urlsplit(s3.url).netloc,
        "x-amz-content-sha256": digest,
        "x-amz-date": stamp,
    }
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    names = ";".join(headers)
    request = "\n".join([verb, path, "", lines, names, digest])
    scope = f"{date}/us-east-1/s3/aws4_request"
    text = "\n".join(
        ["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(request.encode()).hexdigest()]
    )
    key = f"AWS4{s3.secret_key}".encode()
    for part in (date, "us-east-1", "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    credential = f"Credential={s3.access_key}/{scope}"
    headers["authorization"] = (
        f"AWS4-HMAC-SHA256 {credential}, SignedHeaders={names}, Signature={signature}"
    )
    return httpx.request(verb, f"{s3.url}{path}", content=body, headers=headers, timeout=30)
