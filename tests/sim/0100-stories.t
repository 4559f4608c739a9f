#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Plain stories, each with the lines that must follow one another.
. "$(dirname "$0")/lib.sh"
exec "$SIM/test_stories" --tap -k
