/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * apphb_msg.h - what programs and apphbd say to each other (doc/client-api.md 6.5): fixed structs in host
 * order, one per frame of lib/ipc.
 */
#ifndef HB_APPHB_APPHB_MSG_H
#define HB_APPHB_APPHB_MSG_H

#include <stdint.h>

#define HB_APPHB_SOCKET   HB_RUN_DIR "/apphb.comm"
#define HB_APPHB_TYPE_LEN 8
#define HB_APPHB_NAME_LEN 256

#define HB_APPHB_REGISTER    "reg"
#define HB_APPHB_UNREGISTER  "unreg"
#define HB_APPHB_INTERVAL    "setint"
#define HB_APPHB_WARN        "setwarn"
#define HB_APPHB_REBOOT      "setboot"
#define HB_APPHB_BEAT        "hb"

typedef struct {
	char type[HB_APPHB_TYPE_LEN];
} HbApphbPlain;

typedef struct {
	char type[HB_APPHB_TYPE_LEN];
	char name[HB_APPHB_NAME_LEN];
	char instance[HB_APPHB_NAME_LEN];
	char cwd[HB_APPHB_NAME_LEN];
	int32_t pid;
	uint32_t uid;
	uint32_t gid;
} HbApphbRegister;

typedef struct {
	char type[HB_APPHB_TYPE_LEN];
	uint64_t value;
} HbApphbSet;

/* To all but a beat. */
typedef struct {
	int32_t err;            /* errno, 0: done */
} HbApphbAnswer;

_Static_assert(sizeof(HbApphbRegister) == 788 && sizeof(HbApphbSet) == 16, "as 3.0.6 sends them");

#endif
