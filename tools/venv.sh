#!/bin/sh
# Make the virtual environment VENV, with PYTHON or else with the first fitting Python on the PATH.
# usage: [TENSORFLOW=0] tools/venv.sh VENV [PYTHON]
set -eu
venv=$1
python=${2:-}

# TensorFlow and what it needs have no wheels for 3.14 yet.
newest=13
versions="3.11, 3.12 or 3.13"
if [ "${TENSORFLOW:-1}" = 0 ]; then
    newest=14
    versions="3.11, 3.12, 3.13 or 3.14"
fi

fits() {
    "$1" -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, $newest))" 2>/dev/null
}

fail() {
    echo "$1" >&2
    exit 1
}

if [ -n "$python" ]; then
    fits "$python" || fail "PYTHON=$python is not Python $versions, one of which is needed."
else
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if fits "$candidate"; then
            python=$candidate
            break
        fi
    done
    [ -n "$python" ] || fail "Python $versions is needed and none is on the PATH: install one, or name it with PYTHON=/path/to/python3.12."
fi

# Debian and Ubuntu ship Python without this part, and the error of 'python -m venv' is a long one there.
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
    fail "$python cannot make virtual environments: install its venv part first (Debian and Ubuntu: apt-get install python3-venv)."

echo "Making $venv with $("$python" --version)."
rm -rf "$venv"
"$python" -m venv "$venv"
