"""`python -m atelier_spawner`: the hub, with its own configuration unless another is named."""

import sys

from .app import CONFIG_FILE, AtelierHub

arguments = sys.argv[1:]
if not any(argument.startswith(("-f", "--config")) for argument in arguments):
    arguments = ["-f", CONFIG_FILE, *arguments]
AtelierHub.launch_instance(arguments)
