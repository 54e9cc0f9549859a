"""The closed list of codes by which every refusal, wait and failure is named.

A code has a sentence and an action in English and French, written together. Parameters are filled
with ``str.format``; a code that is not here does not exist (``describe`` raises ``KeyError``).
Each layer adds its codes to the table below, in its own block; nothing is registered at run time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = ("en", "fr")


@dataclass(frozen=True, slots=True)
class Wording:
    """What happened and what to do, in each language."""

    en: str
    fr: str
    do_en: str = ""
    do_fr: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A reason as a person reads it."""

    code: str
    text: str
    action: str


class _Lenient(dict[str, Any]):
    """A parameter nobody gave reads as a dash, so that a sentence never fails to appear."""

    def __missing__(self, key: str) -> str:
        return "–"


def describe(code: str, params: Mapping[str, Any] | None = None, lang: str = "en") -> Sentence:
    """Return the sentence of ``code`` in ``lang`` ('en' or 'fr'; anything else reads English).

    Raises KeyError for a code outside the list: a new code belongs in the table first.
    """
    wording = REASONS[code]
    values = _Lenient({name: in_language(value, lang) for name, value in (params or {}).items()})
    text, action = (wording.fr, wording.do_fr) if lang == "fr" else (wording.en, wording.do_en)
    return Sentence(code, text.format_map(values), action.format_map(values))


def in_language(value: Any, lang: str) -> Any:
    """Return the text of ``{"en": …, "fr": …}`` in ``lang``, and any other value as it is.

    So a stored parameter such as an amount reads "8 GiB" to one reader and "8 Gio" to another.
    """
    if isinstance(value, Mapping) and "en" in value:
        return value.get(lang, value["en"])
    return value


W = Wording

