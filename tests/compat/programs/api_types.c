/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * api_types.c - compiled against Debian's headers and against ours: names, types and values that a
 * program may rely on are the same. Nothing in it runs.
 */
#include <stddef.h>
#include <sys/types.h>

#include <glib.h>

#include <hb_api.h>
#include <ha_msg.h>
#include <clplumbing/GSource.h>
#include <clplumbing/Gmain_timeout.h>
#include <clplumbing/cl_log.h>
#include <clplumbing/cl_misc.h>
#include <clplumbing/cl_signal.h>
#include <clplumbing/cl_uuid.h>
#include <clplumbing/coredumps.h>
#include <clplumbing/ipc.h>

#define TYPE(what, ...) _Static_assert(__builtin_types_compatible_p(__typeof__(what), __VA_ARGS__), #what)
#define OP(name, ret, ...) TYPE(((struct llc_ops *)0)->name, ret (*)(ll_cluster_t *, ##__VA_ARGS__))
#define VALUE(name, number) _Static_assert((name) == (number), #name)
#define TEXT(name, text) static const char text_##name[] __attribute__((unused)) = name; \
	_Static_assert(sizeof(name) == sizeof(text) && __builtin_memcmp(name, text, sizeof(text)) == 0, #name)
#define SLOT(n, name) _Static_assert(offsetof(struct llc_ops, name) == (n) * sizeof(void *), #name)

/* hb_api.h */
OP(signon, int, const char *);
OP(signoff, int, gboolean);
TYPE(((struct llc_ops *)0)->delete, int (*)(ll_cluster_t *));
OP(set_msg_callback, int, const char *, llc_msg_callback_t, void *);
OP(set_nstatus_callback, int, llc_nstatus_callback_t, void *);
OP(set_ifstatus_callback, int, llc_ifstatus_callback_t, void *);
OP(set_cstatus_callback, int, llc_cstatus_callback_t, void *);
OP(init_nodewalk, int);
OP(nextnode, const char *);
OP(end_nodewalk, int);
OP(node_status, const char *, const char *);
OP(node_weight, int, const char *);
OP(node_site, const char *, const char *);
OP(node_type, const char *, const char *);
OP(num_nodes, int);
OP(init_ifwalk, int, const char *);
OP(nextif, const char *);
OP(end_ifwalk, int);
OP(if_status, const char *, const char *, const char *);
OP(client_status, const char *, const char *, const char *, int);
OP(get_uuid_by_name, int, const char *, cl_uuid_t *);
OP(get_name_by_uuid, int, cl_uuid_t *, char *, size_t);
OP(sendclustermsg, int, struct ha_msg *);
OP(sendnodemsg, int, struct ha_msg *, const char *);
OP(sendnodemsg_byuuid, int, struct ha_msg *, cl_uuid_t *);
OP(send_ordered_clustermsg, int, struct ha_msg *);
OP(send_ordered_nodemsg, int, struct ha_msg *, const char *);
OP(inputfd, int);
OP(ipcchan, IPC_Channel *);
OP(msgready, int);
OP(setmsgsignal, int, int);
OP(rcvmsg, int, int);
OP(readmsg, struct ha_msg *, int);
OP(setfmode, int, unsigned);
OP(get_parameter, char *, const char *);
OP(get_deadtime, long);
OP(get_keepalive, long);
OP(get_mynodeid, const char *);
OP(get_logfacility, int);
OP(get_resources, const char *);
OP(chan_is_connected, gboolean);
OP(set_sendq_len, int, int);
OP(set_send_block_mode, int, gboolean);
OP(errmsg, const char *);
SLOT(0, signon);
SLOT(10, node_status);
SLOT(20, get_uuid_by_name);
SLOT(30, setmsgsignal);
SLOT(43, errmsg);
_Static_assert(sizeof(struct llc_ops) == 44 * sizeof(void *), "llc_ops");
_Static_assert(sizeof(ll_cluster_t) == 2 * sizeof(void *), "ll_cluster_t");
_Static_assert(offsetof(ll_cluster_t, ll_cluster_private) == 0, "ll_cluster_private");
TYPE(((ll_cluster_t *)0)->llc_ops, struct llc_ops *);
TYPE(ll_cluster_new, ll_cluster_t *(const char *));
TYPE((llc_msg_callback_t)0, void (*)(struct ha_msg *, void *));
TYPE((llc_nstatus_callback_t)0, void (*)(const char *, const char *, void *));
TYPE((llc_ifstatus_callback_t)0, void (*)(const char *, const char *, const char *, void *));
TYPE((llc_cstatus_callback_t)0, void (*)(const char *, const char *, const char *, void *));
TYPE(G_main_add_ll_cluster,
     GLLclusterSource *(int, ll_cluster_t *, gboolean, gboolean (*)(ll_cluster_t *, gpointer), gpointer, GDestroyNotify));
VALUE(LLC_FILTER_DEFAULT, 0);
VALUE(LLC_FILTER_PMODE, 1);
VALUE(LLC_FILTER_ALLHB, 2);
VALUE(LLC_FILTER_RAW, 3);
VALUE(LLC_PROTOCOL_VERSION, 2);
VALUE(HA_OK, 1);
VALUE(HA_FAIL, 0);
TEXT(KEY_KEEPALIVE, "keepalive");
TEXT(KEY_AUTOFAIL, "auto_failback");

/* ha_msg.h */
_Static_assert(sizeof(struct ha_msg) == 48, "ha_msg");
TYPE(((struct ha_msg *)0)->nfields, int);
TYPE(((struct ha_msg *)0)->nalloc, int);
TYPE(((struct ha_msg *)0)->names, char **);
TYPE(((struct ha_msg *)0)->nlens, size_t *);
TYPE(((struct ha_msg *)0)->values, void **);
TYPE(((struct ha_msg *)0)->vlens, size_t *);
TYPE(((struct ha_msg *)0)->types, int *);
VALUE(FT_STRING, 0);
VALUE(FT_BINARY, 1);
VALUE(FT_STRUCT, 2);
VALUE(FT_LIST, 3);
VALUE(FT_COMPRESS, 4);
VALUE(FT_UNCOMPRESS, 5);
TYPE(ha_msg_new, struct ha_msg *(int));
TYPE(ha_msg_del, void (struct ha_msg *));
TYPE(ha_msg_copy, struct ha_msg *(const struct ha_msg *));
TYPE(ha_msg_add, int (struct ha_msg *, const char *, const char *));
TYPE(ha_msg_nadd, int (struct ha_msg *, const char *, int, const char *, int));
TYPE(ha_msg_add_nv, int (struct ha_msg *, const char *, const char *));
TYPE(ha_msg_addbin, int (struct ha_msg *, const char *, const void *, size_t));
TYPE(ha_msg_adduuid, int (struct ha_msg *, const char *, const cl_uuid_t *));
TYPE(ha_msg_addstruct, int (struct ha_msg *, const char *, const void *));
TYPE(ha_msg_add_int, int (struct ha_msg *, const char *, int));
TYPE(ha_msg_mod_int, int (struct ha_msg *, const char *, int));
TYPE(ha_msg_value_int, int (const struct ha_msg *, const char *, int *));
TYPE(ha_msg_add_ul, int (struct ha_msg *, const char *, unsigned long));
TYPE(ha_msg_mod_ul, int (struct ha_msg *, const char *, unsigned long));
TYPE(ha_msg_value_ul, int (const struct ha_msg *, const char *, unsigned long *));
TYPE(cl_get_string, const char *(const struct ha_msg *, const char *));
TYPE(cl_get_binary, const void *(const struct ha_msg *, const char *, size_t *));
TYPE(cl_get_uuid, int (const struct ha_msg *, const char *, cl_uuid_t *));
TYPE(cl_get_struct, struct ha_msg *(struct ha_msg *, const char *));
TYPE(cl_get_type, int (const struct ha_msg *, const char *));
TYPE(cl_msg_modstring, int (struct ha_msg *, const char *, const char *));
TYPE(cl_msg_modbin, int (struct ha_msg *, const char *, const void *, size_t));
TYPE(cl_msg_moduuid, int (struct ha_msg *, const char *, const cl_uuid_t *));
TYPE(cl_msg_modstruct, int (struct ha_msg *, const char *, const struct ha_msg *));
TYPE(cl_msg_replace_value, int (struct ha_msg *, const void *, const void *, size_t, int));
TYPE(cl_msg_remove, int (struct ha_msg *, const char *));
TYPE(cl_msg_remove_offset, int (struct ha_msg *, int));
TYPE(cl_msg_remove_value, int (struct ha_msg *, const void *));
TYPE(cl_msg_list_add_string, int (struct ha_msg *, const char *, const char *));
TYPE(cl_msg_list_length, int (struct ha_msg *, const char *));
TYPE(cl_msg_list_nth_data, void *(struct ha_msg *, const char *, int));
TYPE(cl_msg_add_list, int (struct ha_msg *, const char *, GList *));
TYPE(cl_msg_get_list, GList *(struct ha_msg *, const char *));
TYPE(cl_msg_add_list_int, int (struct ha_msg *, const char *, int *, size_t));
TYPE(cl_msg_get_list_int, int (struct ha_msg *, const char *, int *, size_t *));
TYPE(cl_msg_add_list_str, int (struct ha_msg *, const char *, char **, size_t));
TYPE(cl_log_message, void (int, const struct ha_msg *));
TYPE(msg2ipcchan, int (struct ha_msg *, IPC_Channel *));
TYPE(msgfromIPC, struct ha_msg *(IPC_Channel *, int));
TYPE(msgfromIPC_noauth, struct ha_msg *(IPC_Channel *));
TYPE(ipcmsgfromIPC, IPC_Message *(IPC_Channel *));
TYPE(hamsg2ipcmsg, IPC_Message *(struct ha_msg *, IPC_Channel *));
TYPE(wirefmt2ipcmsg, IPC_Message *(void *, size_t, IPC_Channel *));
TYPE(msg2wirefmt, char *(struct ha_msg *, size_t *));
TYPE(msg2wirefmt_noac, char *(struct ha_msg *, size_t *));
TYPE(wirefmt2msg, struct ha_msg *(const char *, size_t, int));
TYPE(msg2string, char *(const struct ha_msg *));
TYPE(string2msg, struct ha_msg *(const char *, size_t));

/* clplumbing/cl_uuid.h */
_Static_assert(sizeof(cl_uuid_t) == 16, "cl_uuid_t");
TYPE(((cl_uuid_t *)0)->uuid, unsigned char[16]);
TYPE(cl_uuid_copy, void (cl_uuid_t *, cl_uuid_t *));
TYPE(cl_uuid_clear, void (cl_uuid_t *));
TYPE(cl_uuid_compare, int (const cl_uuid_t *, const cl_uuid_t *));
TYPE(cl_uuid_generate, void (cl_uuid_t *));
TYPE(cl_uuid_is_null, int (cl_uuid_t *));
TYPE(cl_uuid_parse, int (char *, cl_uuid_t *));
TYPE(cl_uuid_unparse, void (const cl_uuid_t *, char *));
TYPE(cl_uuid_g_hash, guint (gconstpointer));
TYPE(cl_uuid_g_equal, gboolean (gconstpointer, gconstpointer));

/* clplumbing/cl_log.h */
TYPE(cl_log, void (int, const char *, ...));
TYPE(cl_perror, void (const char *, ...));
TYPE(cl_log_enable_stderr, void (int));
TYPE(cl_log_enable_stdout, void (int));
TYPE(cl_log_set_entity, void (const char *));
TYPE(cl_log_set_facility, void (int));
TYPE(cl_log_set_logfile, void (const char *));
TYPE(cl_log_set_debugfile, void (const char *));
TYPE(cl_inherit_logging_environment, void (int));
TYPE(cl_log_set_uselogd, void (gboolean));
TYPE(cl_log_get_uselogd, gboolean (void));
TYPE(debug_level, int);

/* clplumbing/cl_signal.h, cl_misc.h */
TYPE(cl_signal_set_simple_handler, int (int, void (*)(int), struct sigaction *));
TYPE(cl_signal_set_handler, int (int, void (*)(int), sigset_t *, int, struct sigaction *));
TYPE(cl_signal_set_interrupt, int (int, int));
TYPE(cl_str_to_boolean, int (const char *, int *));
TYPE(cl_get_msec, long (const char *));

/* clplumbing/ipc.h */
#define CHANNEL(name, ret, ...) TYPE(((struct IPC_OPS *)0)->name, ret (*)(IPC_Channel *, ##__VA_ARGS__))
CHANNEL(destroy, void);
CHANNEL(initiate_connection, int);
CHANNEL(verify_auth, int, IPC_Auth *);
CHANNEL(assert_auth, int, GHashTable *);
CHANNEL(send, int, IPC_Message *);
CHANNEL(recv, int, IPC_Message **);
CHANNEL(waitin, int);
CHANNEL(waitout, int);
CHANNEL(is_message_pending, gboolean);
CHANNEL(is_sending_blocked, gboolean);
CHANNEL(resume_io, int);
CHANNEL(get_send_select_fd, int);
CHANNEL(get_recv_select_fd, int);
CHANNEL(set_send_qlen, int, int);
CHANNEL(set_recv_qlen, int, int);
CHANNEL(set_high_flow_callback, void, flow_callback_t, void *);
CHANNEL(set_low_flow_callback, void, flow_callback_t, void *);
CHANNEL(new_ipcmsg, IPC_Message *, const void *, int, void *);
CHANNEL(get_chan_status, int);
CHANNEL(is_sendq_full, gboolean);
CHANNEL(is_recvq_full, gboolean);
CHANNEL(get_conntype, int);
CHANNEL(disconnect, int);
TYPE((flow_callback_t)0, void (*)(IPC_Channel *, void *));
_Static_assert(sizeof(IPC_Channel) == 256, "IPC_Channel");
TYPE(((IPC_Channel *)0)->ch_status, int);
TYPE(((IPC_Channel *)0)->refcount, int);
TYPE(((IPC_Channel *)0)->farside_pid, pid_t);
TYPE(((IPC_Channel *)0)->ch_private, void *);
TYPE(((IPC_Channel *)0)->ops, struct IPC_OPS *);
TYPE(((IPC_Channel *)0)->msgpad, unsigned int);
TYPE(((IPC_Channel *)0)->bytes_remaining, unsigned int);
TYPE(((IPC_Channel *)0)->should_send_block, gboolean);
TYPE(((IPC_Channel *)0)->should_block_fail, gboolean);
TYPE(((IPC_Channel *)0)->send_queue, IPC_Queue *);
TYPE(((IPC_Channel *)0)->recv_queue, IPC_Queue *);
TYPE(((IPC_Channel *)0)->pool, struct ipc_bufpool *);
TYPE(((IPC_Channel *)0)->high_flow_mark, int);
TYPE(((IPC_Channel *)0)->low_flow_mark, int);
TYPE(((IPC_Channel *)0)->high_flow_userdata, void *);
TYPE(((IPC_Channel *)0)->low_flow_userdata, void *);
TYPE(((IPC_Channel *)0)->high_flow_callback, flow_callback_t);
TYPE(((IPC_Channel *)0)->low_flow_callback, flow_callback_t);
TYPE(((IPC_Channel *)0)->conntype, int);
TYPE(((IPC_Channel *)0)->failreason, char[128]);
TYPE(((IPC_Channel *)0)->farside_uid, uid_t);
TYPE(((IPC_Channel *)0)->farside_gid, gid_t);
TYPE(((IPC_Queue *)0)->current_qlen, size_t);
TYPE(((IPC_Queue *)0)->max_qlen, size_t);
TYPE(((IPC_Queue *)0)->queue, GList *);
TYPE(((IPC_Message *)0)->msg_len, unsigned long);
TYPE(((IPC_Message *)0)->msg_buf, void *);
TYPE(((IPC_Message *)0)->msg_body, void *);
TYPE(((IPC_Message *)0)->msg_done, void (*)(IPC_Message *));
TYPE(((IPC_Message *)0)->msg_private, void *);
TYPE(((IPC_Message *)0)->msg_ch, IPC_Channel *);
TYPE(((IPC_Auth *)0)->uid, GHashTable *);
TYPE(((IPC_Auth *)0)->gid, GHashTable *);
#define WAITER(name, ret, ...) TYPE(((struct IPC_WAIT_OPS *)0)->name, ret (*)(IPC_WaitConnection *, ##__VA_ARGS__))
WAITER(destroy, void);
WAITER(get_select_fd, int);
WAITER(accept_connection, IPC_Channel *, IPC_Auth *);
TYPE(((IPC_WaitConnection *)0)->ch_status, int);
TYPE(((IPC_WaitConnection *)0)->ch_private, void *);
TYPE(((IPC_WaitConnection *)0)->ops, IPC_WaitOps *);
TYPE(ipc_wait_conn_constructor, IPC_WaitConnection *(const char *, GHashTable *));
TYPE(ipc_channel_constructor, IPC_Channel *(const char *, GHashTable *));
TYPE(ipc_channel_pair, int (IPC_Channel *[2]));
TYPE(ipc_set_auth, IPC_Auth *(uid_t *, gid_t *, int, int));
TYPE(ipc_str_to_auth, IPC_Auth *(const char *, int, const char *, int));
TYPE(ipc_destroy_auth, void (IPC_Auth *));
TYPE(set_ipc_time_debug_flag, void (gboolean));

/* clplumbing/GSource.h, Gmain_timeout.h */
TYPE(G_main_add_fd, GFDSource *(int, int, gboolean, gboolean (*)(int, gpointer), gpointer, GDestroyNotify));
TYPE(G_main_del_fd, gboolean (GFDSource *));
TYPE(G_main_add_IPC_Channel, GCHSource *(int, IPC_Channel *, gboolean, gboolean (*)(IPC_Channel *, gpointer), gpointer, GDestroyNotify));
TYPE(G_main_del_IPC_Channel, gboolean (GCHSource *));
TYPE(G_main_add_IPC_WaitConnection,
     GWCSource *(int, IPC_WaitConnection *, IPC_Auth *, gboolean, gboolean (*)(IPC_Channel *, gpointer), gpointer, GDestroyNotify));
TYPE(G_main_del_IPC_WaitConnection, gboolean (GWCSource *));
TYPE(G_main_add_SignalHandler, GSIGSource *(int, int, gboolean (*)(int, gpointer), gpointer, GDestroyNotify));
TYPE(G_main_del_SignalHandler, gboolean (GSIGSource *));
TYPE(G_main_add_TriggerHandler, GTRIGSource *(int, gboolean (*)(gpointer), gpointer, GDestroyNotify));
TYPE(G_main_del_TriggerHandler, gboolean (GTRIGSource *));
TYPE(G_main_set_trigger, void (GTRIGSource *));
TYPE(Gmain_timeout_add, guint (guint, GSourceFunc, gpointer));
TYPE(Gmain_timeout_add_full, guint (gint, guint, GSourceFunc, gpointer, GDestroyNotify));
TYPE(Gmain_timeout_remove, void (guint));

/* clplumbing/coredumps.h */
TYPE(cl_set_corerootdir, int (const char *));
TYPE(cl_cdtocoredir, int (void));
TYPE(cl_enable_coredumps, int (int));
