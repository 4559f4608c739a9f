/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipvs_netlink.c - the kernel's table, by one generic netlink socket.
 *
 * The kernel answers at once, from within sendmsg(2): nothing here waits for anybody, and a limit on the wait is for a
 * kernel that is broken. Steps go out in batches, each in one piece; it tells the errors of all, and that it is through
 * with the last.
 */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "ldirectord/ipvs/ipvs_wire.h"
#include "util/banned.h"
#include "util/fd.h"
#include "util/time.h"

#define REPLY_BYTES   32768     /* the kernel never writes more into one answer */
#define ANSWER_S      5
#define BATCH         64        /* its errors fit into the receive buffer, whole messages each */
#define NOT_TOLD      (-1)      /* of an error */
#define DUMP_TRIES    5         /* a table that changes while it is read is read again */
#define MODPROBE_MS   5000

typedef struct {
	LdirIpvs base;
	int fd;
	guint32 seq;
	guint16 family_id;
} Netlink;

static void
netlink_free(LdirIpvs *ipvs)
{
	Netlink *nl = (Netlink *)ipvs;

	if (nl->fd >= 0)
		(void)close(nl->fd);
	g_free(nl);
}

/* (transfer full of @msg) 0, or errno. The number is in @ret_seq. */
static int
send_request(Netlink *nl, struct nl_msg *msg, guint32 *ret_seq)
{
	struct nlmsghdr *header;
	int error = 0;

	if (msg == NULL)
		return ENOMEM;
	header = nlmsg_hdr(msg);
	header->nlmsg_seq = *ret_seq = ++nl->seq;
	if (send(nl->fd, header, header->nlmsg_len, 0) < 0)
		error = errno;
	nlmsg_free(msg);
	return error;
}

/* One answer: its header, and the errno that it says or 0. TRUE: go on reading. */
typedef gboolean Answer(const struct nlmsghdr *header, int error, gpointer data);

/* The errno in @header, 0: it says none, or -1: that is none. The end of a dump may say one, too. */
static int
error_of(const struct nlmsghdr *header)
{
	int error;

	if (header->nlmsg_type != NLMSG_ERROR && header->nlmsg_type != NLMSG_DONE)
		return 0;
	if (header->nlmsg_len < NLMSG_LENGTH(sizeof error))
		return header->nlmsg_type == NLMSG_DONE ? 0 : -1;
	memcpy(&error, NLMSG_DATA(header), sizeof error);       /* the first member of nlmsgerr */
	return error <= 0 && error >= -4095 ? -error : -1;
}

/* Reads until @answer has enough. 0, or the errno of the reading itself. */
static int
read_answers(Netlink *nl, Answer *answer, gpointer data)
{
	g_autofree char *buffer = g_malloc(REPLY_BYTES);

	for (;;) {
		struct sockaddr_nl from = { .nl_family = AF_NETLINK };
		socklen_t from_len = sizeof from;
		gssize got = recvfrom(nl->fd, buffer, REPLY_BYTES, 0, (struct sockaddr *)&from, &from_len);
		int len = (int)got;

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno == EAGAIN ? ETIMEDOUT : errno;
		if (from.nl_pid != 0)   /* only the kernel is asked */
			continue;
		for (struct nlmsghdr *h = (struct nlmsghdr *)(gpointer)buffer; NLMSG_OK(h, (guint)len); h = NLMSG_NEXT(h, len)) {
			int error = error_of(h);

			if (error < 0)
				return EBADMSG;
			if (!answer(h, error, data))
				return 0;
		}
	}
}

/* ---- dumps */

typedef struct {
	guint32 seq;
	int error;
	gboolean is_torn;
	LdirIpvsTable *table;           /* services; NULL: */
	LdirIpvsService *service;       /* its servers; NULL: */
	guint16 *family_id;
	LdirIpvsSync *syncs;            /* of each role; NULL: */
} Reading;