REQUESTS: dict[str, Wording] = {
    "INVALID": W(
        "This value cannot be used.", "Cette valeur ne peut pas être utilisée.",
        "Correct the field and send it again.", "Corrigez le champ et renvoyez.",
    ),
    "VALIDATION_FAILED": W(
        "Some values cannot be used.", "Certaines valeurs ne peuvent pas être utilisées.",
        "Correct the fields named below and send again.",
        "Corrigez les champs indiqués ci-dessous et renvoyez.",
    ),
    "MALFORMED": W(
        "The request body is not valid JSON.", "Le corps de la requête n’est pas du JSON valide.",
        "Send a JSON object with Content-Type application/json.",
        "Envoyez un objet JSON avec Content-Type application/json.",
    ),
    "UNSUPPORTED_MEDIA_TYPE": W(
        "This content type is not accepted.", "Ce type de contenu n’est pas accepté.",
        "Send application/json.", "Envoyez application/json.",
    ),
    "FIELD_REQUIRED": W("This is needed.", "Ce champ est nécessaire."),
    "FIELD_TOO_LONG": W("This is too long.", "Ce texte est trop long."),
    "FIELD_TOO_SHORT": W("This is too short.", "Ce texte est trop court."),
    "FIELD_OUT_OF_RANGE": W("This number is out of range.", "Ce nombre est hors limites."),
    "FIELD_NOT_A_CHOICE": W("This is not one of the choices.", "Ce n’est pas un des choix."),
    "NOT_A_TIME": W(
        "This is not a time.", "Ce n’est pas une date.",
        "Write it as 2026-11-24T14:02:00Z.", "Écrivez 2026-11-24T14:02:00Z.",
    ),
    "NOT_A_LIST": W("Give a list here.", "Donnez ici une liste."),
    "NOT_AN_AMOUNT": W(
        "Give a whole number from {least} to {most}.",
        "Donnez un nombre entier de {least} à {most}.",
    ),
    "NOT_AN_OBJECT": W("Give a JSON object here.", "Donnez ici un objet JSON."),
    "UNKNOWN_FIELD": W(
        "There is no field named {name}.", "Il n’existe pas de champ nommé {name}.",
        "Leave it out.", "Retirez-le.",
    ),
    "NOT_AN_ACCELERATOR": W(
        "This is not the name of an accelerator.", "Ce n’est pas le nom d’un accélérateur.",
        "Use its resource name, for example nvidia.com/gpu.",
        "Utilisez son nom de ressource, par exemple nvidia.com/gpu.",
    ),
    "BAD_NAME": W(
        "Names are 1 to 30 of a-z, 0-9 and single dashes, begin with a letter and do not end with a dash.",
        "Un nom compte 1 à 30 caractères a-z, 0-9 et tirets simples, commence par une lettre et ne finit pas par un tiret.",
        "Choose such a name.", "Choisissez un tel nom.",
    ),
    "BAD_DISPLAY_NAME": W(
        "Give 1 to 80 visible characters.", "Donnez 1 à 80 caractères visibles.",
        "Leave out line breaks and invisible marks.",
        "Retirez les sauts de ligne et les marques invisibles.",
    ),
    "UNKNOWN_PARAMETER": W(
        "There is no filter named {name}.", "Il n’existe pas de filtre nommé {name}.",
        "Use one of: {known}.", "Utilisez l’un de : {known}.",
    ),
    "BAD_CURSOR": W(
        "This page link is not valid any more.", "Ce lien de page n’est plus valable.",
        "Start again from the first page.", "Recommencez à la première page.",
    ),
    "NOT_SIGNED_IN": W(
        "You are not signed in.", "Vous n’êtes pas connecté.",
        "Sign in, or send a token.", "Connectez-vous ou envoyez un jeton.",
    ),
    "BAD_TOKEN": W(
        "This token is not valid, has expired or was revoked.",
        "Ce jeton n’est pas valable, a expiré ou a été révoqué.",
        "Make a new token under your profile.", "Créez un nouveau jeton dans votre profil.",
    ),
    "CSRF": W(
        "The request did not carry the sign of this site.",
        "La requête ne porte pas la marque de ce site.",
        "Reload the page and try again.", "Rechargez la page et réessayez.",
    ),
    "NOT_ALLOWED": W(
        "You do not have the right to do this.", "Vous n’avez pas le droit de faire cela.",
        "Ask a project lead or an administrator.",
        "Demandez à un responsable du projet ou à un administrateur.",
    ),
    "SCOPE_MISSING": W(
        "This token may not do that: it lacks the scope {scope}.",
        "Ce jeton ne le permet pas : il lui manque la portée {scope}.",
        "Make a token with that scope.", "Créez un jeton avec cette portée.",
    ),
    "NOT_FOUND": W(
        "This does not exist, or you are not a member of its project.",
        "Cela n’existe pas, ou vous n’êtes pas membre de son projet.",
    ),
    "METHOD_NOT_ALLOWED": W(
        "This address does not accept that method.", "Cette adresse n’accepte pas cette méthode.",
    ),
    "CONFLICT": W(
        "This is not possible in its present state.",
        "Ce n’est pas possible dans son état actuel.",
        "Reload and look again.", "Rechargez et regardez à nouveau.",
    ),
    "NAME_TAKEN": W(
        "The name {name} is taken.", "Le nom {name} est déjà pris.",
        "Choose another name.", "Choisissez un autre nom.",
    ),
    "CHANGED_MEANWHILE": W(
        "Somebody changed this while you were editing.",
        "Quelqu’un a modifié ceci pendant votre saisie.",
        "Look at the present state, then save again.",
        "Regardez l’état actuel, puis enregistrez à nouveau.",
    ),
    "IF_MATCH_NEEDED": W(
        "An edit needs the If-Match header with the ETag you read.",
        "Une modification exige l’en-tête If-Match avec l’ETag lu.",
        "Read the object, then send its ETag.", "Lisez l’objet, puis envoyez son ETag.",
    ),
    "BAD_IDEMPOTENCY_KEY": W(
        "An Idempotency-Key has 1 to 128 visible characters.",
        "Une Idempotency-Key compte 1 à 128 caractères visibles.",
        "Send a UUID, for example.", "Envoyez un UUID, par exemple.",
    ),
    "IDEMPOTENCY_KEY_REUSED": W(
        "This Idempotency-Key was used for another request.",
        "Cette Idempotency-Key a servi à une autre requête.",
        "Use a new key.", "Utilisez une nouvelle clé.",
    ),
    "IDEMPOTENCY_IN_PROGRESS": W(
        "The first request with this Idempotency-Key is still under way.",
        "La première requête avec cette Idempotency-Key est encore en cours.",
        "Try again in a moment.", "Réessayez dans un instant.",
    ),
    "TOO_MANY_ATTEMPTS": W(
        "Too many attempts.", "Trop de tentatives.",
        "Try again in {retry_after} s.", "Réessayez dans {retry_after} s.",
    ),
    "TOO_LARGE": W(
        "The request is larger than {limit}.", "La requête dépasse {limit}.",
        "Send less at once.", "Envoyez moins à la fois.",
    ),
    "UNAVAILABLE": W(
        "The platform cannot answer this right now.",
        "La plateforme ne peut pas répondre pour le moment.",
        "Nothing is lost. Try again in {retry_after} s.",
        "Rien n’est perdu. Réessayez dans {retry_after} s.",
    ),
    "INTERNAL": W(
        "The platform made a mistake while answering.",
        "La plateforme a commis une erreur en répondant.",
        "Give the request id to an administrator.",
        "Donnez le numéro de requête à un administrateur.",
    ),
}  # fmt: skip

