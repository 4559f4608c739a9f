/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "ldirectord/run/instance.h"
#include "util/banned.h"
#include "util/fd.h"

#define NO_OPERAND_NAME "ldirectord"
#define DEFAULT_FILE    LDIR_DEFAULT_FILE
#define CMDLINE_MAX     4096
#define LOCK_END        ".lock"

/* The first existing file for @operand (transfer full), or NULL. */
static char *
find_file(const char *operand)
{
	static const char *const places[] = { HB_HA_DIR "/", HB_HA_DIR "/conf/", "" };

	for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
		g_autofree char *path = g_strconcat(places[i], operand, NULL);

		if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
			return g_steal_pointer(&path);
	}
	return NULL;
}

/* One for each file, whatever name it was called by. (transfer full) */
static char *
digest_of(const char *path)
{
	char *real = realpath(path, NULL);
	char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, real != NULL ? real : path, -1);

	free(real);
	digest[16] = '\0';
	return digest;
}

/* Messages show the name that tools know. */
static char *
pid_file_of(const char *run_dir, const char *name)
{
	const char *shown = strcmp(run_dir, "/run") == 0 ? "/var/run" : run_dir;

	return g_strdup_printf("%s/ldirectord.%s.pid", shown, name);
}

/* Beside @lock_file (transfer full) */
static char *
beside(const char *lock_file, const char *end)
{
	return g_strdup_printf("%.*s%s", (int)(strlen(lock_file) - strlen(LOCK_END)), lock_file, end);
}

char *
ldir_instance_socket_of(const char *lock_file)
{
	return beside(lock_file, ".sock");
}

void
ldir_instance_follow(LdirInstance *instance, const char *lock_file)
{
	g_free(instance->lock_file);
	g_free(instance->socket_file);
	g_free(instance->state_file);
	instance->lock_file = g_strdup(lock_file);
	instance->socket_file = ldir_instance_socket_of(lock_file);
	instance->state_file = beside(lock_file, ".state");
}

char *
ldir_instance_lock_of(const LdirInstance *instance, pid_t pid)
{
	g_autofree char *fds = g_strdup_printf("/proc/%d/fd", (int)pid);
	g_autofree char *dir = g_path_get_dirname(instance->lock_file);
	GDir *open_dir = g_dir_open(fds, 0, NULL);
	char *found = NULL;
	const char *name;

	while (found == NULL && open_dir != NULL && (name = g_dir_read_name(open_dir)) != NULL) {
		g_autofree char *path = g_build_filename(fds, name, NULL);
		g_autofree char *target = g_file_read_link(path, NULL);
		g_autofree char *target_dir = target != NULL ? g_path_get_dirname(target) : NULL;

		if (g_strcmp0(target_dir, dir) == 0 && g_str_has_suffix(target, LOCK_END))
			found = g_steal_pointer(&target);
	}
	if (open_dir != NULL)
		g_dir_close(open_dir);
	return found;
}

LdirInstance *
ldir_instance_new(const char *operand, const char *run_dir)
{
	LdirInstance *instance = g_new0(LdirInstance, 1);
	g_autofree char *digest = NULL;
	g_autofree char *lock_file = NULL;

	instance->lock_fd = -1;
	instance->name = operand != NULL ? g_path_get_basename(operand) : g_strdup(NO_OPERAND_NAME);
	instance->pid_file = pid_file_of(run_dir, instance->name);
	instance->shown = find_file(operand != NULL ? operand : DEFAULT_FILE);
	if (instance->shown == NULL)
		return instance;
	instance->config = g_canonicalize_filename(instance->shown, NULL);
	digest = digest_of(instance->config);
	lock_file = g_strdup_printf("%s/ldirectord/%s" LOCK_END, run_dir, digest);
	ldir_instance_follow(instance, lock_file);
	return instance;
}

void
ldir_instance_free(LdirInstance *instance)
{
	if (instance == NULL)
		return;
	if (instance->lock_fd >= 0)
		(void)close(instance->lock_fd);
	g_free(instance->name);
	g_free(instance->config);
	g_free(instance->shown);
	g_free(instance->pid_file);
	g_free(instance->lock_file);
	g_free(instance->socket_file);
	g_free(instance->state_file);
	g_free(instance);
}

