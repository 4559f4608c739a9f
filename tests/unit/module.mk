# SPDX-License-Identifier: GPL-2.0-or-later
include tests/unit/util.mk
include tests/unit/wire.mk
include tests/unit/hbclient.mk
include tests/unit/clients.mk
include tests/unit/ipc.mk
include tests/unit/conf.mk
include tests/unit/core.mk
include tests/unit/media.mk
include tests/unit/node.mk
include tests/unit/exec.mk
include tests/unit/ip.mk
include tests/unit/ocf.mk
include tests/unit/ldir.mk
include tests/unit/ldir_run.mk
