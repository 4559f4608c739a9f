# SPDX-License-Identifier: GPL-2.0-or-later
EXTRA_DIST += lib/util/banned.h lib/util/fd.h lib/util/id.h lib/util/limits.h lib/util/textfile.h \
	lib/util/time.h
