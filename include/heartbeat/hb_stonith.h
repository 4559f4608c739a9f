/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * hb_stonith.h - interface of a fencing device plugin.
 *
 * NAME.so in the directory HBstonith with the one exported symbol hb_stonith_plugin. It is loaded by hb-fence, a
 * process of its own for each request: it may block, use any library, and crash without harm to the cluster. When its
 * time is over the process is killed.
 * A script in the directory of external plugins is easier to write; see hb-fence(8).
 */
#ifndef HB_STONITH_H
#define HB_STONITH_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HB_STONITH_ABI 1
#define HB_STONITH_TEXT_MAX 1024

typedef enum {
	HB_STONITH_RESET,       /* power off and on again, or a hardware reset; done when this returns */
	HB_STONITH_OFF,
	HB_STONITH_ON,
	HB_STONITH_STATUS,      /* can the device be reached? node is NULL */
	HB_STONITH_HOSTS        /* text becomes the names of the nodes, parted by blanks; node is NULL */
} hb_stonith_action;

/* What run() returns; also the exit codes of hb-fence. */
#define HB_STONITH_OK       0
#define HB_STONITH_FAILED   1
#define HB_STONITH_BAD_HOST 100         /* the device does not have that node */

typedef struct {
	uint32_t abi;                   /* HB_STONITH_ABI */
	const char *name;               /* the type in ha.cf */
	const char *about;              /* one line for the administrator */
	const char *const *settings;    /* names of the settings, all required, NULL at the end */
	/* values: one for each setting. text: what went wrong, or what was asked for; empty when called. */
	int (*run)(hb_stonith_action action, const char *node, const char *const *values, char text[HB_STONITH_TEXT_MAX]);
} hb_stonith_ops;

/* the one exported symbol: extern const hb_stonith_ops hb_stonith_plugin; */

#ifdef __cplusplus
}
#endif
#endif
