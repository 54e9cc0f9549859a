"""What the command says, in English and French, written together."""

from __future__ import annotations

from atelier_client.messages import pick


def w(code: str, **params: object) -> str:
    """Return the wording ``code`` in the reader's language."""
    return pick(WORDS[code], None, **params)


HELP: dict[str, tuple[str, str]] = {
    "help": (
        "Work with an Atelier platform: projects, notebook servers, jobs, limits, tokens.\n\n"
        "Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 not signed in, 4 not found, "
        "5 no answer, 6 would have to wait (check), 7 waited too long, 130 interrupted; "
        "that of the job with --wait or -f.",
        "Travailler avec une plateforme Atelier : projets, serveurs de notebook, travaux, "
        "limites, jetons.\n\n"
        "Codes de sortie : 0 fait, 1 refusé ou échoué, 2 mauvais usage, 3 non connecté, "
        "4 introuvable, 5 sans réponse, 6 devrait attendre (check), 7 attente trop longue, "
        "130 interrompu ; celui du travail avec --wait ou -f.",
    ),
    "help_json": ("Print JSON.", "Afficher du JSON."),
    "help_url": ("Address of the portal.", "Adresse du portail."),
    "help_no_input": (
        "Never ask anything; fail instead.",
        "Ne jamais poser de question ; échouer plutôt.",
    ),
    "help_project": ("Project, by slug or id.", "Projet, par slug ou identifiant."),
    "help_version": ("Show the version.", "Afficher la version."),
    "help_help": ("Show this help.", "Afficher cette aide."),
    "help_wait": ("Wait until it is done.", "Attendre que ce soit fait."),
    "help_timeout": ("Seconds to wait at most.", "Secondes d’attente au plus."),
    "help_environment": ("Environment, by slug or name.", "Environnement, par slug ou nom."),
    "help_profile": ("Hardware profile, by slug or name.", "Profil matériel, par slug ou nom."),
    "help_yes": ("Do not ask for confirmation.", "Ne pas demander de confirmation."),
    "help_login": (
        "Sign in and remember it on this machine.\n\n"
        "Paste a token made in the portal, or give name and password: then a token is made. "
        "The password is not kept.",
        "Se connecter et le retenir sur cette machine.\n\n"
        "Collez un jeton créé dans le portail, ou donnez nom et mot de passe : un jeton est "
        "alors créé. Le mot de passe n’est pas conservé.",
    ),
    "help_username": ("Sign in with this name.", "Se connecter avec ce nom."),
    "help_password_stdin": (
        "Read the password from standard input.",
        "Lire le mot de passe sur l’entrée standard.",
    ),
    "help_token_stdin": (
        "Read a token from standard input.",
        "Lire un jeton sur l’entrée standard.",
    ),
    "help_days": ("Days until the token expires.", "Jours avant l’expiration du jeton."),
    "help_scope": ("What the token may do.", "Ce que le jeton permet."),
    "help_logout": (
        "Revoke the saved token and forget it.",
        "Révoquer le jeton enregistré et l’oublier.",
    ),
    "help_whoami": ("Show who is signed in.", "Afficher qui est connecté."),
    "help_projects": ("Projects you are a member of.", "Les projets dont vous êtes membre."),
    "help_projects_list": ("List projects.", "Lister les projets."),
    "help_search": ("Only names containing this.", "Seulement les noms contenant ceci."),
    "help_archived": ("Show archived projects.", "Afficher les projets archivés."),
    "help_projects_create": (
        "Create a project; you become its lead.",
        "Créer un projet ; vous en devenez responsable.",
    ),
    "help_slug": ("Short name for addresses.", "Nom court pour les adresses."),
    "help_description": ("What it is for.", "À quoi il sert."),
    "help_create_use": ("Also use it from now on.", "L’utiliser aussi désormais."),
    "help_projects_use": (
        "Use a project whenever --project is not given.",
        "Utiliser un projet chaque fois que --project n’est pas donné.",
    ),
    "help_notebooks": ("Notebook servers.", "Serveurs de notebook."),
    "help_notebooks_list": ("List notebook servers.", "Lister les serveurs de notebook."),
    "help_all": (
        "Also those of the other members.",
        "Aussi ceux des autres membres.",
    ),
    "help_status": ("Only those with this status.", "Seulement ceux dans cet état."),
    "help_notebooks_show": (
        "Show one server: status, steps, why.",
        "Afficher un serveur : état, étapes, raison.",
    ),
    "help_notebooks_start": (
        "Start a server, or create and start it when you have none of that name.",
        "Démarrer un serveur, ou le créer et le démarrer si aucun des vôtres n’a ce nom.",
    ),
    "help_rescue": (
        "Without the packages installed into it.",
        "Sans les paquets qui y ont été installés.",
    ),
    "help_open_after": ("Open it in the browser when it answers.", "L’ouvrir dès qu’il répond."),
    "help_notebooks_stop": (
        "Stop a server; its files are kept.",
        "Arrêter un serveur ; ses fichiers sont conservés.",
    ),
    "help_notebooks_restart": (
        "Stop and start again, with another profile when given.",
        "Arrêter et redémarrer, avec un autre profil s’il est donné.",
    ),
    "help_notebooks_open": (
        "Print a running server’s address and open it in the browser.",
        "Afficher l’adresse d’un serveur en cours et l’ouvrir dans le navigateur.",
    ),
    "help_print": ("Only print the address.", "Afficher seulement l’adresse."),
    "help_notebooks_rename": ("Give a server another name.", "Renommer un serveur."),
    "help_notebooks_keep": (
        "Put off the stop for idleness.",
        "Repousser l’arrêt pour inactivité.",
    ),
    "help_notebooks_delete": (
        "Delete a stopped server; the home is kept.",
        "Supprimer un serveur arrêté ; le dossier personnel est conservé.",
    ),
    "help_run": (
        "Submit a command as a job.\n\n"
        "    atelier run --profile medium -- python train.py --epochs 3\n\n"
        "It may wait in the queue for its turn. With --wait or -f the exit code is the job’s own; "
        "Ctrl C ends the waiting, not the job.",
        "Soumettre une commande comme travail.\n\n"
        "    atelier run --profile medium -- python train.py --epochs 3\n\n"
        "Il peut attendre son tour dans la file. Avec --wait ou -f, le code de sortie est celui du "
        "travail ; Ctrl C interrompt l’attente, pas le travail.",
    ),
    "help_image": (
        "Image to run in instead of an environment (on a cluster).",
        "Image où tourner au lieu d’un environnement (sur une grappe).",
    ),
    "help_env": (
        "Environment variable; may be repeated. Not for secrets: members see it.",
        "Variable d’environnement ; répétable. Pas pour des secrets : les membres la voient.",
    ),
    "help_job_name": (
        "What to call it; else its script’s name.",
        "Son nom ; sinon celui de son script.",
    ),
    "help_job_wait": ("Wait for its end.", "Attendre sa fin."),
    "help_job_follow": (
        "Print its log while it runs, and wait for its end.",
        "Afficher son journal pendant l’exécution et attendre sa fin.",
    ),
    "help_jobs": ("List your newest jobs.", "Lister vos travaux les plus récents."),
    "help_jobs_all": ("Also those of the other members.", "Aussi ceux des autres membres."),
    "help_limit": ("How many at most.", "Combien au plus."),
    "help_logs": (
        "Print what a job has printed; JOB is an id, or the name of your newest.",
        "Afficher ce qu’un travail a écrit ; JOB est un identifiant ou le nom du plus récent.",
    ),
    "help_logs_follow": (
        "Go on until its end, and end with its exit code.",
        "Continuer jusqu’à sa fin et terminer avec son code de sortie.",
    ),
    "help_stop": ("Stop a job.", "Arrêter un travail."),
    "help_why": (
        "Say why a job or notebook server waits, failed or stopped, and what to do.",
        "Dire pourquoi un travail ou un serveur attend, a échoué ou s’est arrêté, et que faire.",
    ),
    "help_check": (
        "Tell whether a notebook would start now: 0 yes, 6 it would wait, 1 never.",
        "Dire si un notebook démarrerait maintenant : 0 oui, 6 il attendrait, 1 jamais.",
    ),
    "help_environments": ("List environments.", "Lister les environnements."),
    "help_packages": ("Also list their packages.", "Lister aussi leurs paquets."),
    "help_profiles": ("List hardware profiles.", "Lister les profils matériels."),
    "help_quota": (
        "Show your limits and the project’s, and what is held of them.",
        "Afficher vos limites et celles du projet, et ce qui en est pris.",
    ),
    "help_tokens": ("API tokens.", "Jetons d’API."),
    "help_tokens_list": ("List your tokens.", "Lister vos jetons."),
    "help_tokens_create": (
        "Make a token; it is shown once.\n\n"
        "Asks for your password: a token cannot make another one.",
        "Créer un jeton ; il n’est affiché qu’une fois.\n\n"
        "Demande votre mot de passe : un jeton ne peut pas en créer un autre.",
    ),
    "help_tokens_revoke": ("End a token at once.", "Révoquer un jeton immédiatement."),
    "help_completion": (
        "Print the completion script of a shell.",
        "Afficher le script de complétion d’un shell.",
    ),
}

