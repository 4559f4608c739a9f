/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * textfile.h - all of a small file of text, whatever lies in its place.
 *
 * Neither a FIFO nor a device nor a file without end may hold up who wants to read a few lines.
 */
#ifndef HB_UTIL_TEXTFILE_H
#define HB_UTIL_TEXTFILE_H

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <glib.h>

#include "util/fd.h"

/* The contents of @path, at most @max bytes, none of them zero (transfer full). NULL: @error says with the path what it is
 * instead; G_FILE_ERROR_NOENT only where nothing is, not even a link. */
static inline char *
hb_text_file_read(const char *path, gsize max, GError **error)
{
	g_auto(HbFd) fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	g_autofree char *text = NULL;
	struct stat st;
	gsize len = 0;
	gssize n = 0;

	if (fd < 0 && errno == ENOENT && lstat(path, &st) == 0) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s is a link to nothing", path);
		return NULL;
	}
	if (fd >= 0 && fstat(fd, &st) == 0 && !S_ISREG(st.st_mode)) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s is not a file", path);
		return NULL;
	}
	text = fd >= 0 ? g_malloc(max + 2) : NULL;
	while (text != NULL && len <= max && ((n = read(fd, text + len, max + 1 - len)) > 0 || (n < 0 && errno == EINTR)))
		len += (gsize)MAX(n, 0);
	if (fd < 0 || n < 0) {
		int err = errno;

		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(err), "cannot read %s: %s", path, g_strerror(err));
		return NULL;
	}
	text[len] = '\0';
	if (len > max || strlen(text) != len) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s %s", path,
		            len > max ? "is too large" : "is not a text file: it holds a zero byte");
		return NULL;
	}
	return g_steal_pointer(&text);
}

#endif
