"""The portal as the hub's OpenID provider."""

import base64
import hashlib
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from oauth2_provider.models import (
    get_access_token_model,
    get_application_model,
    get_refresh_token_model,
)

from atelier.accounts import services
from atelier.accounts.models import User
from atelier.projects.models import Project
from tests.browser import Browser

SECRET = "the hub's secret"
CALLBACK = "http://127.0.0.1:8001/hub/oauth_callback"
AFTER = "http://localhost:8000/login"
VERIFIER = "v" * 64
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)
ASK = {
    "client_id": "hub",
    "response_type": "code",
    "redirect_uri": CALLBACK,
    "scope": "openid profile email groups",
    "state": "s1",
    "nonce": "n1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@pytest.fixture(autouse=True)
def hub(db: None) -> None:
    services.ensure_hub_client("hub", SECRET, [CALLBACK], [AFTER])


def ask(browser: Browser, **other: str) -> Any:
    return browser.client.get("/oauth/authorize/", {**ASK, **other})


def exchange(code: str, **other: str) -> Any:
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "client_id": "hub",
        "client_secret": SECRET,
        "code_verifier": VERIFIER,
        **other,
    }
    return Client().post("/oauth/token/", body)


def refresh(token: str) -> Any:
    return exchange("", grant_type="refresh_token", refresh_token=token)


def userinfo(token: str) -> Any:
    return Client().get("/oauth/userinfo/", headers={"Authorization": f"Bearer {token}"})


def code_of(answer: Any) -> str:
    assert answer.status_code == 302, answer.content
    return parse_qs(urlsplit(answer["Location"]).query)["code"][0]


@pytest.fixture
def tokens(alice: User) -> dict[str, str]:
    """What the hub holds after alice opened it."""
    answer = exchange(code_of(ask(Browser().sign_in(alice))))
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def claims(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))


def test_opening_the_hub_signs_in_without_a_question(alice: User) -> None:
    answer = ask(Browser().sign_in(alice))

    assert answer.status_code == 302
    assert answer["Location"].startswith(f"{CALLBACK}?")
    assert parse_qs(urlsplit(answer["Location"]).query)["state"] == ["s1"]


def test_whoever_is_not_signed_in_is_sent_to_the_login_page_and_back(db: None) -> None:
    answer = ask(Browser())

    place = urlsplit(answer["Location"])
    assert (place.netloc, place.path) == ("", "/login")
    back = parse_qs(place.query)["next"][0]
    assert back.startswith("/oauth/authorize/?client_id=hub&")


def test_the_hub_learns_name_address_and_projects(
    tokens: dict[str, str], alice: User, project: Project
) -> None:
    info = userinfo(tokens["access_token"]).json()

    assert info == {
        "sub": alice.pk,
        "preferred_username": "alice",
        "name": "Alice",
        "email": "alice@example.org",
        "groups": [project.pk],
    }


def test_the_identity_token_is_signed_and_bound_to_the_nonce(tokens: dict[str, str]) -> None:
    header = json.loads(base64.urlsafe_b64decode(tokens["id_token"].split(".")[0] + "=="))
    body = claims(tokens["id_token"])

    assert header["alg"] == "RS256"
    assert (body["aud"], body["nonce"]) == ("hub", "n1")
    assert body["iss"] == "http://localhost:8000/oauth"


def test_the_discovery_document_names_the_claims_and_no_management(db: None) -> None:
    document = Client().get("/oauth/.well-known/openid-configuration").json()

    assert document["issuer"] == "http://localhost:8000/oauth"
    assert document["token_endpoint"] == "http://localhost:8000/oauth/token/"
    assert {"preferred_username", "name", "email", "groups"} <= set(document["claims_supported"])
    assert document["end_session_endpoint"].endswith("/oauth/logout/")
    assert "registration_endpoint" not in document
    assert Client().get("/oauth/.well-known/jwks.json").json()["keys"][0]["kty"] == "RSA"


@pytest.mark.parametrize(
    "path",
    ["applications/", "applications/register/", "authorized_tokens/", "introspect/", "device/",
     "device-authorization/", "register/"],
)  # fmt: skip
def test_nothing_manages_clients_over_http(api: Any, admin: User, path: str) -> None:
    client = api(admin)

    assert client.get(f"/oauth/{path}").status_code == 404
    assert client.post(f"/oauth/{path}").status_code == 404


# --- a closed account is nobody (S15) ------------------------------------------------------------


def test_s15_after_deactivation_no_token_of_the_hub_works(
    tokens: dict[str, str], admin: User
) -> None:
    services.deactivate_user(actor=admin, username="alice")

    assert userinfo(tokens["access_token"]).status_code == 401
    assert refresh(tokens["refresh_token"]).status_code == 400


def test_s15_even_tokens_that_survived_belong_to_nobody(
    tokens: dict[str, str], alice: User
) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)

    assert userinfo(tokens["access_token"]).status_code in {401, 403}
    assert refresh(tokens["refresh_token"]).status_code == 400


def test_s15_a_code_is_worth_nothing_after_deactivation(alice: User) -> None:
    code = code_of(ask(Browser().sign_in(alice)))
    User.objects.filter(pk=alice.pk).update(is_active=False)

    assert exchange(code).status_code == 400


def test_s15_signing_out_of_the_portal_ends_the_hubs_tokens(alice: User) -> None:
    browser = Browser().sign_in(alice)
    tokens = exchange(code_of(ask(browser))).json()

    browser.send("DELETE", "session")

    assert userinfo(tokens["access_token"]).status_code == 401
    assert refresh(tokens["refresh_token"]).status_code == 400
    assert not get_access_token_model().objects.exists()