RUNNING_WORK: dict[str, Wording] = {
    "QUOTA_EXCEEDED": W(
        "{scope_text} allows {limit_text}: {used_text} in use, and this needs {asked_text}.",
        "{scope_text} autorise {limit_text} : {used_text} en service, et il faut {asked_text}.",
        "Stop something, choose a smaller profile or ask for more.",
        "Arrêtez quelque chose, choisissez un profil plus petit ou demandez davantage.",
    ),
    "TRY_AGAIN": W(
        "Others are starting at the same moment.", "D’autres démarrent au même moment.",
        "Try again.", "Réessayez.",
    ),
    "ALREADY_RESERVED": W(
        "This already has its reservation.", "Ceci a déjà sa réservation.",
    ),
    "NOTHING_TO_INHERIT": W(
        "This line has no default to inherit from.",
        "Cette ligne n’a pas de valeur par défaut à hériter.",
        "Give a number, or no limit.", "Donnez un nombre, ou aucune limite.",
    ),
    "LINE_EXISTS": W(
        "There is a limit for {resource} already.", "Il existe déjà une limite pour {resource}.",
        "Edit that line.", "Modifiez cette ligne.",
    ),
    "UNKNOWN_STATUS": W(
        "There is no status named {name}.", "Il n’existe pas d’état nommé {name}.",
        "Use one of: {known}.", "Utilisez l’un de : {known}.",
    ),
    "UNKNOWN_KIND": W(
        "There is no kind named {name}.", "Il n’existe pas de genre nommé {name}.",
        "Use one of: {known}.", "Utilisez l’un de : {known}.",
    ),
    "UNKNOWN_SCOPE": W(
        "There is nobody of that kind with this id.",
        "Il n’existe personne de ce genre avec cet identifiant.",
    ),
    "UNKNOWN_RESOURCE": W(
        "This cannot be limited: {name}.", "Ceci ne peut pas être limité : {name}.",
        "Use cpu, memory, notebooks or accelerator:<kind>.",
        "Utilisez cpu, memory, notebooks ou accelerator:<genre>.",
    ),
    "LIMIT_OVER": W(
        "{used_text} in use, more than {limit_text}. Nothing is stopped, and nothing more starts "
        "until enough is given back.",
        "{used_text} en service, plus que {limit_text}. Rien n’est arrêté, et rien d’autre ne "
        "démarre avant qu’assez ne soit rendu.",
    ),
    "LIMIT_STARTS": W(
        "This limit would let {count} of {waiting} that wait start.",
        "Cette limite laisserait démarrer {count} en attente sur {waiting}.",
    ),
    "LIMIT_STARTS_NOTHING": W(
        "What waits would not start sooner: {waiting} in the queue.",
        "Ce qui attend ne démarrerait pas plus tôt : {waiting} en file.",
    ),
    "LIMIT_QUIET": W(
        "Nothing that runs or waits is affected.",
        "Rien de ce qui tourne ou attend n’est concerné.",
    ),
    "CHECK_FITS": W("Fits now.", "Il y a la place."),
    "CHECK_FITS_IN": W(
        "Fits now; starts in about {seconds} s.",
        "Il y a la place ; démarrage en {seconds} s environ.",
    ),
    "CHECK_PROJECT_QUOTA": W("The project quota has room.", "Le quota du projet a de la place."),
    "CHECK_USER_QUOTA": W("Your quota has room.", "Votre quota a de la place."),
    "CHECK_PLATFORM_QUOTA": W("The platform has room.", "La plateforme a de la place."),
    "CHECK_ENGINE": W("The engine can run it.", "Le moteur peut l’exécuter."),
    "CHECK_IMAGE": W("The environment is there.", "L’environnement est disponible."),
    "QUEUED": W("Asked for.", "Demandé."),
    "ADMITTED": W("Its quota is reserved.", "Son quota est réservé."),
    "SUBMITTING": W("Handed to the engine.", "Remis au moteur."),
    "STARTING": W("The engine accepted it.", "Le moteur l’a accepté."),
    "RUNNING": W("It runs.", "Il fonctionne."),
    "STOPPING": W("It is being stopped.", "Il est en cours d’arrêt."),
    "SUCCEEDED": W("It has finished.", "Il est terminé."),
    "FAILED": W("It has failed.", "Il a échoué."),
    "STOPPED": W("It has stopped.", "Il est arrêté."),
    "REFUSED": W("It was refused.", "Il a été refusé."),
    "ORPHAN_ENDED": W(
        "Something that was left of it in the engine was ended.",
        "Ce qu’il en restait dans le moteur a été arrêté.",
    ),
    "STOPPED_OUTSIDE": W(
        "It was stopped outside the portal.", "Il a été arrêté hors du portail.",
        "Start it again when you need it.", "Redémarrez-le quand vous en avez besoin.",
    ),
    "ALREADY_OVER": W(
        "It has already ended.", "C’est déjà terminé.",
    ),
    "BUDGET_SPENT": W(
        "The budget of {scope_text} is spent.", "Le budget de {scope_text} est épuisé.",
        "Ask a lead for more.", "Demandez davantage à un responsable.",
    ),
    "SERVER_BUSY": W(
        "This server is already starting or running.",
        "Ce serveur démarre ou fonctionne déjà.",
        "Wait for it, or stop it first.", "Attendez-le ou arrêtez-le d’abord.",
    ),
    "PORTAL_UNREACHABLE": W(
        "The portal did not answer, so the server was not started.",
        "Le portail n’a pas répondu ; le serveur n’a pas été démarré.",
        "Try again in a minute.", "Réessayez dans une minute.",
    ),
    "HUB_UNREACHABLE": W(
        "The notebook hub does not answer. Running notebooks are not affected.",
        "Le hub des notebooks ne répond pas. Les notebooks en cours ne sont pas affectés.",
        "It is looked for again by itself; starts continue when it is back.",
        "Une nouvelle tentative est automatique ; les démarrages reprendront à son retour.",
    ),
    "ENGINE_UNREACHABLE": W(
        "The engine that runs this cannot be seen since {since}. Nothing is known to have ended.",
        "Le moteur qui exécute ceci est invisible depuis {since}. Rien n’indique une fin.",
        "It is looked at again by itself.", "Une nouvelle tentative est automatique.",
    ),
    "WAITING_FOR_CAPACITY": W(
        "Waiting for {needs}.", "En attente de {needs}.",
        "It starts by itself when there is room.", "Démarrage automatique dès qu’il y a la place.",
    ),
    "NO_NODE_FITS": W(
        "No node has {needs}. The largest has {largest}.",
        "Aucun nœud n’a {needs}. Le plus grand a {largest}.",
        "Choose a smaller profile.", "Choisissez un profil plus petit.",
    ),
    "ACCELERATOR_MISSING": W(
        "No machine here has {kind}.", "Aucune machine ici n’a de {kind}.",
        "Choose a profile without it.", "Choisissez un profil sans cet accélérateur.",
    ),
    "PROFILE_TOO_LARGE": W(
        "The largest machine here has {available}; the profile needs {needs}.",
        "La plus grande machine ici a {available} ; le profil demande {needs}.",
        "Choose a smaller profile.", "Choisissez un profil plus petit.",
    ),
    "IMAGE_NOT_FOUND": W(
        "The image {image} does not exist.", "L’image {image} n’existe pas.",
        "Choose another environment.", "Choisissez un autre environnement.",
    ),
    "IMAGE_PULL_DENIED": W(
        "The registry refused the image {image}.", "Le registre a refusé l’image {image}.",
        "Tell an administrator.", "Prévenez un administrateur.",
    ),
    "VOLUME_PENDING": W(
        "The home volume is not attached yet.", "Le volume personnel n’est pas encore attaché.",
        "It goes on by itself.", "Cela continue tout seul.",
    ),
    "VOLUME_BUSY": W(
        "The home volume is attached elsewhere.", "Le volume personnel est attaché ailleurs.",
        "Stop the other server first.", "Arrêtez d’abord l’autre serveur.",
    ),
    "OUT_OF_MEMORY": W(
        "It needed more than its {limit} of memory.",
        "Il a demandé plus que ses {limit} de mémoire.",
        "Choose a profile with more memory.", "Choisissez un profil avec plus de mémoire.",
    ),
    "EXIT_NONZERO": W(
        "The process ended with exit code {exit_code}.",
        "Le processus s’est terminé avec le code {exit_code}.",
        "Look at the last lines of its log.", "Regardez les dernières lignes du journal.",
    ),
    "EXITED": W(
        "The server process ended by itself.", "Le processus du serveur s’est terminé seul.",
        "Start it again; files are kept.", "Redémarrez-le ; les fichiers sont conservés.",
    ),
    "START_FAILED": W(
        "The server did not start: {detail}", "Le serveur n’a pas démarré : {detail}",
        "Start it again; if it fails again, try a rescue start.",
        "Redémarrez-le ; en cas de nouvel échec, essayez un démarrage de secours.",
    ),
    "START_TIMEOUT": W(
        "The server did not answer within {seconds} s.",
        "Le serveur n’a pas répondu en {seconds} s.",
        "Start it again; if it fails again, try a rescue start.",
        "Redémarrez-le ; en cas de nouvel échec, essayez un démarrage de secours.",
    ),
    "DEADLINE_PASSED": W(
        "It ran for longer than its deadline of {seconds} s.",
        "Il a dépassé son délai de {seconds} s.",
        "Give it a longer deadline.", "Donnez-lui un délai plus long.",
    ),
    "PREEMPTED": W(
        "The cluster took its place on the machine away.",
        "Le cluster a repris sa place sur la machine.",
        "A job starts again by itself. Start a notebook again; files are kept.",
        "Un job redémarre tout seul. Redémarrez un notebook ; les fichiers sont conservés.",
    ),
    "NODE_LOST": W(
        "The machine it ran on was lost or restarted.",
        "La machine qui l’exécutait a été perdue ou redémarrée.",
        "Start it again; files are kept.", "Redémarrez-le ; les fichiers sont conservés.",
    ),
    "FOREIGN_OBJECT": W(
        "Something that is not ours holds the name {name}.",
        "Un objet étranger porte le nom {name}.",
        "Tell an administrator.", "Prévenez un administrateur.",
    ),
    "PROBE_FAILING": W(
        "It runs but does not answer.", "Il fonctionne mais ne répond pas.",
        "Look at its log.", "Regardez son journal.",
    ),
    "MODEL_NOT_LOADED": W(
        "The model could not be loaded: {detail}", "Le modèle n’a pas pu être chargé : {detail}",
        "Look at its log.", "Regardez son journal.",
    ),
    "CANCELLED": W("{by} stopped it.", "{by} l’a arrêté."),
    "IDLE": W(
        "Nothing ran for {minutes} min, so it was stopped. Files are kept.",
        "Rien n’a fonctionné pendant {minutes} min, il a donc été arrêté. Fichiers conservés.",
        "Start it again when you need it.", "Redémarrez-le quand vous en avez besoin.",
    ),
    "ACCOUNT_DEACTIVATED": W(
        "The account of its owner was deactivated.", "Le compte de son propriétaire a été désactivé.",
    ),
    "MEMBERSHIP_ENDED": W(
        "Its owner may not run anything in this project any more.",
        "Son propriétaire ne peut plus rien exécuter dans ce projet.",
    ),
    "PROJECT_ARCHIVED": W("Its project was archived.", "Son projet a été archivé."),
    "PLATFORM_STOPPED": W(
        "The platform was stopped.", "La plateforme a été arrêtée.",
        "Start it again: its files were kept.", "Redémarrez : les fichiers ont été conservés.",
    ),
    "FORCED": W(
        "{by} closed it without seeing it end.", "{by} l’a clos sans en voir la fin.",
        "Something may still be running; look at the engine.",
        "Quelque chose tourne peut-être encore ; regardez le moteur.",
    ),
    "QUARANTINED": W(
        "The platform failed {failures} times to look after this and tries less often now.",
        "La plateforme a échoué {failures} fois à s’en occuper et essaie moins souvent.",
        "Tell an administrator.", "Prévenez un administrateur.",
    ),
}  # fmt: skip

