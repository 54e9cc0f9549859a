"""Every sentence this package says by itself, in English and French, written together.

What the platform says arrives in the reader's language already; here are only the client's own
words. ``t("code", name=…)`` fills the placeholders.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

LANGUAGES = ("en", "fr")


def language(environ: Mapping[str, str] = os.environ) -> str:
    """Return 'fr' when the environment asks for French, else 'en'."""
    return named_language(environ) or "en"


def named_language(environ: Mapping[str, str] = os.environ) -> str | None:
    """Return the language the environment names; None when it names none ("C", or nothing)."""
    for name in ("ATELIER_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environ.get(name, "").lower()
        if value.split(".")[0] in {"c", "posix"}:
            return None
        if value:
            return "fr" if value.startswith("fr") else "en"
    return None


def t(code: str, lang: str | None = None, **params: object) -> str:
    """Return the sentence ``code``; raises KeyError for one that does not exist."""
    return pick(MESSAGES[code], lang, **params)


def pick(pair: tuple[str, str], lang: str | None = None, /, **params: object) -> str:
    """Return one of an (English, French) pair with its placeholders filled."""
    text = pair[1] if (lang or language()) == "fr" else pair[0]
    return text.format(**params) if params else text


STATUS: dict[str, tuple[str, str]] = {
    "queued": ("Queued", "En file"),
    "starting": ("Starting", "Démarrage"),
    "running": ("Running", "En cours"),
    "stopping": ("Stopping", "Arrêt en cours"),
    "succeeded": ("Succeeded", "Réussi"),
    "failed": ("Failed", "Échec"),
    "stopped": ("Stopped", "Arrêté"),
    "refused": ("Refused", "Refusé"),
    "asleep": ("Asleep", "En veille"),
}


def status_word(status: str, lang: str | None = None) -> str:
    """Return the word people see for a status; one the client does not know stays as it is."""
    words = STATUS.get(status)
    return status if words is None else pick(words, lang)


MESSAGES: dict[str, tuple[str, str]] = {
    # --- reaching the platform
    "config_unreadable": (
        "The saved configuration {path} cannot be read.",
        "La configuration enregistrée {path} est illisible.",
    ),
    "config_unreadable_do": (
        "Correct or delete the file, then run `atelier login`.",
        "Corrigez ou supprimez ce fichier, puis lancez « atelier login ».",
    ),
    "token_file_unreadable": (
        "The token file {path} cannot be read or is empty.",
        "Le fichier de jeton {path} est illisible ou vide.",
    ),
    "token_file_unreadable_do": (
        "Restart the notebook server, or correct ATELIER_TOKEN_FILE.",
        "Redémarrez le serveur de notebook ou corrigez ATELIER_TOKEN_FILE.",
    ),
    "bad_url": (
        "{url} is not the address of a portal.",
        "{url} n’est pas l’adresse d’un portail.",
    ),
    "bad_url_do": (
        "Give scheme and host, for example https://atelier.example.org.",
        "Donnez le protocole et l’hôte, par exemple https://atelier.example.org.",
    ),
    "bad_token": (
        "The token contains characters no token has.",
        "Le jeton contient des caractères qu’aucun jeton ne contient.",
    ),
    "bad_token_do": (
        "Copy it again, whole and without line breaks.",
        "Copiez-le de nouveau, en entier et sans saut de ligne.",
    ),
    "no_token": ("You are not signed in to {url}.", "Vous n’êtes pas connecté à {url}."),
    "no_token_do": (
        "Run `atelier login`, or set ATELIER_TOKEN.",
        "Lancez « atelier login » ou définissez ATELIER_TOKEN.",
    ),
    "unreachable": (
        "The portal at {url} does not answer.",
        "Le portail {url} ne répond pas.",
    ),
    "unreachable_do": (
        "Check the address and whether the platform runs, then try again.",
        "Vérifiez l’adresse et que la plateforme fonctionne, puis réessayez.",
    ),
    "too_slow": (
        "The portal at {url} did not answer within {seconds} s.",
        "Le portail {url} n’a pas répondu en {seconds} s.",
    ),
    "too_slow_do": (
        "What you asked for may have been done: look before trying again.",
        "La demande a peut-être été exécutée : regardez avant de réessayer.",
    ),
    "not_a_portal": (
        "{url} answered {status}, but not in the way a portal does.",
        "{url} a répondu {status}, mais pas comme un portail.",
    ),
    "not_a_portal_do": (
        "Check the address; a proxy between may also have answered.",
        "Vérifiez l’adresse ; un proxy intermédiaire a peut-être répondu.",
    ),
    # --- finding things
    "project_needed": (
        "Say which project this is for.",
        "Indiquez le projet concerné.",
    ),
    "project_needed_do": (
        "Add --project, set ATELIER_PROJECT, or choose one with `atelier projects use`.",
        "Ajoutez --project, définissez ATELIER_PROJECT ou lancez « atelier projects use ».",
    ),
    "no_project_yet": (
        "You are not a member of any project.",
        "Vous n’êtes membre d’aucun projet.",
    ),
    "no_project_yet_do": (
        "Create one with `atelier projects create`, or ask to be invited.",
        "Créez-en un avec « atelier projects create » ou demandez une invitation.",
    ),
    "notebook_unknown": (
        "There is no notebook server named {name} among yours.",
        "Aucun de vos serveurs de notebook ne s’appelle {name}.",
    ),
    "notebook_unknown_do": (
        "`atelier notebooks list` shows them.",
        "« atelier notebooks list » les affiche.",
    ),
    "notebook_ambiguous": (
        "{name} is the name of several notebook servers: {ids}.",
        "Plusieurs serveurs de notebook s’appellent {name} : {ids}.",
    ),
    "notebook_ambiguous_do": (
        "Give the id, or the project with --project.",
        "Donnez l’identifiant, ou le projet avec --project.",
    ),
    "job_unknown": (
        "There is no job named {name} among yours.",
        "Aucun de vos travaux ne s’appelle {name}.",
    ),
    "job_unknown_do": (
        "`atelier jobs` shows them.",
        "« atelier jobs » les affiche.",
    ),
    "command_is_list": (
        "A command is a list: the program and its arguments.",
        "Une commande est une liste : le programme et ses arguments.",
    ),
    "command_is_list_do": (
        'For example ["python", "train.py"]; for a shell ["sh", "-c", "…"].',
        'Par exemple ["python", "train.py"] ; pour un shell ["sh", "-c", "…"].',
    ),
    "job_waited_too_long_do": (
        "It goes on by itself; `atelier why {id}` tells how far it is.",
        "Cela continue tout seul ; « atelier why {id} » dit où cela en est.",
    ),
    "environment_unknown": (
        "There is no environment named {name}. There are: {known}.",
        "Aucun environnement ne s’appelle {name}. Il y a : {known}.",
    ),
    "environment_unknown_do": (
        "`atelier environments` describes them.",
        "« atelier environments » les décrit.",
    ),
    "profile_unknown": (
        "There is no profile named {name}. There are: {known}.",
        "Aucun profil ne s’appelle {name}. Il y a : {known}.",
    ),
    "profile_unknown_do": (
        "`atelier profiles` describes them.",
        "« atelier profiles » les décrit.",
    ),
    "environment_none": (
        "This project has no environment to start with.",
        "Ce projet n’a aucun environnement utilisable.",
    ),
    "profile_none": (
        "This project has no profile that could start here.",
        "Ce projet n’a aucun profil pouvant démarrer ici.",
    ),
    "ask_admin_do": ("Ask an administrator.", "Demandez à un administrateur."),
    "restart_failed": (
        "{name} did not start: {text}",
        "{name} n’a pas démarré : {text}",
    ),
    "ended_while_waiting": (
        "{name} is {status}.",
        "{name} : {status}.",
    ),
    "waited_too_long": (
        "{name} is {status} after {seconds} s.",
        "{name} : {status} après {seconds} s.",
    ),
    "waited_too_long_do": (
        "It goes on by itself; `atelier notebooks show` tells how far it is.",
        "Cela continue tout seul ; « atelier notebooks show » dit où cela en est.",
    ),
}
