/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bundle.c - the bytes of the files, read once, and as one block for the channel.
 *
 * Block: "HBB1", number of files, then per file: kind, length and bytes of the path, length and bytes
 * of the contents. Numbers are 32 bits in host order: both ends are on one machine.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

#include "conf/report.h"
#include "util/banned.h"
#include "util/fd.h"

#define MAGIC        "HBB1"
#define MAGIC_LEN    4
#define FILES_MAX    64
#define PATH_LEN_MAX 4096
#define FILE_LEN_MAX 1048576

typedef struct {
	char *data;
	gsize len;
} Secret;

static void
secret_free(gpointer data)
{
	Secret *secret = data;

	explicit_bzero(secret->data, secret->len);
	g_free(secret->data);
	g_free(secret);
}

/* Bytes that are wiped when nobody needs them any more: keys may be among them. Takes over @data. */
static GBytes *
secret_bytes(char *data, gsize len)
{
	Secret *secret = g_new(Secret, 1);

	*secret = (Secret){ .data = data, .len = len };
	return g_bytes_new_with_free_func(data, len, secret_free, secret);
}

static void
file_free(gpointer data)
{
	HbFile *file = data;

	g_free(file->path);
	g_bytes_unref(file->bytes);
	g_free(file);
}

static HbBundle *
bundle_new(void)
{
	HbBundle *bundle = g_new0(HbBundle, 1);

	bundle->files = g_ptr_array_new_with_free_func(file_free);
	return bundle;
}

void
hb_bundle_free(HbBundle *bundle)
{
	if (bundle == NULL)
		return;
	g_ptr_array_unref(bundle->files);
	g_free(bundle);
}

static void
bundle_add(HbBundle *bundle, HbFileKind kind, const char *path, GBytes *bytes)
{
	HbFile *file = g_new0(HbFile, 1);

	*file = (HbFile){ .kind = kind, .path = g_strdup(path), .bytes = bytes };
	g_ptr_array_add(bundle->files, file);
}

static const char *
hint_for(HbFileKind kind)
{
	static const char *const hints[] = {
		[HB_FILE_HACF] = "examples are installed with the documentation; see ha.cf(5)",
		[HB_FILE_HARESOURCES] = "it may be empty, but must be there; see haresources(5)",
		[HB_FILE_AUTHKEYS] = "see authkeys(5)",
		[HB_FILE_TESTING] = "remove it: it is for tests only",
	};

	return hints[kind];
}

/* All of an open file (transfer full), or NULL with errno; EFBIG: too large. */
static GBytes *
read_all(int fd, gsize expected)
{
	gsize room = MIN(expected, FILE_LEN_MAX) + 1;
	char *data = g_malloc(room);
	gsize len = 0;

	for (;;) {
		gssize n = read(fd, data + len, room - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n > 0)
			len += (gsize)n;
		if (n > 0 && len < room)
			continue;
		/* One byte more than there was: it grew, or was too large to begin with. */
		if (n >= 0 && len < room)
			return secret_bytes(data, len);
		explicit_bzero(data, room);
		g_free(data);
		errno = n < 0 ? errno : EFBIG;
		return NULL;
	}
}

static void
read_one(HbBundle *bundle, HbFileKind kind, const char *path, GPtrArray *problems)
{
	const HbReport at = { .problems = problems, .file = path };
	g_auto(HbFd) fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	GBytes *bytes;

	if (fd < 0 || fstat(fd, &st) < 0) {
		int err = errno;

		hb_report(&at, HB_PROBLEM_ERROR, NULL, "cannot be opened: %s; %s", g_strerror(err),
		          hint_for(kind))->is_permission = err == EACCES || err == EPERM;
		return;
	}
	if (!S_ISREG(st.st_mode)) {
		hb_report(&at, HB_PROBLEM_ERROR, NULL, "is not a file");
		return;
	}
	if (kind == HB_FILE_AUTHKEYS && (st.st_mode & (S_IRGRP | S_IROTH)) != 0) {
		hb_report(&at, HB_PROBLEM_ERROR, NULL, "Bad permissions: others can read the keys; run chmod 600 "
		          "%s", path);
		return;
	}
	bytes = read_all(fd, (gsize)MAX(st.st_size, 0));
	if (bytes == NULL && errno == EFBIG) {
		hb_report(&at, HB_PROBLEM_ERROR, NULL, "is too large: %" G_GINT64_FORMAT " bytes, and at most %d are read; "
		          "this is no configuration", (gint64)st.st_size, FILE_LEN_MAX);
		return;
	}
	if (bytes == NULL) {
		hb_report(&at, HB_PROBLEM_ERROR, NULL, "cannot be read: %s", g_strerror(errno));
		return;
	}
	bundle_add(bundle, kind, path, bytes);
}