PEOPLE: dict[str, Wording] = {
    "BAD_CREDENTIALS": W(
        "That name and password do not match.",
        "Ce nom et ce mot de passe ne correspondent pas.",
        "Try again, or ask an administrator for a reset link.",
        "Réessayez ou demandez un lien à un administrateur.",
    ),
    "TOKEN_IN_ADDRESS": W(
        "A token in an address is not accepted: addresses end up in logs.",
        "Un jeton dans une adresse n’est pas accepté : les adresses finissent dans des journaux.",
        "Send it in the Authorization header, and revoke this one.",
        "Envoyez-le dans l’en-tête Authorization et révoquez celui-ci.",
    ),
    "SESSION_NEEDED": W(
        "A token may not do this; it needs a person at a browser.",
        "Un jeton ne peut pas faire cela ; il faut une personne devant un navigateur.",
        "Sign in to the portal.", "Connectez-vous au portail.",
    ),
    "WRONG_PASSWORD": W(
        "This is not your present password.", "Ce n’est pas votre mot de passe actuel.",
        "Type it again, or ask an administrator for a reset link.",
        "Saisissez-le à nouveau ou demandez un lien à un administrateur.",
    ),
    "PASSWORD_TOO_SHORT": W(
        "A password has at least 10 characters.", "Un mot de passe compte au moins 10 caractères.",
        "Choose a longer one.", "Choisissez-en un plus long.",
    ),
    "PASSWORD_TOO_LONG": W(
        "A password has at most 256 characters.", "Un mot de passe compte au plus 256 caractères.",
        "Choose a shorter one.", "Choisissez-en un plus court.",
    ),
    "PASSWORD_TOO_COMMON": W(
        "This password is among those tried first.",
        "Ce mot de passe figure parmi les premiers essayés.",
        "Choose another one.", "Choisissez-en un autre.",
    ),
    "PASSWORD_TOO_SIMILAR": W(
        "This password is too close to your name or address.",
        "Ce mot de passe est trop proche de votre nom ou adresse.",
        "Choose another one.", "Choisissez-en un autre.",
    ),
    "BAD_EMAIL": W(
        "This is not an e-mail address.", "Ce n’est pas une adresse e-mail.",
        "Leave it empty or correct it.", "Laissez vide ou corrigez.",
    ),
    "BAD_TIME_ZONE": W(
        "This is not the name of a time zone.", "Ce n’est pas le nom d’un fuseau horaire.",
        "Use a name such as Europe/Paris.", "Utilisez un nom comme Europe/Paris.",
    ),
    "LAST_ADMIN": W(
        "This is the last active administrator.", "C’est le dernier administrateur actif.",
        "Make somebody else an administrator first.",
        "Nommez d’abord un autre administrateur.",
    ),
    "USER_INACTIVE": W(
        "The account {username} is deactivated.", "Le compte {username} est désactivé.",
        "Ask an administrator to activate it.", "Demandez à un administrateur de l’activer.",
    ),
    "UNKNOWN_USER": W(
        "There is no user named {username}.", "Il n’existe pas d’utilisateur nommé {username}.",
        "Check the name, or send an invitation link.",
        "Vérifiez le nom ou envoyez un lien d’invitation.",
    ),
    "SCOPE_NOT_YOURS": W(
        "You cannot give a token rights that you do not have.",
        "Vous ne pouvez pas donner à un jeton des droits que vous n’avez pas.",
        "Leave out the scope {scope}.", "Retirez la portée {scope}.",
    ),
    "TOO_MANY_TOKENS": W(
        "You have {most} tokens, which is the most there can be.",
        "Vous avez {most} jetons, le maximum possible.",
        "Revoke one that is not used.", "Révoquez-en un inutilisé.",
    ),
    "LAST_LEAD": W(
        "A project needs a lead, and this is the last one.",
        "Un projet a besoin d’un responsable, et c’est le dernier.",
        "Make somebody else a lead first.", "Nommez d’abord un autre responsable.",
    ),
    "ALREADY_MEMBER": W(
        "{username} is already a member.", "{username} est déjà membre.",
        "Change the role instead.", "Changez plutôt le rôle.",
    ),
    "PROJECT_IS_ARCHIVED": W(
        "This project is archived.", "Ce projet est archivé.",
        "A lead can bring it back.", "Un responsable peut le réactiver.",
    ),
    "ARCHIVE_IT_FIRST": W(
        "The project {name} is not archived.", "Le projet {name} n’est pas archivé.",
        "Archive it first: that stops what runs in it.",
        "Archivez-le d’abord : cela arrête ce qui y tourne.",
    ),
    "PROJECT_BEING_DELETED": W(
        "This project is being deleted.", "Ce projet est en cours de suppression.",
        "It cannot be brought back.", "Il ne peut pas être rétabli.",
    ),
    "NAME_DIFFERS": W(
        "This is not the project’s name.", "Ce n’est pas le nom du projet.",
        "Type {name} to delete it.", "Saisissez {name} pour le supprimer.",
    ),
}  # fmt: skip