static gboolean
on_answer(const struct nlmsghdr *header, int error, gpointer data)
{
	Reading *reading = data;
	LdirIpvsVirtual vs;
	LdirIpvsDest dest;

	if (header->nlmsg_seq != reading->seq)
		return TRUE;    /* left over from something that was given up */
	if ((header->nlmsg_flags & NLM_F_DUMP_INTR) != 0)
		reading->is_torn = TRUE;
	if (header->nlmsg_type == NLMSG_ERROR) {
		reading->error = error;
		return FALSE;
	}
	if (header->nlmsg_type == NLMSG_OVERRUN)
		reading->error = ENOBUFS;
	if (header->nlmsg_type == NLMSG_DONE) {
		reading->error = MAX(reading->error, error);
		return FALSE;
	}
	if (reading->table != NULL && ldir_wire_service_reply(header, &vs))
		(void)ldir_ipvs_table_set(reading->table, &vs);
	if (reading->service != NULL && ldir_wire_dest_reply(header, reading->service->vs.key.family, &dest))
		(void)ldir_ipvs_service_set(reading->service, &dest);
	if (reading->syncs != NULL) {
		LdirIpvsSync sync;
		LdirIpvsRole role;

		if (ldir_wire_sync_reply(header, &role, &sync))
			reading->syncs[role] = sync;
	}
	if (reading->family_id != NULL)
		(void)ldir_wire_family_reply(header, reading->family_id);
	return TRUE;
}

/* 0, or errno */
static int
ask(Netlink *nl, struct nl_msg *msg, Reading *reading)
{
	int error = send_request(nl, msg, &reading->seq);

	if (error == 0)
		error = read_answers(nl, on_answer, reading);
	return error != 0 ? error : reading->error;
}

/* @ret_table: as far as it was read */
static int
read_table(Netlink *nl, LdirIpvsTable *table, gboolean *ret_torn)
{
	Reading services = { .table = table };
	int error = ask(nl, ldir_wire_services_request(nl->family_id), &services);

	*ret_torn = services.is_torn;
	for (guint i = 0; error == 0 && i < table->services->len; i++) {
		Reading dests = { .service = table->services->pdata[i] };

		error = ask(nl, ldir_wire_dests_request(nl->family_id, &dests.service->vs.key), &dests);
		*ret_torn |= dests.is_torn;
	}
	return error;
}

/* Another try may succeed: a service went while its servers were asked for, or the answers did not fit. */
static gboolean
is_passing(int error)
{
	return error == ESRCH || error == ENOBUFS || error == EINTR || error == EBUSY;
}

static LdirIpvsTable *
netlink_dump(LdirIpvs *ipvs, GError **error)
{
	Netlink *nl = (Netlink *)ipvs;
	int result = 0;

	for (int try = 0; try < DUMP_TRIES; try++) {
		g_autoptr(LdirIpvsTable) table = ldir_ipvs_table_new();
		gboolean is_torn = FALSE;

		result = read_table(nl, table, &is_torn);
		if (result == 0 && !is_torn)
			return g_steal_pointer(&table);
		if (result != 0 && !is_passing(result))
			break;
	}
	g_set_error(error, LDIR_IPVS_ERROR, result != 0 ? result : EAGAIN, "cannot read the table of IPVS: %s",
	            result != 0 ? ldir_ipvs_strerror(LDIR_IPVS_SERVICE_SET, result) : "others change it all the time");
	return NULL;
}

/* ---- steps */

typedef struct {
	LdirIpvsOp *ops;
	guint n;
	guint32 first_seq;
} Batch;

static gboolean
on_ack(const struct nlmsghdr *header, int error, gpointer data)
{
	Batch *batch = data;
	guint i = header->nlmsg_seq - batch->first_seq;

	if (header->nlmsg_type != NLMSG_ERROR || i >= batch->n)
		return TRUE;
	batch->ops[i].error = error;
	return i + 1 < batch->n;
}

/* All in one piece. Success is told for the last only: there the kernel is through with all of them. */
static int
send_batch(Netlink *nl, const Batch *batch)
{
	struct nl_msg *msgs[BATCH];
	struct iovec parts[BATCH];
	struct msghdr whole = { .msg_iov = parts, .msg_iovlen = batch->n };
	guint n;
	int error = 0;

	for (n = 0; n < batch->n; n++) {
		struct nlmsghdr *header;

		msgs[n] = ldir_wire_op_request(nl->family_id, &batch->ops[n]);
		if (msgs[n] == NULL) {
			error = ENOMEM;
			break;
		}
		header = nlmsg_hdr(msgs[n]);
		header->nlmsg_seq = ++nl->seq;
		if (n + 1 < batch->n)
			header->nlmsg_flags &= (guint16)~NLM_F_ACK;
		parts[n] = (struct iovec){ header, NLMSG_ALIGN(header->nlmsg_len) };
	}
	if (error == 0 && sendmsg(nl->fd, &whole, 0) < 0)
		error = errno;
	for (guint i = 0; i < n; i++)
		nlmsg_free(msgs[i]);
	return error;
}

