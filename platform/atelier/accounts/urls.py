"""Addresses of accounts and of the OpenID provider."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from oauth2_provider import views as provider

from atelier.accounts.api import oidc_views, views

api: list[URLPattern | URLResolver] = [
    path("session", views.SessionView.as_view()),
    path("password-resets/<str:token>", views.PasswordResetView.as_view()),
    path("me", views.MeView.as_view()),
    path("me/password", views.MyPasswordView.as_view()),
    path("me/browsers", views.MyBrowsersView.as_view()),
    path("me/browsers/<str:browser_id>", views.MyBrowserView.as_view()),
    path("me/tokens", views.MyTokensView.as_view()),
    path("me/tokens/<str:token_id>", views.MyTokenView.as_view()),
    path("users", views.UsersView.as_view()),
    path("users/<str:username>", views.UserView.as_view()),
    path("users/<str:username>/deactivate", views.UserDeactivateView.as_view()),
    path("users/<str:username>/activate", views.UserActivateView.as_view()),
    path("users/<str:username>/reset-link", views.UserResetLinkView.as_view()),
    path("users/<str:username>/impact", views.UserImpactView.as_view()),
]

# What the hub needs and nothing else: no management of applications, no device flow, no dynamic
# registration. The names are looked up by the provider itself.
_provider = [
    path("authorize/", provider.AuthorizationView.as_view(), name="authorize"),
    path("token/", provider.TokenView.as_view(), name="token"),
    path("revoke_token/", provider.RevokeTokenView.as_view(), name="revoke-token"),
    path("userinfo/", oidc_views.IdentityView.as_view(), name="user-info"),
    path("logout/", oidc_views.EndSessionView.as_view(), name="rp-initiated-logout"),
    re_path(
        r"^\.well-known/openid-configuration/?$",
        provider.ConnectDiscoveryInfoView.as_view(),
        name="oidc-connect-discovery-info",
    ),
    path(".well-known/jwks.json", provider.JwksInfoView.as_view(), name="jwks-info"),
]

root: list[URLPattern | URLResolver] = [
    path("oauth/", include((_provider, "oauth2_provider"), namespace="oauth2_provider")),
]
