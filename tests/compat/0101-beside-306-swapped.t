#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The same with the roles of the nodes swapped.
OLD=node1 exec "$(dirname "$0")/0100-beside-306.t"
