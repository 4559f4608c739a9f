/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fail.c - see fail.h */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "resource.d/ip/fail.h"
#include "util/banned.h"

bool
hb_ip_fail(HbIpFail *fail, HbIpExit code, const char *format, ...)
{
	va_list words;

	va_start(words, format);
	(void)vsnprintf(fail->text, sizeof fail->text, format, words);
	va_end(words);

	for (char *c = fail->text; *c != '\0'; c++) {
		if (*c < ' ' || *c > '~')
			*c = '?';
	}
	fail->code = code;
	fail->usage = false;
	return false;
}

HbIpExit
hb_ip_fail_code(int error)
{
	return error == EPERM ? HB_IP_EXIT_PRIVILEGE : HB_IP_EXIT_GENERIC;
}
