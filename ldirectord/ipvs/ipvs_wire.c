/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <linux/genetlink.h>
#include <netlink/attr.h>

#include "ldirectord/ipvs/ipvs_wire.h"
#include "util/banned.h"

#define IPVS_NAME    "IPVS"
#define IPVS_VERSION 1

enum { CMD_NEW_SERVICE = 1, CMD_SET_SERVICE, CMD_DEL_SERVICE, CMD_GET_SERVICE, CMD_NEW_DEST, CMD_SET_DEST, CMD_DEL_DEST, CMD_GET_DEST,
	CMD_NEW_DAEMON, CMD_DEL_DAEMON, CMD_GET_DAEMON };
enum { TOP_SERVICE = 1, TOP_DEST, TOP_DAEMON, N_TOP };
enum { DAEMON_STATE = 1, DAEMON_MCAST_IFN, DAEMON_SYNC_ID, N_DAEMON };
enum {
	SVC_AF = 1, SVC_PROTOCOL, SVC_ADDR, SVC_PORT, SVC_FWMARK, SVC_SCHED_NAME, SVC_FLAGS, SVC_TIMEOUT, SVC_NETMASK, N_SVC
};
enum {
	DEST_ADDR = 1, DEST_PORT, DEST_FWD_METHOD, DEST_WEIGHT, DEST_U_THRESH, DEST_L_THRESH, DEST_ACTIVE_CONNS,
	DEST_INACT_CONNS, DEST_PERSIST_CONNS, DEST_STATS, DEST_ADDR_FAMILY, N_DEST
};

#define FWD_MASK 7
enum { FWD_MASQ, FWD_LOCAL, FWD_TUNNEL, FWD_DROUTE };

typedef struct {
	guint32 flags, mask;
} WireFlags;

