/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as the file that a stonith line of ha.cf names; the first octet says how many settings the device has. */
#include "config.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stonith/driver.h"
#include "stonith/stonith.h"

#include "util/banned.h"

#define NAMES_MAX 9

int LLVMFuzzerTestOneInput(const guint8 *data, size_t len);

static void
read_settings(const char *path, guint n_names)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *settings = hb_stonith_read_file(path, &error);
	g_auto(GStrv) words = NULL;
	g_auto(GStrv) values = NULL;

	g_assert_true((settings == NULL) == (error != NULL));
	if (settings == NULL)
		return;
	g_assert_true(*settings != '\0' && *settings != '#' && strchr(settings, '\n') == NULL);
	words = hb_stonith_words(settings);
	values = hb_stonith_split(settings, n_names);
	g_assert_true(values == NULL || g_strv_length(values) == n_names);
	for (guint i = 0; values != NULL && i < n_names; i++)
		g_assert_true(*values[i] != '\0' && strstr(settings, values[i]) != NULL);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
	int fd = len > 0 ? memfd_create("settings", MFD_CLOEXEC) : -1;
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);

	if (fd < 0)
		return 0;
	if (write(fd, data + 1, len - 1) == (ssize_t)(len - 1))
		read_settings(path, data[0] % NAMES_MAX);
	(void)close(fd);
	return 0;
}