static gint
by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The x.cf files below ha.cf.d, which need not exist. */
static void
read_drop_ins(HbBundle *bundle, const char *dir, GPtrArray *problems)
{
	g_autofree char *sub = g_build_filename(dir, "ha.cf.d", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(GDir) open_dir = g_dir_open(sub, 0, &error);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	const HbReport at = { .problems = problems, .file = sub };
	struct stat st;
	const char *name;

	if (open_dir == NULL && lstat(sub, &st) == 0)
		hb_report(&at, HB_PROBLEM_ERROR, NULL, "%s", stat(sub, &st) < 0 ? "is a link to nothing" :
		          S_ISDIR(st.st_mode) ? error->message : "is not a directory")->is_permission =
			g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_ACCES);
	while (open_dir != NULL && (name = g_dir_read_name(open_dir)) != NULL)
		if (g_str_has_suffix(name, ".cf") && name[0] != '.')
			g_ptr_array_add(names, g_build_filename(sub, name, NULL));
	g_ptr_array_sort(names, by_name);
	if (names->len > FILES_MAX - 4)
		hb_report(&at, HB_PROBLEM_ERROR, NULL, "holds more than %d files", FILES_MAX - 4);
	for (guint i = 0; i < MIN(names->len, FILES_MAX - 4); i++)
		read_one(bundle, HB_FILE_HACF, names->pdata[i], problems);
}

HbBundle *
hb_bundle_read(const char *dir, GPtrArray *problems)
{
	HbBundle *bundle = bundle_new();
	g_autofree char *hacf = g_build_filename(dir, "ha.cf", NULL);
	g_autofree char *haresources = g_build_filename(dir, "haresources", NULL);
	g_autofree char *authkeys = g_build_filename(dir, "authkeys", NULL);
	g_autofree char *testing = g_build_filename(dir, "OnlyForTesting", NULL);

	read_one(bundle, HB_FILE_HACF, hacf, problems);
	read_drop_ins(bundle, dir, problems);
	read_one(bundle, HB_FILE_HARESOURCES, haresources, problems);
	read_one(bundle, HB_FILE_AUTHKEYS, authkeys, problems);
	if (g_file_test(testing, G_FILE_TEST_EXISTS))
		read_one(bundle, HB_FILE_TESTING, testing, problems);
	return bundle;
}

static void
put_number(GByteArray *out, gsize n)
{
	guint32 number = (guint32)n;

	g_byte_array_append(out, (const guint8 *)&number, sizeof number);
}

static gsize
packed_size(const HbBundle *bundle)
{
	gsize size = MAGIC_LEN + 4;

	for (guint i = 0; i < bundle->files->len; i++) {
		const HbFile *file = bundle->files->pdata[i];

		size += 12 + strlen(file->path) + g_bytes_get_size(file->bytes);
	}
	return size;
}

GBytes *
hb_bundle_pack(const HbBundle *bundle)
{
	/* Sized at once: growing would leave copies of the keys behind. */
	GByteArray *out = g_byte_array_sized_new((guint)packed_size(bundle));
	gsize len;
	char *data;

	g_byte_array_append(out, (const guint8 *)MAGIC, MAGIC_LEN);
	put_number(out, bundle->files->len);
	for (guint i = 0; i < bundle->files->len; i++) {
		const HbFile *file = bundle->files->pdata[i];
		gsize file_len;
		const guint8 *bytes = g_bytes_get_data(file->bytes, &file_len);

		put_number(out, file->kind);
		put_number(out, strlen(file->path));
		g_byte_array_append(out, (const guint8 *)file->path, (guint)strlen(file->path));
		put_number(out, file_len);
		if (file_len > 0)
			g_byte_array_append(out, bytes, (guint)file_len);
	}
	len = out->len;
	data = (char *)g_byte_array_free(out, FALSE);
	return secret_bytes(data, len);
}

typedef struct {
	const guint8 *p;
	gsize left;
} Reader;

static gboolean
get_number(Reader *reader, guint32 max, guint32 *ret_number)
{
	guint32 number;

	if (reader->left < sizeof number)
		return FALSE;
	memcpy(&number, reader->p, sizeof number);
	reader->p += sizeof number;
	reader->left -= sizeof number;
	*ret_number = number;
	return number <= max;
}

static gboolean
get_bytes(Reader *reader, guint32 max, char **ret_data, guint32 *ret_len)
{
	if (!get_number(reader, max, ret_len) || *ret_len > reader->left)
		return FALSE;
	*ret_data = g_malloc((gsize)*ret_len + 1);
	memcpy(*ret_data, reader->p, *ret_len);
	(*ret_data)[*ret_len] = '\0';
	reader->p += *ret_len;
	reader->left -= *ret_len;
	return TRUE;
}

static gboolean
get_file(Reader *reader, HbBundle *bundle)
{
	g_autofree char *path = NULL;
	char *data = NULL;
	guint32 kind;
	guint32 path_len;
	guint32 len;

	if (!get_number(reader, HB_FILE_TESTING, &kind) ||
	    !get_bytes(reader, PATH_LEN_MAX, &path, &path_len) || strlen(path) != path_len ||
	    !get_bytes(reader, FILE_LEN_MAX, &data, &len))
		return FALSE;
	bundle_add(bundle, (HbFileKind)kind, path, secret_bytes(data, len));
	return TRUE;
}

HbBundle *
hb_bundle_unpack(GBytes *packed)
{
	g_autoptr(HbBundle) bundle = bundle_new();
	Reader reader;
	guint32 n;

	reader.p = g_bytes_get_data(packed, &reader.left);
	if (reader.left < MAGIC_LEN || memcmp(reader.p, MAGIC, MAGIC_LEN) != 0)
		return NULL;
	reader.p += MAGIC_LEN;
	reader.left -= MAGIC_LEN;
	if (!get_number(&reader, FILES_MAX, &n))
		return NULL;
	for (guint32 i = 0; i < n; i++)
		if (!get_file(&reader, bundle))
			return NULL;
	return reader.left == 0 ? g_steal_pointer(&bundle) : NULL;
}
