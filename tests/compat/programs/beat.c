/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * beat.c - every function of apphb.h, in the right and the wrong order; says what came of each.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#include <apphb.h>

#define SAY(call) \
	do { \
		errno = 0; \
		int rc = (call); \
		printf("%s: %d %s\n", #call, rc, rc == 0 ? "" : strerror(errno)); \
	} while (0)

int
main(void)
{
	char longer[300];

	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	SAY(apphb_hb());
	SAY(apphb_setinterval(1000));
	SAY(apphb_register(longer, "one"));
	SAY(apphb_register("beat", "one"));
	SAY(apphb_register("beat", "one"));
	SAY(apphb_setinterval(60000));
	SAY(apphb_setwarn(30000));
	SAY(apphb_setreboot(0));
	SAY(apphb_hb());
	SAY(apphb_unregister());
	SAY(apphb_hb());
	return 0;
}
