/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hacf_fixture.h - lines that make an ha.cf complete and silent, and what is expected of one. */
#ifndef HB_TEST_HACF_FIXTURE_H
#define HB_TEST_HACF_FIXTURE_H

#include "conf/hacf.h"
#include "conf_fixture.h"

#define NODES   "node n1 n2\n"
#define MEDIUM  "bcast lo\n"
#define REST    "auto_failback on\nlogfacility local0\n"
#define KEYS    "auth 1\n1 sha1 secret\n"

typedef enum { GOOD, WARNED, REFUSED } Verdict;

typedef struct {
	Verdict verdict;
	const char *lines;      /* the whole ha.cf, or what stands above a complete one */
	const char *says;       /* NULL: says nothing */
} Case;

static inline HbConfig *
hacf_parse(const char *hacf, GPtrArray *problems)
{
	g_autoptr(HbBundle) bundle = fixture_bundle(hacf, "n1 x\n", KEYS);
	const HbConfInput input = { .files = bundle, .node_name = "N1" };

	return hb_config_parse(&input, problems);
}

#endif
