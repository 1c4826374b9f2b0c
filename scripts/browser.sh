#!/usr/bin/env bash
# The browser of the tests: Debian's Chromium, with fonts for every script we show.
set -euo pipefail
packages="chromium fonts-noto-core fonts-noto-cjk"
if command -v chromium >/dev/null || command -v chromium-browser >/dev/null; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing Chromium for the browser tests" >&2
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
else
  printf '%s\n' "No Chromium here: the browser tests are skipped. To run them:" \
    "  sudo apt-get update && sudo apt-get install $packages" >&2
fi