CATALOG: dict[str, Wording] = {
    "ENVIRONMENT_NOT_LOCAL": W(
        "This environment exists only as an image and cannot run on this machine.",
        "Cet environnement n’existe que sous forme d’image et ne peut pas tourner sur cette machine.",
        "Choose another environment.", "Choisissez un autre environnement.",
    ),
    "SPARK_NOT_LOCAL": W(
        "Spark executors run on Kubernetes, and this platform runs on one machine.",
        "Les exécuteurs Spark tournent sur Kubernetes, et cette plateforme sur une seule machine.",
        "Choose another profile.", "Choisissez un autre profil.",
    ),
    "BAD_IMAGE": W(
        "This is not an image reference.", "Ce n’est pas une référence d’image.",
        "Write it as registry/name:tag or name@sha256:digest.",
        "Écrivez registre/nom:étiquette ou nom@sha256:empreinte.",
    ),
    "UNKNOWN_PROJECT": W(
        "There is no project {project}.", "Il n’existe pas de projet {project}.",
        "Use the id of a project.", "Utilisez l’identifiant d’un projet.",
    ),
    "EXECUTORS_NEED_RESOURCES": W(
        "Spark executors need resources of their own.",
        "Les exécuteurs Spark ont besoin de leurs propres ressources.",
        "Give spark_executor_resources, or set spark_executors to 0.",
        "Donnez spark_executor_resources ou mettez spark_executors à 0.",
    ),
    "NOT_OFFERED": W(
        "{name} is not offered to this project.", "{name} n’est pas proposé à ce projet.",
        "Choose one from the list.", "Choisissez dans la liste.",
    ),
}  # fmt: skip

