/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * meatware.c - fencing by hand: asks the administrator to switch the node off and waits for the word that it is done.
 *
 * The word comes by a FIFO in the run directory, which only root can write: hb_stonith --confirm NODE. It stays between
 * two tries, so that the word can be given at any time while the node is waited for.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "heartbeat/hb_stonith.h"

#include "util/banned.h"

static int
failed(char text[HB_STONITH_TEXT_MAX], const char *what, const char *path)
{
	(void)snprintf(text, HB_STONITH_TEXT_MAX, "cannot %s %s: %s", what, path, strerror(errno));
	return HB_STONITH_FAILED;
}

/* Blocks until somebody says so; who called us has a time limit. */
static int
wait_for_word(const char *node, char text[HB_STONITH_TEXT_MAX])
{
	char path[sizeof HB_RUN_DIR + 128];
	char word = '\0';
	int fd;

	if ((size_t)snprintf(path, sizeof path, "%s/meatware.%s", HB_RUN_DIR, node) >= sizeof path || strchr(node, '/') != NULL)
		return HB_STONITH_BAD_HOST;
	if (mkfifo(path, 0600) < 0 && errno != EEXIST)
		return failed(text, "make", path);
	fprintf(stderr, "OPERATOR INTERVENTION REQUIRED to reset %s: power-cycle the machine, AFTER that run hb_stonith --confirm %s\n",
	        node, node);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return failed(text, "open", path);
	if (read(fd, &word, 1) != 1 || word != 'y') {
		(void)snprintf(text, HB_STONITH_TEXT_MAX, "nobody confirmed the reset of %s", node);
		(void)close(fd);
		return HB_STONITH_FAILED;
	}
	(void)close(fd);
	(void)unlink(path);
	return HB_STONITH_OK;
}

static int
run(hb_stonith_action action, const char *node, const char *const *values, char text[HB_STONITH_TEXT_MAX])
{
	if (action == HB_STONITH_HOSTS)
		(void)snprintf(text, HB_STONITH_TEXT_MAX, "%s\n", values[0]);
	return action == HB_STONITH_HOSTS || action == HB_STONITH_STATUS ? HB_STONITH_OK : wait_for_word(node, text);
}

static const char *const settings[] = { "hostlist", NULL };

extern const hb_stonith_ops hb_stonith_plugin;
__attribute__((visibility("default"))) const hb_stonith_ops hb_stonith_plugin = {
	.abi = HB_STONITH_ABI,
	.name = "meatware",
	.about = "asks the administrator to reset the node, and waits for hb_stonith --confirm NODE",
	.settings = settings,
	.run = run,
};
