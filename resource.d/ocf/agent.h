/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * agent.h - runs an OCF agent for hb-ocf, and remembers what was started.
 */
#ifndef HB_OCF_AGENT_H
#define HB_OCF_AGENT_H

#include "resource.d/ocf/args.h"
#include "resource.d/ocf/meta.h"

/* Where the agent is, or would be (transfer full) */
char *hb_ocf_agent_path(const HbOcfArgs *args);

/* It is a program, and so is the interpreter that its first line names. */
gboolean hb_ocf_agent_can_run(const char *path);

/* What it says of itself within @limit_ms; read once, and again when the agent is another. NULL: @error says why. */
HbOcfMeta *hb_ocf_agent_meta(const char *path, const HbOcfArgs *args, gint64 limit_ms, GError **error);

/* Runs @action for @limit_ms at most; its exit code (limited.h). What it prints goes to standard error. */
int hb_ocf_agent_run(const char *path, const HbOcfArgs *args, const char *action, gint64 limit_ms);

/* A start was tried on this machine since it booted, and no stop has succeeded since. */
gboolean hb_ocf_agent_is_marked(const HbOcfArgs *args);
void hb_ocf_agent_mark(const HbOcfArgs *args, gboolean marked);

#endif