NOTEBOOKS: dict[str, Wording] = {
    "NOTHING_OFFERED": W(
        "This project is offered nothing that works here.",
        "Rien de ce qui est proposé à ce projet ne fonctionne ici.",
        "Ask an administrator.", "Demandez à un administrateur.",
    ),
    "RESTARTING": W(
        "It is stopping in order to start again.", "Arrêt en cours avant de redémarrer.",
    ),
    "RESTART_NOT_ALLOWED": W(
        "It was not started again: its owner may no longer run things in this project.",
        "Non redémarré : son propriétaire ne peut plus rien exécuter dans ce projet.",
    ),
    "STOP_IT_FIRST": W(
        "{name} is still running.", "{name} fonctionne encore.",
        "Stop it first.", "Arrêtez-le d’abord.",
    ),
    "NOT_RUNNING": W(
        "{name} is not running.", "{name} ne fonctionne pas.",
        "Start it first.", "Démarrez-le d’abord.",
    ),
    # --- jobs ---
    "BAD_ENV_NAME": W(
        "This is not the name of an environment variable.",
        "Ce n’est pas le nom d’une variable d’environnement.",
        "Use letters A-Z, digits and underscores, not beginning with a digit.",
        "Utilisez des lettres A-Z, des chiffres et des tirets bas, sans commencer par un chiffre.",
    ),
    "ENV_NAME_RESERVED": W(
        "The variable {name} is set by the platform or decides how programs are loaded.",
        "La variable {name} est fixée par la plateforme ou décide du chargement des programmes.",
        "Choose another name.", "Choisissez un autre nom.",
    ),
    "NOT_A_TEXT": W("Give a text here.", "Donnez ici un texte."),
    "NUL_IN_TEXT": W(
        "A text cannot contain the character NUL.",
        "Un texte ne peut pas contenir le caractère NUL.",
        "Take it out.", "Retirez-le.",
    ),
    "ENVIRONMENT_OR_IMAGE": W(
        "A job runs in an environment or in an image, not in both.",
        "Un job tourne dans un environnement ou dans une image, pas dans les deux.",
        "Leave one of them out.", "Retirez l’un des deux.",
    ),
    "IMAGE_NEEDS_KUBERNETES": W(
        "Images run on Kubernetes, and this platform runs on one machine.",
        "Les images tournent sur Kubernetes, et cette plateforme fonctionne sur une seule machine.",
        "Choose an environment.", "Choisissez un environnement.",
    ),
    "ENVIRONMENT_WITHOUT_IMAGE": W(
        "This environment has no image and cannot run on the cluster.",
        "Cet environnement n’a pas d’image et ne peut pas tourner sur la grappe.",
        "Choose another environment.", "Choisissez un autre environnement.",
    ),
    "NO_SPARK_IN_JOBS": W(
        "A job has no Spark executors.", "Un job n’a pas d’exécuteurs Spark.",
        "Choose another profile.", "Choisissez un autre profil.",
    ),
    "NO_USER_TO_RUN_AS": W(
        "This platform runs as root and was told no user to run jobs as.",
        "Cette plateforme fonctionne en tant que root et ne sait pour quel utilisateur exécuter.",
        "Tell an administrator.", "Prévenez un administrateur.",
    ),
    "END_NOT_SEEN": W(
        "Its process ended while nobody saw how.",
        "Son processus s’est terminé sans que personne ne voie comment.",
        "Look at the last lines of its log and run it again.",
        "Regardez les dernières lignes du journal et relancez-le.",
    ),
    "LOG_CUT": W(
        "The log is longer than the {limit} that are kept.",
        "Le journal est plus long que les {limit} conservés.",
    ),
    "LOG_LOST": W(
        "A part of the log was gone before it could be copied.",
        "Une partie du journal avait disparu avant d’être copiée.",
    ),
    "START_INTERRUPTED": W(
        "The notebook hub restarted before the server answered.",
        "Le hub des notebooks a redémarré avant que le serveur ne réponde.",
        "Start it again; files are kept.", "Redémarrez-le ; les fichiers sont conservés.",
    ),
    "START_CANCELLED": W(
        "This start was cancelled in the portal.", "Ce démarrage a été annulé dans le portail.",
        "Start it again in the portal.", "Redémarrez-le dans le portail.",
    ),
    "HUB_USER_UNKNOWN": W(
        "{name} has no open account in the portal.",
        "{name} n’a pas de compte ouvert dans le portail.",
        "Ask an administrator.", "Demandez à un administrateur.",
    ),
    "NO_PROJECT_TO_START_IN": W(
        "You are in no project in which you may start a notebook.",
        "Vous n’êtes dans aucun projet où démarrer un notebook.",
        "Create a project, or ask a lead to make you a member.",
        "Créez un projet ou demandez à un responsable de vous ajouter.",
    ),
}  # fmt: skip