SAID: dict[str, tuple[str, str]] = {
    "what_to_do": ("What to do: {action}", "Que faire : {action}"),
    "request_id": ("Request id: {id}", "Numéro de requête : {id}"),
    # --- signing in
    "ask_token": (
        "Token (leave empty to sign in with name and password)",
        "Jeton (laissez vide pour vous connecter avec nom et mot de passe)",
    ),
    "ask_username": ("Name", "Nom"),
    "ask_password": ("Password", "Mot de passe"),
    "login_needs_more": (
        "Nothing to sign in with.",
        "Rien pour se connecter.",
    ),
    "login_needs_more_do": (
        "With --no-input, use --token-stdin, or --username with --password-stdin.",
        "Avec --no-input, utilisez --token-stdin, ou --username avec --password-stdin.",
    ),
    "password_needed": (
        "A password is needed.",
        "Un mot de passe est nécessaire.",
    ),
    "password_needed_do": (
        "Pipe it in with --password-stdin, or --token-stdin where a token will do.",
        "Passez-le par --password-stdin, ou un jeton par --token-stdin là où il suffit.",
    ),
    "login_both": (
        "Standard input can hold a token or a password, not both.",
        "L’entrée standard peut contenir un jeton ou un mot de passe, pas les deux.",
    ),
    "signed_in": (
        "Signed in to {url} as {username}.",
        "Connecté à {url} en tant que {username}.",
    ),
    "plain_http": (
        "{url} is not encrypted: whoever is between can read the token.",
        "{url} n’est pas chiffré : un intermédiaire peut lire le jeton.",
    ),
    "environment_wins": (
        "{name} is set and is used before what was saved now.",
        "{name} est défini et passe avant ce qui vient d’être enregistré.",
    ),
    "signed_out": ("Signed out of {url}.", "Déconnecté de {url}."),
    "token_left": (
        "The token itself is still valid; revoke it in the portal if it is not used elsewhere.",
        "Le jeton reste valable ; révoquez-le dans le portail s’il ne sert pas ailleurs.",
    ),
    "token_not_revoked": (
        "The token could not be revoked: {detail}",
        "Le jeton n’a pas pu être révoqué : {detail}",
    ),
    "was_signed_out": ("Nobody was signed in to {url}.", "Personne n’était connecté à {url}."),
    "token_name": ("atelier on {host}", "atelier sur {host}"),
    # --- columns and labels
    "name": ("Name", "Nom"),
    "slug": ("Slug", "Slug"),
    "role": ("Role", "Rôle"),
    "members": ("Members", "Membres"),
    "status": ("Status", "État"),
    "project": ("Project", "Projet"),
    "the_project": ("project", "projet"),
    "owner": ("Owner", "Propriétaire"),
    "environment": ("Environment", "Environnement"),
    "profile": ("Profile", "Profil"),
    "resources": ("Resources", "Ressources"),
    "activity": ("Last activity", "Dernière activité"),
    "reason": ("Why", "Raison"),
    "id": ("Id", "Identifiant"),
    "description": ("Description", "Description"),
    "packages": ("Packages", "Paquets"),
    "kind": ("Kind", "Type"),
    "available": ("Available", "Disponible"),
    "yes": ("yes", "oui"),
    "whose": ("Of", "De"),
    "you": ("you", "vous"),
    "resource": ("Resource", "Ressource"),
    "used": ("In use", "Utilisé"),
    "reserved": ("Reserved", "Réservé"),
    "limit": ("Limit", "Limite"),
    "unlimited": ("unlimited", "illimité"),
    "scopes": ("Scopes", "Portées"),
    "expires": ("Expires", "Expire"),
    "last_used": ("Last used", "Dernier usage"),
    "token": ("Token", "Jeton"),
    "email": ("E-mail", "E-mail"),
    "platform": ("Platform", "Plateforme"),
    "projects": ("Projects", "Projets"),
    "started": ("Started", "Démarré"),
    "created": ("Submitted", "Soumis"),
    "exit_code": ("Exit code", "Code de sortie"),
    "do": ("What to do", "Que faire"),
    "address": ("Address", "Adresse"),
    "idle_stop": ("Stops when idle", "Arrêt si inactif"),
    "steps": ("Steps", "Étapes"),
    "member": ("member", "membre"),
    "lead": ("lead", "responsable"),
    "viewer": ("viewer", "lecteur"),
    "admin": ("administrator", "administrateur"),
    "auditor": ("auditor", "auditeur"),
    "current": ("current", "actuel"),
    "archived": ("archived", "archivé"),
    "never": ("never", "jamais"),
    # --- resources and times
    "core": ("{figure} core", "{figure} cœur"),
    "cores": ("{figure} cores", "{figure} cœurs"),
    "cpu": ("CPU", "CPU"),
    "memory": ("Memory", "Mémoire"),
    "notebooks": ("Notebook servers", "Serveurs de notebook"),
    "just_now": ("just now", "à l’instant"),
    "ago": ("{duration} ago", "il y a {duration}"),
    "in": ("in {duration}", "dans {duration}"),
    # --- results
    "no_projects": (
        "You are not a member of any project yet. Create one with `atelier projects create`.",
        "Vous n’êtes encore membre d’aucun projet. Créez-en un avec « atelier projects create ».",
    ),
    "no_notebooks": (
        "No notebook servers yet. Start one with `atelier notebooks start NAME`.",
        "Aucun serveur de notebook. Démarrez-en un avec « atelier notebooks start NOM ».",
    ),
    "no_match": ("Nothing matches.", "Aucun résultat."),
    "no_tokens": ("You have no tokens.", "Vous n’avez aucun jeton."),
    "project_created": (
        "Project {name} is there; its slug is {slug}.",
        "Le projet {name} est créé ; son slug est {slug}.",
    ),
    "project_used": (
        "{slug} is used from now on when --project is not given.",
        "{slug} est désormais utilisé quand --project n’est pas donné.",
    ),
    "is_now": ("{name}: {status}.", "{name} : {status}."),
    "no_jobs": (
        "No jobs yet. Submit one with `atelier run -- COMMAND`.",
        "Aucun travail. Soumettez-en un avec « atelier run -- COMMANDE ».",
    ),
    "job_is_now": ("{name}: {status}. ({id})", "{name} : {status}. ({id})"),
    "follow_hint": ("Follow it: atelier logs -f {id}", "Le suivre : atelier logs -f {id}"),
    "job_left": (
        "Stopped waiting; the job goes on. Stop it: atelier stop {id}",
        "Attente interrompue ; le travail continue. L’arrêter : atelier stop {id}",
    ),
    "env_needs_value": (
        "--env {text} gives no value.",
        "--env {text} ne donne pas de valeur.",
    ),
    "env_needs_value_do": (
        "Write --env NAME=VALUE.",
        "Écrivez --env NOM=VALEUR.",
    ),
    "no_reason": ("Nothing is in the way.", "Rien ne s’y oppose."),
    "open_hint": (
        "When it runs: atelier notebooks open {name}",
        "Une fois en cours : atelier notebooks open {name}",
    ),
    "not_running": ("{name} is not running: {status}.", "{name} n’est pas en cours : {status}."),
    "not_running_do": (
        "Start it with `atelier notebooks start {name} --wait`.",
        "Démarrez-le avec « atelier notebooks start {name} --wait ».",
    ),
    "renamed": ("Its name is {name} now.", "Son nom est maintenant {name}."),
    "kept": ("{name} keeps running.", "{name} continue de fonctionner."),
    "ask_delete": (
        "Delete the notebook server {name}? The home is kept.",
        "Supprimer le serveur de notebook {name} ? Le dossier personnel est conservé.",
    ),
    "yes_needed": (
        "This needs a confirmation.",
        "Une confirmation est nécessaire.",
    ),
    "yes_needed_do": ("Add --yes.", "Ajoutez --yes."),
    "not_deleted": ("Nothing was deleted.", "Rien n’a été supprimé."),
    "deleted": (
        "{name} was deleted. Its home is kept.",
        "{name} est supprimé. Son dossier est conservé.",
    ),
    "token_once": (
        "Copy it now, it is shown once.",
        "Copiez-le maintenant, il n’est affiché qu’une fois.",
    ),
    "token_revoked": ("The token {id} is revoked.", "Le jeton {id} est révoqué."),
    "wait_left": (
        "Stopped waiting. It goes on by itself.",
        "Attente interrompue. Cela continue tout seul.",
    ),
    "fits": ("Fits now", "Possible maintenant"),
    "waits": ("Will wait", "Attendra"),
    "never_fits": ("Never fits", "Impossible"),
    "would_fit": ("Would fit:", "Possibles :"),
    "starts_in": ("Starts in about {duration}.", "Démarre dans environ {duration}."),
    "stale": (
        "not confirmed since {time}",
        "non confirmé depuis {time}",
    ),
    # --- steps of a start
    "step_quota": ("Quota reserved", "Quota réservé"),
    "step_submitted": ("Handed to the hub", "Remis au hub"),
    "step_job_submitted": ("Handed to the engine", "Remis au moteur"),
    "step_job_ready": ("Running", "En cours"),
    "step_placed": ("Place found", "Place trouvée"),
    "step_starting": ("Server starting", "Serveur en démarrage"),
    "step_answering": ("Server answers", "Le serveur répond"),
    "step_ready": ("Ready to open", "Prêt à ouvrir"),
}

WORDS = {**HELP, **SAID}
