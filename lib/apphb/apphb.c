/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * apphb.c - include/heartbeat/apphb.h.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include <apphb.h>

#include "apphb/apphb_msg.h"
#include "ipc/ipc.h"

#include "util/banned.h"

#define ANSWER_LIMIT_MS 10000

/* One registration per process. */
static HbIpc *server;

static int
fail(int err)
{
	errno = err;
	return -1;
}

static int
take_answer(void)
{
	g_autoptr(GBytes) payload = NULL;
	HbApphbAnswer answer;
	HbIpcVerdict verdict;

	while ((verdict = hb_ipc_read(server, &payload)) == HB_IPC_AGAIN) {
		verdict = hb_ipc_wait(server, FALSE, ANSWER_LIMIT_MS);
		if (verdict == HB_IPC_AGAIN)
			return fail(ETIMEDOUT);
	}
	if (verdict != HB_IPC_OK)
		return fail(EBADF);
	if (g_bytes_get_size(payload) < sizeof answer)
		return fail(EPROTO);
	memcpy(&answer, g_bytes_get_data(payload, NULL), sizeof answer);
	return answer.err == 0 ? 0 : fail(answer.err);
}

static int
tell(const void *msg, gsize len)
{
	if (server == NULL)
		return fail(ESRCH);
	return hb_ipc_send(server, msg, len) == HB_IPC_OK ? 0 : fail(EBADF);
}

static int
ask(const void *msg, gsize len)
{
	return tell(msg, len) < 0 ? -1 : take_answer();
}

static void
disconnect(void)
{
	int saved_errno = errno;

	hb_ipc_free(server);
	server = NULL;
	errno = saved_errno;
}

int
apphb_register(const char *appname, const char *appinstance)
{
	HbApphbRegister msg = { .type = HB_APPHB_REGISTER, .pid = getpid(), .uid = getuid(), .gid = getgid() };
	int fd;

	if (server != NULL)
		return fail(EEXIST);
	if (appname == NULL || appinstance == NULL)
		return fail(EINVAL);
	if (strlen(appname) >= sizeof msg.name || strlen(appinstance) >= sizeof msg.instance)
		return fail(ENAMETOOLONG);
	g_strlcpy(msg.name, appname, sizeof msg.name);
	g_strlcpy(msg.instance, appinstance, sizeof msg.instance);
	if (getcwd(msg.cwd, sizeof msg.cwd) == NULL)
		return -1;
	fd = hb_ipc_connect(HB_APPHB_SOCKET);
	if (fd < 0)
		return fail(EBADF);
	server = hb_ipc_new(fd);
	if (ask(&msg, sizeof msg) == 0)
		return 0;
	disconnect();
	return -1;
}

int
apphb_unregister(void)
{
	HbApphbPlain msg = { .type = HB_APPHB_UNREGISTER };
	int rc = ask(&msg, sizeof msg);

	disconnect();
	return rc;
}

static int
set(const char *type, guint64 value)
{
	HbApphbSet msg = { .value = value };

	g_strlcpy(msg.type, type, sizeof msg.type);
	return ask(&msg, sizeof msg);
}

int
apphb_setinterval(unsigned long hbms)
{
	return set(HB_APPHB_INTERVAL, hbms);
}

int
apphb_setwarn(unsigned long hbms)
{
	return set(HB_APPHB_WARN, hbms);
}

int
apphb_setreboot(unsigned int truefalse)
{
	return set(HB_APPHB_REBOOT, truefalse);
}

int
apphb_hb(void)
{
	HbApphbPlain msg = { .type = HB_APPHB_BEAT };

	return tell(&msg, sizeof msg);
}
