#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes ./configure. Debian: apt-get install autoconf automake libtool pkg-config
set -e
cd "$(dirname "$0")"
autoreconf --install --warnings=all "$@"