def test_s15_a_new_password_ends_the_hubs_tokens(tokens: dict[str, str], admin: User) -> None:
    _, url = services.issue_reset(actor=admin, user=User.objects.get(username="alice"))
    services.use_reset(secret=url.rpartition("/")[2], new="a much newer password")

    assert userinfo(tokens["access_token"]).status_code == 401


def test_a_refresh_keeps_the_hub_signed_in_and_follows_the_projects(
    tokens: dict[str, str], alice: User
) -> None:
    alice.memberships.all().delete()

    renewed = refresh(tokens["refresh_token"])

    assert renewed.status_code == 200
    assert userinfo(renewed.json()["access_token"]).json()["groups"] == []


def test_an_oidc_token_is_no_api_token(tokens: dict[str, str]) -> None:
    header = {"Authorization": f"Bearer {tokens['access_token']}"}

    assert Client().get("/api/v1/me", headers=header).status_code == 401


# --- signing out through the hub -----------------------------------------------------------------


def test_the_hub_can_sign_the_browser_out_of_the_portal(alice: User) -> None:
    browser = Browser().sign_in(alice)
    tokens = exchange(code_of(ask(browser))).json()

    answer = browser.client.get(
        "/oauth/logout/",
        {
            "id_token_hint": tokens["id_token"],
            "client_id": "hub",
            "post_logout_redirect_uri": AFTER,
        },
    )

    assert answer.status_code == 302
    assert answer["Location"] == AFTER
    assert browser.get("me").status_code == 401


@pytest.mark.parametrize("place", ["http://evil.example/", AFTER + "/x", "//evil.example"])
def test_s16_sign_out_leads_nowhere_else(alice: User, place: str) -> None:
    browser = Browser().sign_in(alice)
    tokens = exchange(code_of(ask(browser))).json()

    answer = browser.client.get(
        "/oauth/logout/",
        {
            "id_token_hint": tokens["id_token"],
            "client_id": "hub",
            "post_logout_redirect_uri": place,
        },
    )

    assert answer.status_code == 400
    assert browser.get("me").status_code == 200


# --- what is not accepted (S16, S17) -------------------------------------------------------------


@pytest.mark.parametrize(
    "uri",
    [
        "http://evil.example/hub/oauth_callback",
        "http://127.0.0.1:8001/hub/oauth_callback/",
        "http://127.0.0.1:8001/hub/oauth_callback/../x",
        "http://127.0.0.1:8001.evil.example/hub/oauth_callback",
        "http://localhost:8001/hub/oauth_callback",
        "//127.0.0.1:8001/hub/oauth_callback",
        CALLBACK + "?x=1",
    ],
)
def test_s16_codes_go_to_the_registered_address_to_the_letter(alice: User, uri: str) -> None:
    answer = ask(Browser().sign_in(alice), redirect_uri=uri)

    assert answer.status_code == 400
    assert "Location" not in answer


def test_s17_a_code_works_once(alice: User) -> None:
    code = code_of(ask(Browser().sign_in(alice)))

    assert [exchange(code).status_code, exchange(code).status_code] == [200, 400]


@pytest.mark.parametrize(
    "other",
    [{"client_secret": "wrong"}, {"code_verifier": "w" * 64}, {"code_verifier": ""},
     {"redirect_uri": "http://evil.example/"}],
)  # fmt: skip
def test_s17_a_code_alone_is_not_enough(alice: User, other: dict[str, str]) -> None:
    code = code_of(ask(Browser().sign_in(alice)))

    assert exchange(code, **other).status_code in {400, 401}


def test_s18_the_database_holds_no_token_of_the_hub(tokens: dict[str, str]) -> None:
    stored = [
        str(m.objects.values().get()) for m in (get_access_token_model(), get_refresh_token_model())
    ]

    assert not any(
        tokens[kind] in row for kind in ("access_token", "refresh_token") for row in stored
    )


def test_s17_a_refresh_token_used_twice_ends_its_family(tokens: dict[str, str]) -> None:
    renewed = refresh(tokens["refresh_token"]).json()

    assert refresh(tokens["refresh_token"]).status_code == 400
    assert refresh(renewed["refresh_token"]).status_code == 400


def test_s25_an_access_token_in_an_address_is_refused(tokens: dict[str, str]) -> None:
    answer = Client().get("/oauth/userinfo/", {"access_token": tokens["access_token"]})

    assert answer.status_code in {400, 401}


def test_s17_no_plain_proof(alice: User) -> None:
    answer = ask(Browser().sign_in(alice), code_challenge=VERIFIER, code_challenge_method="plain")

    assert "code=" not in answer.get("Location", "")


def test_s17_no_code_without_proof_of_the_asker(alice: User) -> None:
    answer = ask(Browser().sign_in(alice), code_challenge="", code_challenge_method="")

    assert "code=" not in answer.get("Location", "")


@pytest.mark.parametrize("grant", ["password", "client_credentials"])
def test_s17_only_the_code_flow_is_open(alice: User, grant: str) -> None:
    answer = exchange("", grant_type=grant, username="alice", password="correct horse battery")

    assert answer.status_code in {400, 401}


# --- registration --------------------------------------------------------------------------------


def test_the_hub_is_registered_once_and_keeps_its_secret(db: None) -> None:
    model = get_application_model()
    before = model.objects.get().client_secret

    services.ensure_hub_client("hub", SECRET, [CALLBACK], [AFTER])

    assert model.objects.get().client_secret == before
    assert SECRET not in before


def test_a_changed_address_and_secret_of_the_hub_are_taken_over(alice: User) -> None:
    services.ensure_hub_client("hub", "another", ["http://127.0.0.1:9001/cb"])

    client = get_application_model().objects.get()
    assert client.redirect_uris == "http://127.0.0.1:9001/cb"
    assert ask(Browser().sign_in(alice)).status_code == 400
