/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rtnl_talk.c - one request to the kernel and its answer, see rtnl_parts.h */
#include <errno.h>
#include <string.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "resource.d/ip/rtnl_parts.h"
#include "util/banned.h"

/* One request and its answer. */
typedef struct {
	HbRtnlReader *reader;
	void *data;
	int error;                      /* -errno as the kernel says it */
	bool over;
} Talk;

static int
on_message(struct nl_msg *msg, void *arg)
{
	Talk *talk = arg;

	if (talk->reader != NULL)
		talk->reader(nlmsg_hdr(msg), talk->data);
	return NL_OK;
}

static int
on_end(struct nl_msg *msg, void *arg)
{
	Talk *talk = arg;

	(void)msg;
	talk->over = true;
	return NL_STOP;
}

/* libnl's own codes forget which errno it was. */
static int
on_error(struct sockaddr_nl *from, struct nlmsgerr *error, void *arg)
{
	Talk *talk = arg;

	(void)from;
	talk->error = error->error;
	talk->over = true;
	return NL_STOP;
}

static int
receive(HbRtnl *rtnl, Talk *talk)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	int result = 0;

	if (cb == NULL)
		return -ENOMEM;
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_message, talk);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_end, talk);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_end, talk);
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, talk);
	while (result >= 0 && !talk->over)
		result = nl_recvmsgs(rtnl->sock, cb);
	nl_cb_put(cb);

	if (talk->error != 0)
		return talk->error;
	if (result == -NLE_DUMP_INTR)
		return -EINTR;
	return talk->over ? 0 : -EIO;
}

int
hb_rtnl_ask(HbRtnl *rtnl, struct nl_msg *msg, HbRtnlReader *reader, void *data)
{
	Talk talk = { .reader = reader, .data = data };
	int result = msg != NULL ? nl_send_auto(rtnl->sock, msg) : -NLE_NOMEM;

	nlmsg_free(msg);
	return result < 0 ? -EIO : receive(rtnl, &talk);
}

struct nl_msg *
hb_rtnl_message(int type, int flags, void *fixed, size_t fixed_len)
{
	struct nl_msg *msg = nlmsg_alloc_simple(type, NLM_F_REQUEST | flags);

	if (msg != NULL && nlmsg_append(msg, fixed, fixed_len, NLMSG_ALIGNTO) < 0) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

void
hb_rtnl_put_addr(struct nl_msg *msg, int attr, const HbIpAddr *addr)
{
	if (msg != NULL)
		(void)nla_put(msg, attr, (int)hb_ip_addr_len(addr->family), addr->bytes);
}

bool
hb_rtnl_get_addr(const struct nlattr *attr, int family, HbIpAddr *ret)
{
	if (attr == NULL || (size_t)nla_len(attr) != hb_ip_addr_len(family))
		return false;
	*ret = (HbIpAddr){ .family = family };
	memcpy(ret->bytes, nla_data(attr), hb_ip_addr_len(family));
	return true;
}