TENANCY: dict[str, Wording] = {
    "PLACE_DRAINING": W(
        "What ran in the project is ending; then its place and homes are removed.",
        "Ce qui tournait dans le projet se termine ; sa place et ses dossiers seront ensuite supprimés.",
        "It goes on by itself.", "Cela continue tout seul.",
    ),
    "HOMES_NOT_REMOVED": W(
        "The project’s homes cannot be removed: {detail}",
        "Les dossiers du projet ne peuvent pas être supprimés : {detail}",
        "Tell an administrator.", "Prévenez un administrateur.",
    ),
    "CLUSTER_SILENT": W(
        "The cluster does not answer ({detail}). What runs goes on.",
        "Le cluster ne répond pas ({detail}). Ce qui tourne continue.",
        "It is asked again by itself.", "Une nouvelle tentative est automatique.",
    ),
    "CLUSTER_DENIED": W(
        "The cluster refuses what the platform needs there: {detail}",
        "Le cluster refuse ce dont la plateforme a besoin : {detail}",
        "Give its account the rights of docs/operations.md.",
        "Donnez à son compte les droits de docs/operations.md.",
    ),
}  # fmt: skip

HEALTH: dict[str, Wording] = {
    "HEALTH_ANSWERS": W("Answers in {ms} ms.", "Répond en {ms} ms."),
    "HEALTH_SILENT": W("Does not answer ({error}).", "Ne répond pas ({error})."),
    "HEALTH_SEEN": W("Seen {seconds} s ago.", "Vu il y a {seconds} s."),
    "HEALTH_NEVER_SEEN": W(
        "Was never seen: nothing starts or stops.", "Jamais vu : rien ne démarre ni ne s’arrête.",
    ),
    "HEALTH_NOT_LOOKED": W(
        "Not known: no worker has looked lately.", "Inconnu : aucun exécuteur n’a regardé récemment.",
    ),
    "HEALTH_HUB_SILENT": W(
        "Did not answer {seconds} s ago. Running notebooks go on.",
        "N’a pas répondu il y a {seconds} s. Les notebooks en cours continuent.",
    ),
    "HEALTH_NOTHING_WAITS": W("Nothing waits.", "Rien n’attend."),
    "HEALTH_WAITING": W(
        "{count} wait, the first for {seconds} s.", "{count} en attente, la première depuis {seconds} s.",
    ),
    "HEALTH_CLUSTER": W(
        "Nodes: {nodes}, with {whole} in all; seen {seconds} s ago.",
        "Nœuds : {nodes}, avec {whole} en tout ; vus il y a {seconds} s.",
    ),
    "HEALTH_PLACES": W(
        "{count} of {all} projects have no sound place on the cluster: {problem}",
        "{count} projets sur {all} n’ont pas de place saine sur le cluster : {problem}",
    ),
    "HEALTH_STRAYS": W(
        "{count} namespaces carry this installation’s label and belong to no project: {names}",
        "{count} espaces de noms portent l’étiquette de cette installation sans projet : {names}",
    ),
    "HEALTH_TASKS_WAIT": W("{count} wait.", "{count} en attente."),
}  # fmt: skip

