/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * system.c - what the checks of a configuration ask this machine.
 */
#include <grp.h>
#include <net/if.h>
#include <netdb.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>

#include <glib.h>

#include "conf/draft.h"
#include "util/banned.h"

gboolean
hb_system_has_interface(const char *name)
{
	return strlen(name) < IF_NAMESIZE && if_nametoindex(name) != 0;
}

const char *
hb_system_terminal_fault(const char *path)
{
	struct stat st;

	if (path[0] != '/')
		return "must be given with its full path, as in /dev/ttyS0";
	if (stat(path, &st) < 0)
		return "there is no such terminal on this machine";
	return S_ISCHR(st.st_mode) ? NULL : "is not a terminal";
}

const char *
hb_system_device_fault(const char *path)
{
	struct stat st;

	if (path[0] != '/')
		return "must be given with its full path, as in /dev/watchdog";
	if (stat(path, &st) < 0)
		return "there is no such device on this machine";
	return S_ISCHR(st.st_mode) ? NULL : "is not a device";
}

gboolean
hb_system_has_user(const char *name)
{
	return getpwnam(name) != NULL;
}

gboolean
hb_system_has_group(const char *name)
{
	return getgrnam(name) != NULL;
}

gboolean
hb_system_is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 0111) != 0;
}

gboolean
hb_system_has_script(const char *const *dirs, const char *name)
{
	for (gsize i = 0; dirs[i] != NULL; i++) {
		g_autofree char *path = g_build_filename(dirs[i], name, NULL);

		if (hb_system_is_program(path))
			return TRUE;
	}
	return FALSE;
}

GPtrArray *
hb_system_script_names(const char *const *dirs)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

	for (gsize i = 0; dirs[i] != NULL; i++) {
		g_autoptr(GDir) dir = g_dir_open(dirs[i], 0, NULL);
		const char *name;

		while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
			g_ptr_array_add(names, g_strdup(name));
	}
	return names;
}

/* The file that describes the unit @name (transfer full): a name without a suffix is a service, and what stands
 * between "@" and suffix is its own business. */
static char *
unit_file(const char *name)
{
	static const char *const kinds[] = { ".service", ".socket", ".mount", ".target", ".timer", ".path" };
	const char *kind = kinds[0];
	gsize len = strlen(name);
	gsize at;

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (g_str_has_suffix(name, kinds[i])) {
			kind = kinds[i];
			len -= strlen(kind);
		}
	at = strcspn(name, "@");
	return g_strdup_printf("%.*s%s", (int)(at < len ? at + 1 : len), name, kind);
}

gboolean
hb_system_has_unit(const char *root, const char *name)
{
	static const char *const dirs[] = { "lib/systemd/system", "usr/lib/systemd/system",
		                            "etc/systemd/system" };
	g_autofree char *running = g_build_filename(root, "run/systemd/system", NULL);
	g_autofree char *unit = unit_file(name);

	if (!g_file_test(running, G_FILE_TEST_IS_DIR))
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(dirs); i++) {
		g_autofree char *path = g_build_filename(root, dirs[i], unit, NULL);

		if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
			return TRUE;
	}
	return FALSE;
}

gboolean
hb_system_has_agent(const char *root, const char *name)
{
	g_auto(GStrv) part = g_strsplit(name, ":", -1);
	g_autofree char *path = NULL;

	if (g_strv_length(part) != 3 || *part[1] == '\0' || *part[2] == '\0')
		return FALSE;
	path = g_build_filename(root, "usr/lib/ocf/resource.d", part[1], part[2], NULL);
	return hb_system_is_program(path);
}

guint16
hb_system_cluster_port(void)
{
	const struct servent *service = getservbyname("ha-cluster", "udp");

	return service != NULL ? g_ntohs((guint16)service->s_port) : HB_CLUSTER_PORT;
}

char *
hb_system_port_owner(guint16 port)
{
	const struct servent *service = port == HB_CLUSTER_PORT ? NULL : getservbyport(g_htons(port), "udp");

	if (service == NULL || strcmp(service->s_name, "ha-cluster") == 0)
		return NULL;
	return g_strdup(service->s_name);
}
