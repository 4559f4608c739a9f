/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <glib.h>

#include "exec/bytes_fd.h"
#include "util/fd.h"

#include "util/banned.h"

int
hb_bytes_fd_new(const char *name, GBytes *bytes)
{
	g_auto(HbFd) fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	gsize len, done = 0;
	const guint8 *data = g_bytes_get_data(bytes, &len);

	if (fd < 0)
		return -1;
	while (done < len) {
		gssize n = pwrite(fd, data + done, len - done, (off_t)done);

		if (n < 0 && errno != EINTR)
			return -1;
		done += (gsize)MAX(n, 0);
	}
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) < 0)
		return -1;
	return hb_fd_steal(&fd);
}