CLUSTER: dict[str, Wording] = {
    "NAMESPACE_PENDING": W(
        "The project’s place in the cluster is being prepared.",
        "L’espace du projet dans le cluster est en préparation.",
        "It goes on by itself. If it lasts, tell an administrator.",
        "Cela continue tout seul. Si cela dure, prévenez un administrateur.",
    ),
    "CLUSTER_QUOTA": W(
        "The cluster’s limit for this project is used up: {detail}.",
        "La limite du cluster pour ce projet est atteinte : {detail}.",
        "It starts by itself when there is room. If nothing of the project runs, tell an administrator.",
        "Démarrage automatique dès qu’il y a la place. Si rien du projet ne tourne, prévenez un administrateur.",
    ),
    "ADMISSION_DENIED": W(
        "The cluster does not accept this: {detail}.",
        "Le cluster n’accepte pas ceci : {detail}.",
        "Tell an administrator.", "Prévenez un administrateur.",
    ),
    "IMAGE_UNREACHABLE": W(
        "The registry of the image {image} does not answer.",
        "Le registre de l’image {image} ne répond pas.",
        "It is tried again by itself.", "Une nouvelle tentative est automatique.",
    ),
    "COMMAND_NOT_FOUND": W(
        "The image has no program {command}.", "L’image n’a pas de programme {command}.",
        "Correct the command, or choose another environment.",
        "Corrigez la commande ou choisissez un autre environnement.",
    ),
    "DISK_FULL": W(
        "It wrote more than its {limit} of temporary storage.",
        "Il a écrit plus que ses {limit} de stockage temporaire.",
        "Write less, or choose a profile with more storage.",
        "Écrivez moins ou choisissez un profil avec plus de stockage.",
    ),
}  # fmt: skip

BLOCKS = (REQUESTS, RUNNING_WORK, PEOPLE, CATALOG, NOTEBOOKS, TENANCY, HEALTH, CLUSTER)
REASONS: dict[str, Wording] = {code: wording for block in BLOCKS for code, wording in block.items()}
if len(REASONS) != sum(map(len, BLOCKS)):
    raise RuntimeError("two blocks of core.reasons define the same code")
