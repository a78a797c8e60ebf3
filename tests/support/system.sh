#!/bin/sh
# What the tests need of the system: PostgreSQL's server, Chromium, a Chinese font. Already there: says nothing.
# Missing: installed from the distribution by root or sudo; otherwise names the command and fails.
set -eu

missing=""
postgres=$(command -v postgres || ls /usr/lib/postgresql/*/bin/postgres 2>/dev/null | tail -n 1 || true)
[ -n "$postgres" ] || missing="$missing postgresql"
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
  missing="$missing chromium"
fonts=$(fc-list :lang=zh 2>/dev/null || true)
[ -n "$fonts" ] || missing="$missing fontconfig fonts-noto-cjk"
[ -n "$missing" ] || exit 0

install="apt-get install --yes --no-install-recommends$missing"
if ! command -v apt-get >/dev/null; then
  echo "Tests need:$missing. Way out: install them with this system's package manager." >&2
  exit 1
fi
if [ "$(id -u)" = 0 ]; then
  as_root=""
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
  as_root="sudo"
else
  echo "Tests need:$missing. Way out: sudo $install" >&2
  exit 1
fi
echo "Installing for the tests:$missing"
$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive $install >/dev/null
