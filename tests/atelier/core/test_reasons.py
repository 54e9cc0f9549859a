"""Every code speaks English and French, and says the same things in both."""

import string

import pytest

from atelier.core.reasons import REASONS, Wording, describe


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", sorted(REASONS))
def test_a_reason_is_written_in_both_languages(code: str) -> None:
    wording: Wording = REASONS[code]

    assert wording.en
    assert wording.fr
    assert bool(wording.do_en) == bool(wording.do_fr)
    assert fields(wording.en) == fields(wording.fr)
    assert fields(wording.do_en) == fields(wording.do_fr)


@pytest.mark.parametrize("code", sorted(REASONS))
def test_a_reason_has_no_exclamation_mark_and_ends_its_sentence(code: str) -> None:
    wording = REASONS[code]

    for text in filter(None, (wording.en, wording.fr, wording.do_en, wording.do_fr)):
        assert "!" not in text
        assert text.endswith((".", "}"))


def test_a_reason_reads_in_the_language_asked_for() -> None:
    english = describe("CANCELLED", {"by": "alice"})
    french = describe("CANCELLED", {"by": "alice"}, "fr")

    assert english.text == "alice stopped it."
    assert french.text == "alice l’a arrêté."


def test_a_missing_parameter_reads_as_a_dash() -> None:
    assert "–" in describe("TOO_MANY_ATTEMPTS").action


def test_an_unknown_code_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        describe("SOMETHING_ELSE")