static struct nl_msg *
request(guint16 family_id, guint8 cmd, int flags)
{
	struct genlmsghdr fixed = { .cmd = cmd, .version = family_id == GENL_ID_CTRL ? 2 : IPVS_VERSION };
	struct nl_msg *msg = nlmsg_alloc_simple(family_id, NLM_F_REQUEST | flags);

	if (msg != NULL && nlmsg_append(msg, &fixed, sizeof fixed, NLMSG_ALIGNTO) < 0) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

struct nl_msg *
ldir_wire_family_request(void)
{
	struct nl_msg *msg = request(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_ACK);

	if (msg != NULL && nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, IPVS_NAME) < 0) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

static void
put_key(struct nl_msg *msg, const LdirIpvsKey *key)
{
	(void)nla_put_u16(msg, SVC_AF, (guint16)key->family);
	if (key->is_mark) {
		(void)nla_put_u32(msg, SVC_FWMARK, key->mark);
		return;
	}
	(void)nla_put_u16(msg, SVC_PROTOCOL, key->is_udp ? IPPROTO_UDP : IPPROTO_TCP);
	(void)nla_put(msg, SVC_ADDR, sizeof key->addr.bytes, key->addr.bytes);
	(void)nla_put_u16(msg, SVC_PORT, htons(key->port));
}

static void
put_settings(struct nl_msg *msg, const LdirIpvsVirtual *vs)
{
	WireFlags flags = { .flags = vs->flags & ~(guint32)LDIR_IPVS_HASHED, .mask = G_MAXUINT32 };

	(void)nla_put_string(msg, SVC_SCHED_NAME, vs->scheduler);
	(void)nla_put(msg, SVC_FLAGS, sizeof flags, &flags);
	(void)nla_put_u32(msg, SVC_TIMEOUT, vs->timeout_s);
	(void)nla_put_u32(msg, SVC_NETMASK, vs->key.family == AF_INET6 ? vs->netmask : htonl(vs->netmask));
}

static void
put_dest(struct nl_msg *msg, const LdirIpvsDest *dest, gboolean is_delete)
{
	static const guint32 methods[] = {
		[LDIR_FORWARD_GATE] = FWD_DROUTE, [LDIR_FORWARD_MASQ] = FWD_MASQ, [LDIR_FORWARD_IPIP] = FWD_TUNNEL,
	};

	(void)nla_put_u16(msg, DEST_ADDR_FAMILY, (guint16)dest->addr.family);
	(void)nla_put(msg, DEST_ADDR, sizeof dest->addr.bytes, dest->addr.bytes);
	(void)nla_put_u16(msg, DEST_PORT, htons(dest->port));
	if (is_delete)
		return;
	(void)nla_put_u32(msg, DEST_FWD_METHOD, methods[dest->forward]);
	(void)nla_put_u32(msg, DEST_WEIGHT, dest->weight);
	(void)nla_put_u32(msg, DEST_U_THRESH, dest->upper);
	(void)nla_put_u32(msg, DEST_L_THRESH, dest->lower);
}

/* A message is a page and all of this a fraction of that: nothing above can fail but for want of memory. */
static struct nlattr *
begin(struct nl_msg *msg, int type)
{
	return nla_nest_start(msg, type | NLA_F_NESTED);
}

struct nl_msg *
ldir_wire_op_request(guint16 family_id, const LdirIpvsOp *op)
{
	static const guint8 commands[] = {
		[LDIR_IPVS_SERVICE_NEW] = CMD_NEW_SERVICE, [LDIR_IPVS_SERVICE_SET] = CMD_SET_SERVICE,
		[LDIR_IPVS_SERVICE_DELETE] = CMD_DEL_SERVICE, [LDIR_IPVS_DEST_NEW] = CMD_NEW_DEST,
		[LDIR_IPVS_DEST_SET] = CMD_SET_DEST, [LDIR_IPVS_DEST_DELETE] = CMD_DEL_DEST,
	};
	struct nl_msg *msg = request(family_id, commands[op->verb], NLM_F_ACK);
	struct nlattr *nest;

	if (msg == NULL)
		return NULL;
	nest = begin(msg, TOP_SERVICE);
	put_key(msg, &op->vs.key);
	if (op->verb == LDIR_IPVS_SERVICE_NEW || op->verb == LDIR_IPVS_SERVICE_SET)
		put_settings(msg, &op->vs);
	nla_nest_end(msg, nest);
	if (op->verb >= LDIR_IPVS_DEST_NEW) {
		nest = begin(msg, TOP_DEST);
		put_dest(msg, &op->dest, op->verb == LDIR_IPVS_DEST_DELETE);
		nla_nest_end(msg, nest);
	}
	return msg;
}

struct nl_msg *
ldir_wire_services_request(guint16 family_id)
{
	return request(family_id, CMD_GET_SERVICE, NLM_F_DUMP);
}

struct nl_msg *
ldir_wire_dests_request(guint16 family_id, const LdirIpvsKey *key)
{
	struct nl_msg *msg = request(family_id, CMD_GET_DEST, NLM_F_DUMP);
	struct nlattr *nest;

	if (msg == NULL)
		return NULL;
	nest = begin(msg, TOP_SERVICE);
	put_key(msg, key);
	nla_nest_end(msg, nest);
	return msg;
}

struct nl_msg *
ldir_wire_sync_request(guint16 family_id, LdirIpvsRole role, gboolean is_start, const LdirIpvsSync *sync)
{
	struct nl_msg *msg = request(family_id, is_start ? CMD_NEW_DAEMON : CMD_DEL_DAEMON, NLM_F_ACK);
	struct nlattr *nest;

	if (msg == NULL)
		return NULL;
	nest = begin(msg, TOP_DAEMON);
	(void)nla_put_u32(msg, DAEMON_STATE, role);
	if (is_start) {
		(void)nla_put_string(msg, DAEMON_MCAST_IFN, sync->interface);
		(void)nla_put_u32(msg, DAEMON_SYNC_ID, sync->id);
	}
	nla_nest_end(msg, nest);
	return msg;
}

struct nl_msg *
ldir_wire_syncs_request(guint16 family_id)
{
	return request(family_id, CMD_GET_DAEMON, NLM_F_DUMP);
}

/* ---- what comes back */

/* The attributes behind the generic header. */
static gboolean
attributes(const struct nlmsghdr *header, struct nlattr **ret, int max, const struct nla_policy *policy)
{
	/* libnl wants it writable and does not write */
	struct nlmsghdr *nlh = (struct nlmsghdr *)(gsize)header;

	return header->nlmsg_len >= NLMSG_HDRLEN + GENL_HDRLEN && nlmsg_parse(nlh, GENL_HDRLEN, ret, max, policy) >= 0;
}

static guint8
command(const struct nlmsghdr *header)
{
	return ((const struct genlmsghdr *)NLMSG_DATA(header))->cmd;
}

gboolean
ldir_wire_family_reply(const struct nlmsghdr *header, guint16 *ret_id)
{
	static const struct nla_policy policy[CTRL_ATTR_FAMILY_NAME + 1] = {
		[CTRL_ATTR_FAMILY_ID] = { .type = NLA_U16 },
	};
	struct nlattr *top[CTRL_ATTR_FAMILY_NAME + 1];

	if (!attributes(header, top, CTRL_ATTR_FAMILY_NAME, policy) || top[CTRL_ATTR_FAMILY_ID] == NULL)
		return FALSE;
	*ret_id = nla_get_u16(top[CTRL_ATTR_FAMILY_ID]);
	return *ret_id >= NLMSG_MIN_TYPE;
}

static guint32
get_u32(const struct nlattr *attr)
{
	return attr != NULL ? nla_get_u32(attr) : 0;
}

static guint16
get_u16(const struct nlattr *attr)
{
	return attr != NULL ? nla_get_u16(attr) : 0;
}

static void
get_addr(const struct nlattr *attr, int family, LdirAddress *ret)
{
	*ret = (LdirAddress){ .family = family };
	memcpy(ret->bytes, nla_data(attr), family == AF_INET6 ? 16 : 4);
}

static gboolean
get_key(struct nlattr **svc, LdirIpvsKey *ret)
{
	LdirIpvsKey key = { .family = get_u16(svc[SVC_AF]) };
	guint16 protocol = get_u16(svc[SVC_PROTOCOL]);

	if (key.family != AF_INET && key.family != AF_INET6)
		return FALSE;
	key.is_mark = svc[SVC_FWMARK] != NULL && nla_get_u32(svc[SVC_FWMARK]) != 0;
	if (key.is_mark) {
		key.mark = nla_get_u32(svc[SVC_FWMARK]);
	} else {
		if (svc[SVC_ADDR] == NULL || (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP))
			return FALSE;   /* sctp is not ours */
		key.is_udp = protocol == IPPROTO_UDP;
		get_addr(svc[SVC_ADDR], key.family, &key.addr);
		key.port = ntohs(get_u16(svc[SVC_PORT]));
	}
	*ret = key;
	return TRUE;
}

gboolean
ldir_wire_service_reply(const struct nlmsghdr *header, LdirIpvsVirtual *ret_vs)
{
	static const struct nla_policy policy[N_SVC] = {
		[SVC_AF] = { .type = NLA_U16 }, [SVC_PROTOCOL] = { .type = NLA_U16 }, [SVC_ADDR] = { .minlen = 16 },
		[SVC_PORT] = { .type = NLA_U16 }, [SVC_FWMARK] = { .type = NLA_U32 },
		[SVC_SCHED_NAME] = { .type = NLA_STRING, .maxlen = LDIR_IPVS_NAME_MAX },
		[SVC_FLAGS] = { .minlen = sizeof(WireFlags) }, [SVC_TIMEOUT] = { .type = NLA_U32 }, [SVC_NETMASK] = { .type = NLA_U32 },
	};
	struct nlattr *top[N_TOP], *svc[N_SVC];
	LdirIpvsVirtual vs = { .scheduler = "" };

	if (!attributes(header, top, N_TOP - 1, NULL) || command(header) != CMD_NEW_SERVICE || top[TOP_SERVICE] == NULL ||
	    nla_parse_nested(svc, N_SVC - 1, top[TOP_SERVICE], policy) < 0 || !get_key(svc, &vs.key))
		return FALSE;
	if (svc[SVC_SCHED_NAME] != NULL)
		g_strlcpy(vs.scheduler, nla_get_string(svc[SVC_SCHED_NAME]), sizeof vs.scheduler);
	if (svc[SVC_FLAGS] != NULL) {
		WireFlags flags;

		memcpy(&flags, nla_data(svc[SVC_FLAGS]), sizeof flags);
		vs.flags = flags.flags & ~(guint32)LDIR_IPVS_HASHED;
	}
	vs.timeout_s = get_u32(svc[SVC_TIMEOUT]);
	vs.netmask = get_u32(svc[SVC_NETMASK]);
	if (vs.key.family == AF_INET)
		vs.netmask = ntohl(vs.netmask);
	*ret_vs = vs;
	return TRUE;
}

gboolean
ldir_wire_dest_reply(const struct nlmsghdr *header, int family, LdirIpvsDest *ret_dest)
{
	static const struct nla_policy policy[N_DEST] = {
		[DEST_ADDR] = { .minlen = 16 }, [DEST_PORT] = { .type = NLA_U16 }, [DEST_FWD_METHOD] = { .type = NLA_U32 },
		[DEST_WEIGHT] = { .type = NLA_U32 }, [DEST_U_THRESH] = { .type = NLA_U32 }, [DEST_L_THRESH] = { .type = NLA_U32 },
		[DEST_ACTIVE_CONNS] = { .type = NLA_U32 }, [DEST_INACT_CONNS] = { .type = NLA_U32 },
		[DEST_ADDR_FAMILY] = { .type = NLA_U16 },
	};
	static const LdirForward forwards[] = {
		[FWD_MASQ] = LDIR_FORWARD_MASQ, [FWD_LOCAL] = LDIR_FORWARD_GATE, [FWD_TUNNEL] = LDIR_FORWARD_IPIP,
		[FWD_DROUTE] = LDIR_FORWARD_GATE,
	};
	struct nlattr *top[N_TOP], *attr[N_DEST];
	LdirIpvsDest dest = { .port = 0 };
	guint32 method;

	if (!attributes(header, top, N_TOP - 1, NULL) || command(header) != CMD_NEW_DEST || top[TOP_DEST] == NULL ||
	    nla_parse_nested(attr, N_DEST - 1, top[TOP_DEST], policy) < 0 || attr[DEST_ADDR] == NULL)
		return FALSE;
	if (attr[DEST_ADDR_FAMILY] != NULL)
		family = nla_get_u16(attr[DEST_ADDR_FAMILY]);
	method = get_u32(attr[DEST_FWD_METHOD]) & FWD_MASK;
	if ((family != AF_INET && family != AF_INET6) || method >= G_N_ELEMENTS(forwards))
		return FALSE;
	get_addr(attr[DEST_ADDR], family, &dest.addr);
	dest.port = ntohs(get_u16(attr[DEST_PORT]));
	dest.forward = forwards[method];
	dest.is_local = method == FWD_LOCAL;
	dest.weight = get_u32(attr[DEST_WEIGHT]);
	dest.upper = get_u32(attr[DEST_U_THRESH]);
	dest.lower = get_u32(attr[DEST_L_THRESH]);
	dest.active = get_u32(attr[DEST_ACTIVE_CONNS]);
	dest.inactive = get_u32(attr[DEST_INACT_CONNS]);
	*ret_dest = dest;
	return TRUE;
}

gboolean
ldir_wire_sync_reply(const struct nlmsghdr *header, LdirIpvsRole *ret_role, LdirIpvsSync *ret_sync)
{
	static const struct nla_policy policy[N_DAEMON] = {
		[DAEMON_STATE] = { .type = NLA_U32 }, [DAEMON_MCAST_IFN] = { .type = NLA_STRING }, [DAEMON_SYNC_ID] = { .type = NLA_U32 },
	};
	struct nlattr *top[N_TOP], *attr[N_DAEMON];
	LdirIpvsSync sync = { .is_on = TRUE };
	guint32 state;

	if (!attributes(header, top, N_TOP - 1, NULL) || command(header) != CMD_NEW_DAEMON || top[TOP_DAEMON] == NULL ||
	    nla_parse_nested(attr, N_DAEMON - 1, top[TOP_DAEMON], policy) < 0 || attr[DAEMON_MCAST_IFN] == NULL)
		return FALSE;
	state = get_u32(attr[DAEMON_STATE]);
	if (state != LDIR_ROLE_MASTER && state != LDIR_ROLE_BACKUP)
		return FALSE;
	g_strlcpy(sync.interface, nla_get_string(attr[DAEMON_MCAST_IFN]), sizeof sync.interface);
	sync.id = get_u32(attr[DAEMON_SYNC_ID]);
	*ret_role = (LdirIpvsRole)state;
	*ret_sync = sync;
	return TRUE;
}