/* What was not told is done, unless the telling itself failed: then it is as that says. */
static void
apply_batch(Netlink *nl, LdirIpvsOp *ops, guint n)
{
	Batch batch = { .ops = ops, .n = n, .first_seq = nl->seq + 1 };
	int error;

	for (guint i = 0; i < n; i++)
		ops[i].error = NOT_TOLD;
	error = send_batch(nl, &batch);
	if (error == 0)
		error = read_answers(nl, on_ack, &batch);
	for (guint i = 0; i < n; i++)
		if (ops[i].error == NOT_TOLD)
			ops[i].error = error;
}

static void
netlink_apply(LdirIpvs *ipvs, GArray *ops)
{
	for (guint first = 0; first < ops->len; first += BATCH)
		apply_batch((Netlink *)ipvs, &g_array_index(ops, LdirIpvsOp, first), MIN(BATCH, ops->len - first));
}

/* ---- the daemon that passes connections on */

static int
netlink_sync_read(LdirIpvs *ipvs, LdirIpvsSync ret[LDIR_N_ROLES])
{
	Netlink *nl = (Netlink *)ipvs;
	Reading reading = { .syncs = ret };

	return ask(nl, ldir_wire_syncs_request(nl->family_id), &reading);
}

static int
netlink_sync_set(LdirIpvs *ipvs, LdirIpvsRole role, gboolean is_start, const LdirIpvsSync *sync)
{
	Netlink *nl = (Netlink *)ipvs;
	Reading reading = { .error = 0 };

	return ask(nl, ldir_wire_sync_request(nl->family_id, role, is_start, sync), &reading);
}

/* ---- beginning */

/* As ipvsadm does; the end is waited for, at the start of the daemon only. */
static void
modprobe(void)
{
	static const char *const argv[] = { "modprobe", "-q", "ip_vs", NULL };
	g_autofree char *program = g_find_program_in_path("modprobe");
	gint64 end_ms = hb_time_now_ms() + MODPROBE_MS;
	pid_t pid;

	if (program == NULL)
		program = g_strdup("/sbin/modprobe");
	if (posix_spawn(&pid, program, NULL, NULL, (char *const *)(gsize)argv, environ) != 0)
		return;
	while (waitpid(pid, NULL, WNOHANG) == 0) {
		if (hb_time_now_ms() > end_ms)
			(void)kill(pid, SIGKILL);
		g_usleep(5000);
	}
}

static int
open_family(Netlink *nl)
{
	Reading reading = { .family_id = &nl->family_id };
	int error = ask(nl, ldir_wire_family_request(), &reading);

	return error == 0 && nl->family_id == 0 ? ENOENT : error;
}

/* -1: @error */
static int
open_socket(GError **error)
{
	struct timeval limit = { .tv_sec = ANSWER_S };
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	const int on = 1;
	g_auto(HbFd) fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);

	if (fd < 0 || connect(fd, (struct sockaddr *)&kernel, sizeof kernel) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) < 0) {
		g_set_error(error, LDIR_IPVS_ERROR, errno, "cannot talk to IPVS: %s", g_strerror(errno));
		return -1;
	}
	/* errors need not repeat what was asked; old kernels cannot do without */
	(void)setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on);
	return hb_fd_steal(&fd);
}

LdirIpvs *
ldir_ipvs_netlink_on(int fd, void (*load)(void), GError **error)
{
	static const LdirIpvsBackEnd back_end = { netlink_free, netlink_dump, netlink_apply, netlink_sync_read, netlink_sync_set };
	Netlink *nl = g_new0(Netlink, 1);
	int result;

	nl->base.back_end = &back_end;
	nl->fd = fd;
	result = open_family(nl);
	if (result == ENOENT && load != NULL) {
		load();
		result = open_family(nl);
	}
	if (result == 0)
		return &nl->base;
	if (result == ENOENT)
		g_set_error(error, LDIR_IPVS_ERROR, result, "the kernel has no IPVS, and \"modprobe ip_vs\" does not bring it");
	else
		g_set_error(error, LDIR_IPVS_ERROR, result, "cannot talk to IPVS: %s", g_strerror(result));
	netlink_free(&nl->base);
	return NULL;
}

LdirIpvs *
ldir_ipvs_netlink_new(GError **error)
{
	int fd = open_socket(error);

	return fd >= 0 ? ldir_ipvs_netlink_on(fd, modprobe, error) : NULL;
}
