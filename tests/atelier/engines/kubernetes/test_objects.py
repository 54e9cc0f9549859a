"""Names and labels: valid everywhere, and never the same for two."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atelier.engines.kubernetes.objects import RunName, dns_label, label_value, labels, runs_of

DNS = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
VALUE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?", re.ASCII)

# Near each other on purpose: dashes, case, look-alikes, great length.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
ALIKE = st.text(st.sampled_from("aA-_.é\u0430"), max_size=80) | st.text(max_size=300)
TRAPS = [
    "a-b", "a--b", "A-b", "a_b", "a.b", "-a", "a-", "", "a" * 63, "a" * 64, "a" * 300, "é", "e",
    "\u0430lice", "alice", "alice ", "x--e3b0c44298fc1c14", "..", "a" * 62 + "-",
]  # fmt: skip


@patient
@given(ALIKE)
def test_s08_any_text_becomes_a_valid_name(text: str) -> None:
    assert DNS.fullmatch(dns_label(text))
    assert VALUE.fullmatch(label_value(text))


@patient
@given(ALIKE, ALIKE)
def test_s08_two_texts_never_share_a_name(one: str, other: str) -> None:
    if one != other:
        assert dns_label(one) != dns_label(other)
        assert label_value(one) != label_value(other)


@patient
@given(ALIKE)
def test_s08_a_name_made_up_is_nobodys_own(text: str) -> None:
    made = dns_label(text)
    if made != text:
        assert dns_label(made) != made
        assert label_value(label_value(text + "?")) != label_value(text + "?")


def test_s08_the_known_traps_stay_apart() -> None:
    assert len({dns_label(text) for text in TRAPS}) == len(TRAPS)
    assert len({label_value(text) for text in TRAPS}) == len(TRAPS)


@pytest.mark.parametrize("text", ["alice", "w0a1-3", "a-b-c", "1"])
def test_a_good_name_stays_as_it_is(text: str) -> None:
    assert dns_label(text) == label_value(text) == text


def test_a_name_can_be_shorter() -> None:
    assert len(dns_label("a" * 50, 40)) == 40


def test_a_run_is_named_by_its_namespace_and_its_own_name() -> None:
    name = RunName.parse("atelier-p1/w1-2")

    assert (name.namespace, name.run, str(name)) == ("atelier-p1", "w1-2", "atelier-p1/w1-2")


@pytest.mark.parametrize(
    "name", ["w1-1", "a/b/c", "/w1-1", "ns/", "ns/W1", "../w1", "ns/w1 ", "ns/" + "a" * 64]
)
def test_what_is_not_a_runs_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        RunName.parse(name)


def test_labels_say_whose_and_what() -> None:
    assert labels(
        instance="atelier", component="job", project="p1", owner="Ä", workload="w1", attempt=2
    ) == {
        "app.kubernetes.io/name": "job",
        "app.kubernetes.io/instance": "atelier",
        "app.kubernetes.io/component": "job",
        "app.kubernetes.io/part-of": "atelier",
        "app.kubernetes.io/managed-by": "atelier",
        "atelier.dev/instance": "atelier",
        "atelier.dev/project": "p1",
        "atelier.dev/owner": "x--2fe5ca1c1a3d50bd",
        "atelier.dev/workload": "w1",
        "atelier.dev/attempt": "2",
    }


def test_runs_are_selected_by_installation_and_name() -> None:
    mine = "atelier.dev/instance=a1,app.kubernetes.io/managed-by=atelier"

    assert runs_of("a1") == f"{mine},atelier.dev/run"
    assert runs_of("a1", ["w1-1", "w2-1"]) == f"{mine},atelier.dev/run in (w1-1,w2-1)"
