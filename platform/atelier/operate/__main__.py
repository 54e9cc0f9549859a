import sys

from atelier.operate.cli import main

sys.exit(main(sys.argv[1:]))
