/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE /* memfd_create */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "resource.d/limit/limited.h"
#include "resource.d/ocf/agent.h"
#include "util/fd.h"

#include "util/banned.h"

#define ROOT "/usr/lib/ocf"
#define MARKS_DIR "/run/resource-agents"        /* the agents' own; gone after a boot */
#define META_DIR MARKS_DIR "/hb-meta"
#define PREFIX "OCF_RESKEY_"

char *
hb_ocf_agent_path(const HbOcfArgs *args)
{
	return g_build_filename(ROOT, "resource.d", args->provider, args->agent, NULL);
}

gboolean
hb_ocf_agent_can_run(const char *path)
{
	char text[PATH_MAX + 3] = "";
	g_auto(HbFd) fd = -1;
	char *interpreter;

	if (!g_file_test(path, G_FILE_TEST_IS_EXECUTABLE) || g_file_test(path, G_FILE_TEST_IS_DIR))
		return FALSE;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || pread(fd, text, sizeof text - 1, 0) < 2 || strncmp(text, "#!", 2) != 0)
		return TRUE;
	interpreter = text + 2 + strspn(text + 2, " \t");
	interpreter[strcspn(interpreter, " \t\n")] = '\0';
	return access(interpreter, X_OK) == 0;
}

/* Nobody but root can have written there. */
static gboolean
make_dir(const char *path)
{
	struct stat st;

	return (mkdir(path, 0755) == 0 || errno == EEXIST) && lstat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
	       st.st_uid == 0 && (st.st_mode & 022) == 0;
}

static char *
mark_path(const HbOcfArgs *args)
{
	g_autofree char *id = hb_ocf_args_id(args);

	return g_strconcat(MARKS_DIR "/hb-ocf-", args->agent, "-", id, NULL);
}

gboolean
hb_ocf_agent_is_marked(const HbOcfArgs *args)
{
	g_autofree char *path = mark_path(args);

	return access(path, F_OK) == 0;
}

void
hb_ocf_agent_mark(const HbOcfArgs *args, gboolean marked)
{
	g_autofree char *path = mark_path(args);

	if (!marked)
		(void)unlink(path);
	else if (make_dir(MARKS_DIR))
		hb_fd_close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

static void
set_environment(const HbOcfArgs *args, gint64 limit_ms)
{
	g_autofree char *instance = hb_ocf_args_instance(args);
	g_autofree char *limit = g_strdup_printf("%" G_GINT64_FORMAT, limit_ms);
	g_auto(GStrv) names = g_listenv();

	for (gsize i = 0; !args->inherit && names[i] != NULL; i++)
		if (g_str_has_prefix(names[i], PREFIX))
			g_unsetenv(names[i]);
	for (gsize i = 0; args->names[i] != NULL; i++) {
		g_autofree char *name = g_strconcat(PREFIX, args->names[i], NULL);

		g_setenv(name, args->values[i], TRUE);
	}
	g_setenv("OCF_ROOT", ROOT, TRUE);
	g_setenv("OCF_RA_VERSION_MAJOR", "1", TRUE);
	g_setenv("OCF_RA_VERSION_MINOR", "0", TRUE);
	g_setenv("OCF_TYPE", args->agent, TRUE);
	g_setenv("OCF_RESOURCE_TYPE", args->agent, TRUE);
	g_setenv("OCF_RESOURCE_PROVIDER", args->provider, TRUE);
	g_setenv("OCF_RESOURCE_INSTANCE", instance, TRUE);
	g_setenv(PREFIX "CRM_meta_timeout", limit, TRUE);
	/* A status is asked before each start: what is not there is not up, which is no error. */
	g_setenv(PREFIX "CRM_meta_interval", "0", TRUE);
}

int
hb_ocf_agent_run(const char *path, const HbOcfArgs *args, const char *action, gint64 limit_ms)
{
	char *const argv[] = { (char *)path, (char *)action, NULL };

	(void)make_dir(MARKS_DIR);      /* agents write there and do not make it */
	set_environment(args, limit_ms);
	return hb_limited_run(argv, limit_ms, STDERR_FILENO);
}

/* The bytes of @fd from its start (transfer full), or NULL when they are too many */
static char *
read_all(int fd, gsize *ret_len)
{
	struct stat st;
	g_autofree char *text = NULL;
	gssize len;

	if (fstat(fd, &st) < 0 || st.st_size <= 0 || st.st_size > HB_OCF_META_BYTES_MAX)
		return NULL;
	text = g_malloc((gsize)st.st_size);
	len = pread(fd, text, (gsize)st.st_size, 0);
	if (len != st.st_size)
		return NULL;
	*ret_len = (gsize)len;
	return g_steal_pointer(&text);
}

/* Into a file in memory, which must not take all that there is. */
static int
run_into(int out, char *const *argv, gint64 limit_ms)
{
	struct rlimit before, little;
	int code;

	if (getrlimit(RLIMIT_FSIZE, &before) < 0)
		return HB_LIMITED_FAILED;
	little = before;
	little.rlim_cur = MIN(before.rlim_max, HB_OCF_META_BYTES_MAX + 1);
	if (setrlimit(RLIMIT_FSIZE, &little) < 0)
		return HB_LIMITED_FAILED;
	code = hb_limited_run(argv, limit_ms, out);
	(void)setrlimit(RLIMIT_FSIZE, &before);
	return code;
}

static char *
ask_meta(const char *path, const HbOcfArgs *args, gint64 limit_ms, gsize *ret_len, GError **error)
{
	char *const argv[] = { (char *)path, (char *)"meta-data", NULL };
	g_auto(HbFd) out = memfd_create("meta-data", MFD_CLOEXEC);
	char *text = NULL;
	int code;

	(void)make_dir(MARKS_DIR);
	set_environment(args, limit_ms);
	code = out >= 0 ? run_into(out, argv, limit_ms) : HB_LIMITED_FAILED;
	if (code == 0)
		text = read_all(out, ret_len);
	if (text == NULL)
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "its meta-data cannot be read (exit code %d)", code);
	return text;
}

/* What was kept of an agent that has not been touched since (transfer full), or NULL */
static char *
kept_meta(const char *path, const char *kept, gsize *ret_len)
{
	g_auto(HbFd) fd = make_dir(MARKS_DIR) && make_dir(META_DIR) ? open(kept, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
	struct stat agent, copy;

	if (fd < 0 || stat(path, &agent) < 0 || fstat(fd, &copy) < 0)
		return NULL;
	if (copy.st_mtim.tv_sec <= agent.st_ctim.tv_sec || copy.st_mtim.tv_sec <= agent.st_mtim.tv_sec)
		return NULL;
	return read_all(fd, ret_len);
}

HbOcfMeta *
hb_ocf_agent_meta(const char *path, const HbOcfArgs *args, gint64 limit_ms, GError **error)
{
	g_autofree char *file = g_strconcat(META_DIR "/", args->provider, ":", args->agent, NULL);
	gsize len = 0;
	g_autofree char *text = kept_meta(path, file, &len);
	HbOcfMeta *meta;

	if (text != NULL)
		return hb_ocf_meta_parse(text, len, error);
	text = ask_meta(path, args, limit_ms, &len, error);
	meta = text != NULL ? hb_ocf_meta_parse(text, len, error) : NULL;
	if (meta != NULL && make_dir(MARKS_DIR) && make_dir(META_DIR))
		(void)g_file_set_contents(file, text, (gssize)len, NULL);
	return meta;
}
