#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Fencing beside 3.0.6, which has the other node and runs in legacy mode.
OLD=node1
FAILBACK='auto_failback legacy'
. "$(dirname "$0")/0850-fence.t"
