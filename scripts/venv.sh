#!/usr/bin/env bash
# Make .venv with the versions of requirements.lock; say plainly what a machine lacks.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

say() { printf '%s\n' "$@" >&2; }

command -v "$python" >/dev/null || {
  say "Python is missing. Amparo needs Python 3.11 or newer:" "  apt-get install python3 python3-venv"
  exit 1
}
"$python" -c 'import sys; sys.exit(int(sys.version_info < (3, 11)))' || {
  say "$("$python" --version) is too old; Amparo needs Python 3.11 or newer." \
    "If you have one under another name: make PYTHON=python3.12 ..."
  exit 1
}
"$python" -c 'import venv, ensurepip' 2>/dev/null || {
  say "This Python cannot make virtual environments. On Debian and Ubuntu:" \
    "  apt-get install python3-venv" "then run make again."
  exit 1
}
[ -x .venv/bin/python ] || { rm -rf .venv; "$python" -m venv .venv; }
.venv/bin/python -m pip install --quiet --disable-pip-version-check \
  --constraint requirements.lock --editable '.[dev]'
