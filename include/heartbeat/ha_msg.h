/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ha_msg.h - messages of heartbeat: ordered lists of named fields.
 *
 * Names may repeat; look-ups find the first. Functions that return int return HA_OK or HA_FAIL unless
 * said otherwise; what is added is copied. A field is a string unless added by another function.
 */
#ifndef HA_MSG_H
#define HA_MSG_H

#include <stdio.h>
#include <sys/types.h>

#include <glib.h>

#include <clplumbing/cl_uuid.h>
#include <clplumbing/ipc.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef HA_OK
#define HA_OK   1
#define HA_FAIL 0
#endif

enum {
	FT_STRING = 0,
	FT_BINARY,
	FT_STRUCT,      /* a message */
	FT_LIST,        /* of strings */
	FT_COMPRESS,    /* a message that came compressed; its octets */
	FT_UNCOMPRESS   /* a message */
};

#define MAXDEPTH 16     /* of messages in messages */

/* For wirefmt2msg() and msgfromIPC(). */
#define MSG_NEEDAUTH 1  /* accepted; what comes from heartbeat was checked by it */

#define MSG_START           ">>>\n"
#define MSG_END             "<<<\n"
#define MSG_START_NETSTRING "###\n"
#define MSG_END_NETSTRING   "%%%\n"
#define EQUAL               "="

/* Names of fields. */
#define F_TYPE              "t"
#define F_SUBTYPE           "subt"
#define F_ORIG              "src"
#define F_ORIGUUID          "srcuuid"
#define F_NODE              "node"
#define F_NODELIST          "nodelist"
#define F_DELNODELIST       "delnodelist"
#define F_TO                "dest"
#define F_TOUUID            "destuuid"
#define F_STATUS            "st"
#define F_WEIGHT            "weight"
#define F_SITE              "site"
#define F_PROTOCOL          "protocol"
#define F_CLIENTNAME        "cn"
#define F_CLIENTSTATUS      "cs"
#define F_TIME              "ts"
#define F_SEQ               "seq"
#define F_LOAD              "ld"
#define F_COMMENT           "info"
#define F_TTL               "ttl"
#define F_AUTH              "auth"
#define F_HBGENERATION      "hg"
#define F_CLIENT_GENERATION "client_gen"
#define F_FIRSTSEQ          "firstseq"
#define F_LASTSEQ           "lastseq"
#define F_RESOURCES         "rsc_hold"
#define F_FROMID            "from_id"
#define F_TOID              "to_id"
#define F_PID               "pid"
#define F_UID               "uid"
#define F_GID               "gid"
#define F_ISSTABLE          "isstable"
#define F_APIREQ            "reqtype"
#define F_APIRESULT         "result"
#define F_IFNAME            "ifname"
#define F_PNAME             "pname"
#define F_PVALUE            "pvalue"
#define F_ORDERSEQ          "oseq"
#define F_DT                "dt"
#define F_ACKSEQ            "ackseq"
#define F_CRM_DATA          "crm_xml"
#define F_XML_TAGNAME       "__name__"
#define F_DEADTIME          "deadtime"
#define F_KEEPALIVE         "keepalive"
#define F_LOGFACILITY       "logfacility"
#define F_NUMNODES          "numnodes"
#define F_NODETYPE          "nodetype"
#define F_RTYPE             "rtype"

/* Types of messages, as values of F_TYPE. */
#define T_STATUS       "status"
#define T_IFSTATUS     "ifstat"
#define T_ASKRESOURCES "ask_resources"
#define T_ASKRELEASE   "ip-request"
#define T_ACKRELEASE   "ip-request-resp"
#define T_QCSTATUS     "query-cstatus"
#define T_RCSTATUS     "respond-cstatus"
#define T_STONITH      "stonith"
#define T_SHUTDONE     "shutdone"
#define T_CRM          "crmd"
#define T_ATTRD        "attrd"
#define T_ADDNODE      "addnode"
#define T_DELNODE      "delnode"
#define T_SETWEIGHT    "setweight"
#define T_SETSITE      "setsite"
#define T_REQNODES     "reqnodes"
#define T_REPNODES     "repnodes"
#define T_APIREQ       "hbapi-req"
#define T_APIRESP      "hbapi-resp"
#define T_APICLISTAT   "hbapi-clstat"
#define T_NS_STATUS    "NS_st"
#define T_ACKMSG       "NS_ackmsg"
#define T_REXMIT       "NS_rexmit"
#define T_NAKREXMIT    "NS_nak_rexmit"
#define T_STARTING     "starting"
#define T_RESOURCES    "resource"

struct ha_msg {
	int nfields;
	int nalloc;
	char **names;
	size_t *nlens;
	void **values;          /* FT_STRING: text; FT_LIST: GList of texts; FT_STRUCT: struct ha_msg */
	size_t *vlens;
	int *types;
};

/* An empty message; @nfields: how many fields are expected (0: unknown). */
struct ha_msg *ha_msg_new(int nfields);
/* Frees it with all that is in it. NULL is allowed. */
void ha_msg_del(struct ha_msg *msg);
struct ha_msg *ha_msg_copy(const struct ha_msg *msg);

