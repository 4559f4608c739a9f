/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * args.h - the words of hb-ocf: "ocf:heartbeat:Dummy state=/run/x start".
 *
 * Pure. A word without "=" continues the value before it, with the "::" at which haresources has cut it:
 * ip=fd00::10 comes as "ip=fd00" "10".
 */
#ifndef HB_OCF_ARGS_H
#define HB_OCF_ARGS_H

#include <glib.h>

typedef enum {
	HB_OCF_VERB_START,
	HB_OCF_VERB_STOP,
	HB_OCF_VERB_STATUS,
	HB_OCF_VERB_META_DATA,
	HB_OCF_VERB_CHECK,      /* are the parameters such that start would not refuse them? */
	HB_OCF_VERB_USAGE
} HbOcfVerb;

typedef struct {
	char *provider, *agent;
	char *instance;         /* NULL: none was given */
	char **names, **values; /* NULL-terminated, of the same length */
	gboolean inherit;       /* parameters are in the environment */
	HbOcfVerb verb;
} HbOcfArgs;

/* FALSE: *ret_fault (transfer full) says what is wrong with the call. */
gboolean hb_ocf_args_parse(int argc, char *const argv[], HbOcfArgs *ret_args, char **ret_fault);
void hb_ocf_args_clear(HbOcfArgs *args);

/* What tells this resource from others in file names (transfer full) */
char *hb_ocf_args_id(const HbOcfArgs *args);

/* OCF_RESOURCE_INSTANCE (transfer full) */
char *hb_ocf_args_instance(const HbOcfArgs *args);

#endif
