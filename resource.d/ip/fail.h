/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fail.h - why the address program could not do it: one exit code, one line of text.
 *
 * The program uses no GLib: loading it costs more than all the work there is to do here.
 */
#ifndef HB_IP_FAIL_H
#define HB_IP_FAIL_H

#include <stdbool.h>

/* The codes of the wrappers of heartbeat 3 (spec/resource-manager 10), which are OCF's. */
typedef enum {
	HB_IP_EXIT_SUCCESS = 0,
	HB_IP_EXIT_GENERIC = 1,
	HB_IP_EXIT_ARGUMENT = 2,
	HB_IP_EXIT_UNIMPLEMENTED = 3,
	HB_IP_EXIT_PRIVILEGE = 4,
	HB_IP_EXIT_INSTALLED = 5,
	HB_IP_EXIT_CONFIGURED = 6,
	HB_IP_EXIT_STOPPED = 7,
	HB_IP_EXIT_BUSY = 151,          /* ours, to start: held elsewhere, worth another try soon */
} HbIpExit;

typedef struct {
	HbIpExit code;
	bool usage;             /* the call itself is wrong: show how it is written */
	char text[256];         /* printable ASCII, no newline */
} HbIpFail;

/*
 * Fills in @fail and returns false. Bytes of the text that are not printable ASCII
 * (arguments are quoted in it) become '?'.
 */
bool hb_ip_fail(HbIpFail *fail, HbIpExit code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The exit code that tells @error (an errno): missing rights have one of their own. */
HbIpExit hb_ip_fail_code(int error);

#endif
