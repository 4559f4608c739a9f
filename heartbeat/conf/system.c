/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * system.c - what the checks of a configuration ask this machine.
 */
#include <fcntl.h>
#include <grp.h>
#include <net/if.h>
#include <netdb.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

#include "conf/draft.h"
#include "util/banned.h"
#include "util/fd.h"

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

const char *
hb_system_log_fault(const char *path)
{
	g_autofree char *dir = g_path_get_dirname(path);
	struct stat st;

	if (path[0] != '/')
		return "must be given with its full path: it would be made wherever heartbeat is started";
	if (stat(dir, &st) < 0 || !S_ISDIR(st.st_mode))
		return "the directory is not there, and nothing will be written";
	if (stat(path, &st) < 0)
		return lstat(path, &st) == 0 ? "is a link to nothing, and nothing will be written" : NULL;
	return S_ISDIR(st.st_mode) ? "is a directory, and nothing will be written" : NULL;
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

/* The file called @name in the first of @dirs that has one (transfer full), or NULL. */
static char *
find_script(const char *const *dirs, const char *name, gboolean must_be_program)
{
	for (gsize i = 0; dirs[i] != NULL; i++) {
		g_autofree char *path = g_build_filename(dirs[i], name, NULL);

		if (must_be_program ? hb_system_is_program(path) : g_file_test(path, G_FILE_TEST_EXISTS))
			return g_steal_pointer(&path);
	}
	return NULL;
}

gboolean
hb_system_has_script(const char *const *dirs, const char *name)
{
	g_autofree char *path = find_script(dirs, name, TRUE);

	return path != NULL;
}

/* What stands behind "#!" in the first line of @path (transfer full); NULL: nothing does. */
static char *
interpreter_of(const char *path)
{
	g_auto(HbFd) fd = open(path, O_RDONLY | O_CLOEXEC);
	char line[256];
	gssize n = fd >= 0 ? read(fd, line, sizeof line - 1) : -1;
	const char *word = line + 2;

	if (n < 2 || line[0] != '#' || line[1] != '!')
		return NULL;
	line[n] = '\0';
	word += strspn(word, " \t");
	return g_strndup(word, strcspn(word, " \t\n"));
}

char *
hb_system_script_fault(const char *const *dirs, const char *name)
{
	g_autofree char *path = find_script(dirs, name, TRUE);
	g_autofree char *interpreter = path != NULL ? interpreter_of(path) : NULL;

	if (path == NULL) {
		path = find_script(dirs, name, FALSE);
		if (path == NULL)
			return NULL;
		return g_file_test(path, G_FILE_TEST_IS_REGULAR) ?
		       g_strdup_printf("%s is not executable; write chmod 755 %s", path, path) :
		       g_strdup_printf("%s is not a file", path);
	}
	if (interpreter == NULL || g_file_test(interpreter, G_FILE_TEST_EXISTS))
		return NULL;
	if (g_str_has_suffix(interpreter, "\r"))
		return g_strdup_printf("the lines of %s end with CR LF; write sed -i 's/\\r$//' %s", path, path);
	return g_strdup_printf("%s is for %s, which is not on this machine", path, interpreter);
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
