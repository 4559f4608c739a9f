/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hb-limit [-c] SECONDS COMMAND [ARGUMENT...] - runs a command for so long at most.
 *
 * -c: the output is passed on when the command has ended, so that a caller who reads it up to the
 * end does not wait for what may be left behind. Exit codes: those of the command, else limited.h.
 */
#define _GNU_SOURCE

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "resource.d/limit/limited.h"
#include "util/banned.h"

#define MS_PER_S 1000

static void
pass_on(int fd)
{
	char text[4096];
	off_t at = 0;
	ssize_t len;

	while ((len = pread(fd, text, sizeof text, at)) > 0) {
		at += len;
		if (write(STDOUT_FILENO, text, (size_t)len) != len)
			return;
	}
}

int
main(int argc, char *argv[])
{
	bool collect = argc > 1 && strcmp(argv[1], "-c") == 0;
	char **words = argv + (collect ? 2 : 1);
	long seconds;
	char *end;
	int out = -1;
	int code;

	if (argc - (words - argv) < 2) {
		(void)fputs("usage: hb-limit [-c] SECONDS COMMAND [ARGUMENT...]\n", stderr);
		return HB_LIMITED_FAILED;
	}
	seconds = strtol(words[0], &end, 10);
	if (*end != '\0' || end == words[0] || seconds < 0 || seconds > HB_LIMITED_SECONDS_MAX) {
		(void)fprintf(stderr, "hb-limit: %s is not a number of seconds\n", words[0]);
		return HB_LIMITED_FAILED;
	}
	if (collect) {
		out = memfd_create("hb-limit", MFD_CLOEXEC);
		if (out < 0)
			return HB_LIMITED_FAILED;
	}
	code = hb_limited_run(words + 1, (int64_t)seconds * MS_PER_S, out);
	if (collect)
		pass_on(out);
	return code;
}