gboolean
ldir_instance_is_ldirectord(pid_t pid)
{
	char path[64];
	char line[CMDLINE_MAX];
	g_auto(HbFd) fd = -1;
	gssize len;

	(void)g_snprintf(path, sizeof path, "/proc/%d/cmdline", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	len = fd >= 0 ? read(fd, line, sizeof line) : -1;
	return len > 0 && memmem(line, (gsize)len, "ldirectord", strlen("ldirectord")) != NULL;
}

/* FALSE: it cannot be read. 0: there is no number in it, @ret_empty: nothing at all, as one that is about to begin leaves it. */
static gboolean
read_pid(const LdirInstance *instance, pid_t *ret_pid, gboolean *ret_empty)
{
	char text[32] = "";
	g_auto(HbFd) fd = open(instance->pid_file, O_RDONLY | O_CLOEXEC);
	guint64 pid = 0;

	if (fd < 0 || read(fd, text, sizeof text - 1) < 0)
		return FALSE;
	*ret_empty = text[0] == '\0';
	g_strchomp(text);
	*ret_pid = g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT32, &pid, NULL) ? (pid_t)pid : 0;
	return TRUE;
}

LdirInstanceState
ldir_instance_state(const LdirInstance *instance, pid_t *ret_pid)
{
	gboolean is_empty = FALSE;
	pid_t pid;

	if (!read_pid(instance, &pid, &is_empty) || is_empty)
		return LDIR_INSTANCE_STOPPED;
	if (pid == 0 || !ldir_instance_is_ldirectord(pid))
		return LDIR_INSTANCE_STALE;
	*ret_pid = pid;
	return LDIR_INSTANCE_RUNNING;
}

/* All of one length, but for the first: one takes the place of the other in one step. */
static const char *const modes[] = {
	[LDIR_MODE_BEGINNING] = "", [LDIR_MODE_SERVING] = "serving\n", [LDIR_MODE_STANDBY] = "standby\n", [LDIR_MODE_LEAVING] = "leaving\n",
};

static gboolean
read_mode(int fd, LdirMode *ret_mode)
{
	char text[16] = "";

	if (pread(fd, text, sizeof text - 1, 0) < 0)
		return FALSE;
	*ret_mode = LDIR_MODE_SERVING;
	for (guint i = 0; i < G_N_ELEMENTS(modes); i++)
		if (strcmp(text, modes[i]) == 0)
			*ret_mode = (LdirMode)i;
	return TRUE;
}

static LdirLockResult
judge_holder(int fd)
{
	static const LdirLockResult results[] = {
		[LDIR_MODE_BEGINNING] = LDIR_LOCK_BEGINNING, [LDIR_MODE_SERVING] = LDIR_LOCK_TAKEN,
		[LDIR_MODE_STANDBY] = LDIR_LOCK_STANDBY, [LDIR_MODE_LEAVING] = LDIR_LOCK_LEAVING,
	};
	LdirMode mode;

	return read_mode(fd, &mode) ? results[mode] : LDIR_LOCK_ERROR;
}

gboolean
ldir_instance_is_standing_by(const LdirInstance *instance)
{
	g_auto(HbFd) fd = instance->lock_file != NULL ? open(instance->lock_file, O_RDONLY | O_CLOEXEC) : -1;
	LdirMode mode;

	return fd >= 0 && read_mode(fd, &mode) && mode == LDIR_MODE_STANDBY;
}

LdirLockResult
ldir_instance_lock(LdirInstance *instance, GError **error)
{
	g_autofree char *dir = g_path_get_dirname(instance->lock_file);
	g_auto(HbFd) fd = -1;
	LdirMode before;

	if (instance->lock_fd >= 0)
		return LDIR_LOCK_HELD;
	if (mkdir(dir, 0755) < 0 && errno != EEXIST)
		goto failed;
	fd = open(instance->lock_file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		goto failed;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK)
			goto failed;
		return judge_holder(fd);
	}
	if (!read_mode(fd, &before) || ftruncate(fd, 0) < 0)
		goto failed;
	instance->was_serving = before == LDIR_MODE_SERVING;
	instance->lock_fd = hb_fd_steal(&fd);
	return LDIR_LOCK_HELD;
failed:
	g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "cannot lock %s: %s", instance->lock_file, g_strerror(errno));
	return LDIR_LOCK_ERROR;
}

void
ldir_instance_say_mode(LdirInstance *instance, LdirMode mode)
{
	if (instance->lock_fd >= 0)
		(void)!pwrite(instance->lock_fd, modes[mode], strlen(modes[mode]), 0);
}

int
ldir_instance_write_pid(const LdirInstance *instance, pid_t pid)
{
	g_auto(HbFd) fd = open(instance->pid_file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	char text[32] = "";

	if (fd < 0)
		return errno;
	if (pid > 0)
		(void)g_snprintf(text, sizeof text, "%d\n", (int)pid);
	return write(fd, text, strlen(text)) < 0 ? errno : 0;
}

void
ldir_instance_drop_pid(const LdirInstance *instance, pid_t pid)
{
	gboolean is_empty;
	pid_t there;

	if (read_pid(instance, &there, &is_empty) && (there == 0 || there == pid))
		(void)unlink(instance->pid_file);
}
