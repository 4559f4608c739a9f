/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_ocf_meta.c - what is read from an agent's meta-data, and what is said of parameters. */
#include <string.h>

#include <glib.h>

#include "resource.d/ocf/meta.h"
#include "util/banned.h"

static const char good[] =
	"<?xml version=\"1.0\"?><!DOCTYPE resource-agent SYSTEM \"ra-api-1.dtd\">\n"
	"<resource-agent name=\"Foo\"><version>1.0</version><longdesc>text</longdesc>\n"
	"<parameters>\n"
	"<parameter name=\"device\" unique=\"0\" required=\"1\"><content type=\"string\"/></parameter>\n"
	"<parameter name=\"directory\" required=\"0\"/><parameter/>\n"
	"</parameters>\n"
	"<actions><action name=\"start\" timeout=\"60s\"/><action name=\"stop\" timeout=\"1500ms\"/>\n"
	"<action name=\"monitor\" depth=\"0\" timeout=\"20\"/><action name=\"monitor\" depth=\"10\" timeout=\"40\"/>\n"
	"<action name=\"meta-data\" timeout=\"never\"/></actions></resource-agent>\n";

static void
test_names_and_timeouts_are_read(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(HbOcfMeta) meta = hb_ocf_meta_parse(good, strlen(good), &error);

	g_assert_no_error(error);
	g_assert_cmpint(hb_ocf_meta_timeout_ms(meta, "start"), ==, 60000);
	g_assert_cmpint(hb_ocf_meta_timeout_ms(meta, "stop"), ==, 1500);
	g_assert_cmpint(hb_ocf_meta_timeout_ms(meta, "monitor"), ==, 40000);
	g_assert_cmpint(hb_ocf_meta_timeout_ms(meta, "meta-data"), ==, 0);
}

static void
test_parameters_are_judged_by_name(void)
{
	char *const right[] = { (char *)"device", NULL };
	char *const wrong[] = { (char *)"devise", (char *)"directory", (char *)"nonsense", NULL };
	g_autoptr(HbOcfMeta) meta = hb_ocf_meta_parse(good, strlen(good), NULL);
	g_auto(GStrv) none = hb_ocf_meta_check(meta, right);
	g_auto(GStrv) faults = hb_ocf_meta_check(meta, wrong);

	g_assert_cmpuint(g_strv_length(none), ==, 0);
	g_assert_cmpuint(g_strv_length(faults), ==, 3);
	g_assert_cmpstr(faults[0], ==, "it has no parameter devise; did you mean device?");
	g_assert_cmpstr(faults[1], ==, "it has no parameter nonsense");
	g_assert_cmpstr(faults[2], ==, "its parameter device is missing");
}

static void
test_other_documents_are_refused(void)
{
	static const char *const texts[] = {
		"", "nonsense", "<html/>", "<resource-agent>", "<resource-agent name=\"x\"><parameters>",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(hb_ocf_meta_parse(texts[i], strlen(texts[i]), &error));
		g_assert_nonnull(error);
	}
}

static void
test_timeouts_have_units(void)
{
	g_assert_cmpint(hb_ocf_timeout_parse("20"), ==, 20000);
	g_assert_cmpint(hb_ocf_timeout_parse("20s"), ==, 20000);
	g_assert_cmpint(hb_ocf_timeout_parse("250ms"), ==, 250);
	g_assert_cmpint(hb_ocf_timeout_parse("2m"), ==, 120000);
	g_assert_cmpint(hb_ocf_timeout_parse("2 days"), ==, 0);
	g_assert_cmpint(hb_ocf_timeout_parse("-1"), ==, 0);
	g_assert_cmpint(hb_ocf_timeout_parse(""), ==, 0);
	g_assert_cmpint(hb_ocf_timeout_parse("99999999999999999999s"), ==, 0);
	g_assert_cmpint(hb_ocf_timeout_parse("86400000m"), ==, HB_OCF_TIMEOUT_MS_MAX);
}

int
main(int argc, char *argv[])
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ocf/meta/names_and_timeouts_are_read", test_names_and_timeouts_are_read);
	g_test_add_func("/ocf/meta/parameters_are_judged_by_name", test_parameters_are_judged_by_name);
	g_test_add_func("/ocf/meta/other_documents_are_refused", test_other_documents_are_refused);
	g_test_add_func("/ocf/meta/timeouts_have_units", test_timeouts_have_units);
	return g_test_run();
}
