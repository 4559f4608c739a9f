/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <glib.h>

#include "exec/store.h"
#include "util/fd.h"

#include "util/banned.h"

#define GENERATION_FILE "hb_generation"
#define GENERATION_LEN 16               /* 15 columns and a newline */
#define GENERATION_MAX G_GUINT64_CONSTANT(999999999999999)
#define UUID_FILE "hb_uuid"

static gboolean
fail(GError **error, const char *what, const char *path)
{
	int err = errno;

	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(err), "cannot %s %s: %s", what, path, g_strerror(err));
	return FALSE;
}

static gboolean
write_all(int fd, const guint8 *data, gsize len)
{
	while (len > 0) {
		gssize n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return FALSE;
		data += n;
		len -= (gsize)n;
	}
	return TRUE;
}

static gboolean
sync_dir(const char *dir, GError **error)
{
	g_auto(HbFd) fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd >= 0 && fsync(fd) == 0 ? TRUE : fail(error, "sync", dir);
}

gboolean
hb_store_write(const char *dir, const char *name, const void *data, gsize len, guint mode, GError **error)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);
	g_autofree char *fresh = g_strconcat(path, ".new", NULL);
	g_auto(HbFd) fd = -1;

	/* Made anew each time: what lies there, with whatever mode and links, is left-over. */
	if (unlink(fresh) < 0 && errno != ENOENT)
		return fail(error, "remove", fresh);
	fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, (mode_t)mode);
	if (fd < 0)
		return fail(error, "create", fresh);
	if (fchmod(fd, (mode_t)mode) < 0 || !write_all(fd, data, len) || fsync(fd) < 0) {
		fail(error, "write", fresh);
		(void)unlink(fresh);
		return FALSE;
	}
	if (rename(fresh, path) < 0) {
		fail(error, "replace", path);
		(void)unlink(fresh);
		return FALSE;
	}
	return sync_dir(dir, error);
}

/* Bytes of a small file, or NULL when there is none; what cannot be read is as good as empty, and lost. */
static char *
read_small(const char *dir, const char *name, gsize *ret_len)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);
	g_auto(HbFd) fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	char buf[64];
	gssize n;

	*ret_len = 0;
	if (fd < 0)
		return errno == ENOENT && lstat(path, &st) < 0 ? NULL : g_strdup("");
	n = read(fd, buf, sizeof buf - 1);
	if (n < 0)
		n = 0;
	buf[n] = '\0';
	*ret_len = (gsize)n;
	return g_memdup2(buf, (gsize)n + 1);
}

static gboolean
generation_parse(char *text, gsize len, guint64 *ret_generation)
{
	if (len == 0 || len > GENERATION_LEN || strlen(text) != len)
		return FALSE;
	return g_ascii_string_to_unsigned(g_strstrip(text), 10, 1, GENERATION_MAX - 1, ret_generation, NULL);
}

gboolean
hb_store_next_generation(const char *dir, guint64 used, gboolean by_time, guint64 now_s,
                         guint64 *ret_generation, char **ret_warning, GError **error)
{
	guint64 last = 0, next;
	char line[GENERATION_LEN + 1];
	gsize len = 0;
	g_autofree char *text = read_small(dir, GENERATION_FILE, &len);
	gboolean known = text != NULL && generation_parse(text, len, &last);

	*ret_warning = NULL;
	if (text != NULL && !known)
		*ret_warning = g_strdup_printf("BROKEN previous generation in %s/%s: starting again from the time of day",
		                               dir, GENERATION_FILE);
	next = known ? last + 1 : now_s;
	if (by_time)
		next = MAX(next, now_s);
	next = MAX(next, used + 1);

	g_snprintf(line, sizeof line, "%15" G_GUINT64_FORMAT "\n", next);
	if (!hb_store_write(dir, GENERATION_FILE, line, GENERATION_LEN, 0644, error))
		return FALSE;
	*ret_generation = next;
	return TRUE;
}

static gboolean
uuid_is_nil(const guint8 uuid[HB_UUID_LEN])
{
	static const guint8 nil[HB_UUID_LEN];

	return memcmp(uuid, nil, sizeof nil) == 0;
}

gboolean
hb_store_uuid(const char *dir, guint8 ret_uuid[HB_UUID_LEN], char **ret_warning, GError **error)
{
	gsize len = 0;
	g_autofree char *bytes = read_small(dir, UUID_FILE, &len);
	guint8 fresh[HB_UUID_LEN];

	*ret_warning = NULL;
	if (bytes != NULL && len == HB_UUID_LEN) {
		memcpy(fresh, bytes, HB_UUID_LEN);
		if (!uuid_is_nil(fresh)) {
			memcpy(ret_uuid, fresh, HB_UUID_LEN);
			return TRUE;
		}
	}
	if (getrandom(fresh, sizeof fresh, 0) != (gssize)sizeof fresh)
		return fail(error, "get random bytes for", UUID_FILE);
	fresh[6] = (guint8)((fresh[6] & 0x0f) | 0x40);  /* RFC 4122: version 4 */
	fresh[8] = (guint8)((fresh[8] & 0x3f) | 0x80);
	if (!hb_store_write(dir, UUID_FILE, fresh, sizeof fresh, 0644, error))
		return FALSE;
	if (bytes != NULL)
		*ret_warning = g_strdup_printf("BROKEN uuid in %s/%s, which holds %s: this node goes on under a new one; where "
		                               "nodes may join by themselves, the others will say so", dir, UUID_FILE,
		                               len == HB_UUID_LEN ? "nothing but zeros" : "other than 16 bytes");
	memcpy(ret_uuid, fresh, HB_UUID_LEN);
	return TRUE;
}

void
hb_store_uuid_of_name(const char *name, guint8 ret_uuid[HB_UUID_LEN])
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	guint8 digest[32];
	gsize len = sizeof digest;

	g_checksum_update(sum, (const guchar *)name, -1);
	g_checksum_get_digest(sum, digest, &len);
	memcpy(ret_uuid, digest, HB_UUID_LEN);
	ret_uuid[6] = (guint8)((ret_uuid[6] & 0x0f) | 0x80);    /* version 8, variant 10: made by rules of our own */
	ret_uuid[8] = (guint8)((ret_uuid[8] & 0x3f) | 0x80);
}