int ha_msg_add(struct ha_msg *msg, const char *name, const char *value);
/* The same with lengths. */
int ha_msg_nadd(struct ha_msg *msg, const char *name, int namelen, const char *value, int vallen);
/* "name=value"; @bufmax: where the text ends at the latest. */
int ha_msg_add_nv(struct ha_msg *msg, const char *nvline, const char *bufmax);
int ha_msg_addbin(struct ha_msg *msg, const char *name, const void *value, size_t vallen);
int ha_msg_adduuid(struct ha_msg *msg, const char *name, const cl_uuid_t *uuid);
/* @ptr: a struct ha_msg, copied. */
int ha_msg_addstruct(struct ha_msg *msg, const char *name, const void *ptr);
int ha_msg_add_int(struct ha_msg *msg, const char *name, int value);
int ha_msg_add_ul(struct ha_msg *msg, const char *name, unsigned long value);
/* Sets or adds. */
int ha_msg_mod_int(struct ha_msg *msg, const char *name, int value);
int ha_msg_mod_ul(struct ha_msg *msg, const char *name, unsigned long value);
/* HA_FAIL: no such field. Text that is no number is read as 0. */
int ha_msg_value_int(const struct ha_msg *msg, const char *name, int *value);
int ha_msg_value_ul(const struct ha_msg *msg, const char *name, unsigned long *value);

/* What they return belongs to @msg. NULL: no such field, or it is of another type. */
const char *cl_get_string(const struct ha_msg *msg, const char *name);
const void *cl_get_binary(const struct ha_msg *msg, const char *name, size_t *vallen);
struct ha_msg *cl_get_struct(struct ha_msg *msg, const char *name);
int cl_get_uuid(const struct ha_msg *msg, const char *name, cl_uuid_t *retval);
/* FT_..., or -1: no such field. */
int cl_get_type(const struct ha_msg *msg, const char *name);
#define ha_msg_value(m, name) cl_get_string(m, name)

/* Set the first field of that name, or add one. */
int cl_msg_modstring(struct ha_msg *msg, const char *name, const char *value);
int cl_msg_modbin(struct ha_msg *msg, const char *name, const void *value, size_t vlen);
int cl_msg_moduuid(struct ha_msg *msg, const char *name, const cl_uuid_t *uuid);
int cl_msg_modstruct(struct ha_msg *msg, const char *name, const struct ha_msg *value);
#define ha_msg_mod(msg, name, value) cl_msg_modstring(msg, name, value)
/* The field whose value is at @old_value gets a new one. */
int cl_msg_replace_value(struct ha_msg *msg, const void *old_value, const void *value, size_t vlen, int type);
/* The first field of that name; the field at an index; the field whose value is at @value. */
int cl_msg_remove(struct ha_msg *msg, const char *name);
int cl_msg_remove_offset(struct ha_msg *msg, int offset);
int cl_msg_remove_value(struct ha_msg *msg, const void *value);

/* Appends to a list, begins one if there is none. */
int cl_msg_list_add_string(struct ha_msg *msg, const char *name, const char *value);
/* -1: no such list. */
int cl_msg_list_length(struct ha_msg *msg, const char *name);
/* The element (a text, of @msg) or NULL. */
void *cl_msg_list_nth_data(struct ha_msg *msg, const char *name, int n);
/* @list: of texts. */
int cl_msg_add_list(struct ha_msg *msg, const char *name, GList *list);
/* The list, of @msg. */
GList *cl_msg_get_list(struct ha_msg *msg, const char *name);
int cl_msg_add_list_int(struct ha_msg *msg, const char *name, int *buf, size_t n);
/* *@n: room before, elements after. HA_FAIL: no such list, or too little room. */
int cl_msg_get_list_int(struct ha_msg *msg, const char *name, int *buf, size_t *n);
int cl_msg_add_list_str(struct ha_msg *msg, const char *name, char **buf, size_t n);

/* Logs every field, with a priority of <syslog.h>. */
void cl_log_message(int log_level, const struct ha_msg *msg);

/* Sends it; @msg stays the caller's. */
int msg2ipcchan(struct ha_msg *msg, IPC_Channel *ch);
/* Waits for a message and returns it; NULL: a signal came, the connection ended, or it was no message. */
struct ha_msg *msgfromIPC(IPC_Channel *ch, int flag);
struct ha_msg *msgfromIPC_noauth(IPC_Channel *ch);
/* The same, not looked into. */
IPC_Message *ipcmsgfromIPC(IPC_Channel *ch);
/* A message for ch->ops->send(). */
IPC_Message *hamsg2ipcmsg(struct ha_msg *msg, IPC_Channel *ch);
IPC_Message *wirefmt2ipcmsg(void *p, size_t len, IPC_Channel *ch);

/* As it travels, to be freed with free(); *@len counts a NUL at the end. NULL: it cannot be said. */
char *msg2wirefmt(struct ha_msg *msg, size_t *len);
char *msg2wirefmt_noac(struct ha_msg *msg, size_t *len);
struct ha_msg *wirefmt2msg(const char *s, size_t length, int flag);
/* In string form, to be freed with free(). */
char *msg2string(const struct ha_msg *msg);
struct ha_msg *string2msg(const char *s, size_t length);

#ifdef __cplusplus
}
#endif

#endif
