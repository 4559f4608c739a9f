/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * msg_ipc.c - messages through channels (include/heartbeat/ha_msg.h).
 */
#include <stdlib.h>

#include <glib.h>

#include <ha_msg.h>

#include "util/banned.h"

IPC_Message *
wirefmt2ipcmsg(void *p, size_t len, IPC_Channel *ch)
{
	return p == NULL || ch == NULL || len > MAXMSG ? NULL : ch->ops->new_ipcmsg(ch, p, (int)len, NULL);
}

IPC_Message *
hamsg2ipcmsg(struct ha_msg *msg, IPC_Channel *ch)
{
	size_t len;
	g_autofree char *wire = msg2wirefmt_noac(msg, &len);

	return wire == NULL ? NULL : wirefmt2ipcmsg(wire, len, ch);
}

int
msg2ipcchan(struct ha_msg *msg, IPC_Channel *ch)
{
	IPC_Message *ipcmsg = ch == NULL ? NULL : hamsg2ipcmsg(msg, ch);

	if (ipcmsg == NULL)
		return HA_FAIL;
	if (ch->ops->send(ch, ipcmsg) == IPC_OK)
		return HA_OK;
	ipcmsg->msg_done(ipcmsg);
	return HA_FAIL;
}

IPC_Message *
ipcmsgfromIPC(IPC_Channel *ch)
{
	IPC_Message *ipcmsg = NULL;

	if (ch->ops->waitin(ch) != IPC_OK || ch->ops->recv(ch, &ipcmsg) != IPC_OK)
		return NULL;
	return ipcmsg;
}

struct ha_msg *
msgfromIPC(IPC_Channel *ch, int flag)
{
	IPC_Message *ipcmsg = ipcmsgfromIPC(ch);
	struct ha_msg *msg;

	if (ipcmsg == NULL)
		return NULL;
	msg = wirefmt2msg(ipcmsg->msg_body, ipcmsg->msg_len, flag);
	ipcmsg->msg_done(ipcmsg);
	return msg;
}

struct ha_msg *
msgfromIPC_noauth(IPC_Channel *ch)
{
	return msgfromIPC(ch, 0);
}
