#!/bin/sh
# Finds a Python that will do and hands over to it: the Makefile's commands begin here.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
PYTHONPATH=$(dirname "$(dirname "$here")")
export PYTHONPATH
for python in "$PYTHON" python3 python3.13 python3.12 python3.11 /usr/local/bin/python3 /usr/bin/python3; do
    if [ -n "$python" ] && "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
        exec "$python" -m atelier.operate.bootstrap "$@"
    fi
done
echo "Python 3.11, 3.12 or 3.13 is needed and was not found on the PATH: install one, or name it with PYTHON=/path/to/python3." >&2
exit 1
