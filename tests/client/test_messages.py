"""The client's own words, in both languages."""

from __future__ import annotations

import string

import pytest

from atelier_client.cli.words import WORDS, w
from atelier_client.messages import MESSAGES, STATUS, language, named_language, status_word, t

EVERY = {**MESSAGES, **WORDS}
# Words that are the same in both languages.
ALIKE = {"slug", "description", "cpu", "email"}


def _placeholders(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text)} - {None}


@pytest.mark.parametrize("code", EVERY)
def test_both_languages_fill_the_same_placeholders(code: str) -> None:
    english, french = EVERY[code]

    assert _placeholders(english) == _placeholders(french)
    assert english != french or code in ALIKE


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "ATELIER_LANG": "fr"}, "fr"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "fr:en"}, "fr"),
    ],
)
def test_the_language_comes_from_the_environment(environ: dict[str, str], expected: str) -> None:
    assert language(environ) == expected


@pytest.mark.parametrize("lang", ["", "C", "C.UTF-8", "POSIX"])
def test_an_environment_that_names_no_language_leaves_it_to_the_profile(lang: str) -> None:
    assert named_language({"LANG": lang}) is None
    assert language({"LANG": lang}) == "en"


def test_a_sentence_is_said_in_french(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")

    assert t("no_token", url="http://x") == "Vous n’êtes pas connecté à http://x."
    assert w("unlimited") == "illimité"
    assert status_word("starting") == "Démarrage"


def test_a_status_the_client_does_not_know_stays_readable() -> None:
    assert status_word("hibernating") == "hibernating"
    assert status_word("running") == STATUS["running"][0] == "Running"
