# SPDX-License-Identifier: GPL-2.0-or-later
include tests/fuzz/wire.mk
include tests/fuzz/conf.mk
include tests/fuzz/ocf.mk
include tests/fuzz/media.mk
include tests/fuzz/log.mk
include tests/fuzz/ldir.mk
include tests/fuzz/ldir_run.mk
include tests/fuzz/stonith.mk
