"""Where a sign-in may lead (S16)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atelier.core.addresses import is_own_path

OWN = [
    "/", "/p/churn/notebooks", "/p/churn/jobs?status=failed&sort=-started",
    "/oauth/authorize/?client_id=hub&redirect_uri=http%3A%2F%2F127.0.0.1%3A8001%2Fhub%2Fcb&state=a",
    "/p/churn?q=a@b.org", "/a:b", "/é".replace("é", "%C3%A9"),
]  # fmt: skip
FOREIGN = [
    "", "evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "\\/evil.example", "https:evil.example", "https://evil.example", "http:///evil.example",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "/%0d%0aSet-Cookie:x=1",
    "/%0D%0A", "/p\r\nLocation: x", "/\t/evil.example", "\t//evil.example", " //evil.example",
    "/ /evil.example", "@evil.example", "https://localhost:8000@evil.example",
    "https://localhost:8000.evil.example", "/%2F%2Fevil.example", "/%5Cevil.example", "/\x00",
    "/%00", "/?a=%0d%0ab", "/é", "/\u2044evil", "/a\u202e", "/" + "a" * 5000, "/#x", "/<script>",
]  # fmt: skip


@pytest.mark.parametrize("path", OWN)
def test_s16_a_path_of_this_site_is_accepted(path: str) -> None:
    assert is_own_path(path)


@pytest.mark.parametrize("path", FOREIGN)
def test_s16_anything_else_is_not(path: str) -> None:
    assert not is_own_path(path)


@given(st.text())
def test_s16_whatever_is_accepted_begins_with_one_slash_and_is_plain(text: str) -> None:
    if is_own_path("/" + text):
        assert not text.startswith(("/", "\\"))
        assert text.isascii()
        assert text.isprintable()
