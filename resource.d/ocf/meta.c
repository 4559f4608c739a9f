/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "resource.d/ocf/meta.h"
#include "util/time.h"

#include "util/banned.h"

#define S_PER_MIN 60
#define NEAR_MAX 3      /* letters: further away is another word */

typedef struct {
	char *name;
	gboolean required;
} Parameter;

struct HbOcfMeta {
	GArray *parameters;     /* Parameter */
	GHashTable *timeouts;   /* action -> milliseconds */
};

static void
parameter_clear(gpointer data)
{
	g_free(((Parameter *)data)->name);
}

gint64
hb_ocf_timeout_parse(const char *text)
{
	static const struct {
		const char *unit;
		gint64 factor;
	} units[] = {
		{ "", HB_MS_PER_S }, { "s", HB_MS_PER_S }, { "sec", HB_MS_PER_S }, { "ms", 1 }, { "msec", 1 },
		{ "m", (gint64)S_PER_MIN * HB_MS_PER_S }, { "min", (gint64)S_PER_MIN * HB_MS_PER_S },
	};
	char *end;
	guint64 number;

	if (!g_ascii_isdigit(*text))
		return 0;
	number = g_ascii_strtoull(text, &end, 10);
	for (gsize i = 0; i < G_N_ELEMENTS(units); i++)
		if (strcmp(end, units[i].unit) == 0 && number <= HB_OCF_TIMEOUT_MS_MAX)
			return MIN((gint64)number * units[i].factor, HB_OCF_TIMEOUT_MS_MAX);
	return 0;
}

/* (transfer full), or NULL */
static char *
attribute(xmlNode *node, const char *name)
{
	xmlChar *raw = xmlGetProp(node, (const xmlChar *)name);
	char *text = raw != NULL ? g_strstrip(g_strdup((const char *)raw)) : NULL;

	xmlFree(raw);
	return text;
}

static gboolean
is(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static void
take_parameter(HbOcfMeta *meta, xmlNode *node)
{
	g_autofree char *required = attribute(node, "required");
	Parameter parameter = { .name = attribute(node, "name") };

	if (parameter.name == NULL)
		return;
	parameter.required = required != NULL && (strcmp(required, "1") == 0 || strcmp(required, "true") == 0);
	g_array_append_val(meta->parameters, parameter);
}

static void
take_action(HbOcfMeta *meta, xmlNode *node)
{
	g_autofree char *name = attribute(node, "name");
	g_autofree char *timeout = attribute(node, "timeout");
	gint64 ms = timeout != NULL ? hb_ocf_timeout_parse(timeout) : 0;
	gint64 *kept = name != NULL ? g_hash_table_lookup(meta->timeouts, name) : NULL;

	if (name == NULL || ms == 0)
		return;
	if (kept != NULL)       /* one for each role or depth */
		*kept = MAX(*kept, ms);
	else
		g_hash_table_insert(meta->timeouts, g_steal_pointer(&name), g_memdup2(&ms, sizeof ms));
}

static void
take_all(HbOcfMeta *meta, xmlNode *parent, const char *name, void (*take)(HbOcfMeta *, xmlNode *))
{
	for (xmlNode *node = parent->children; node != NULL; node = node->next)
		if (is(node, name))
			take(meta, node);
}

HbOcfMeta *
hb_ocf_meta_parse(const char *xml, gsize len, GError **error)
{
	const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
	HbOcfMeta *meta = NULL;
	xmlNode *root;
	xmlDoc *doc;

	if (len > HB_OCF_META_BYTES_MAX) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "its meta-data are too long");
		return NULL;
	}
	doc = xmlReadMemory(xml, (int)len, "meta-data", NULL, options);
	root = doc != NULL ? xmlDocGetRootElement(doc) : NULL;
	if (root == NULL || !is(root, "resource-agent")) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "what it prints as meta-data is not that");
		xmlFreeDoc(doc);
		return NULL;
	}
	meta = g_new0(HbOcfMeta, 1);
	meta->parameters = g_array_new(FALSE, FALSE, sizeof(Parameter));
	g_array_set_clear_func(meta->parameters, parameter_clear);
	meta->timeouts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	for (xmlNode *node = root->children; node != NULL; node = node->next) {
		if (is(node, "parameters"))
			take_all(meta, node, "parameter", take_parameter);
		else if (is(node, "actions"))
			take_all(meta, node, "action", take_action);
	}
	xmlFreeDoc(doc);
	return meta;
}

void
hb_ocf_meta_free(HbOcfMeta *meta)
{
	if (meta == NULL)
		return;
	g_array_unref(meta->parameters);
	g_hash_table_unref(meta->timeouts);
	g_free(meta);
}

/* How many letters have to be changed, put in or left out, counted up to NEAR_MAX + 1 */
static guint
distance(const char *a, const char *b)
{
	gsize n_a = strlen(a), n_b = strlen(b);
	g_autofree guint *row = g_new(guint, n_b + 1);

	for (gsize k = 0; k <= n_b; k++)
		row[k] = (guint)k;
	for (gsize i = 1; i <= n_a; i++) {
		guint diagonal = row[0];

		row[0] = (guint)i;
		for (gsize k = 1; k <= n_b; k++) {
			guint above = row[k];

			row[k] = MIN(MIN(above, row[k - 1]) + 1, diagonal + (a[i - 1] != b[k - 1]));
			diagonal = above;
		}
	}
	return MIN(row[n_b], NEAR_MAX + 1);
}

static const Parameter *
find(const HbOcfMeta *meta, const char *name)
{
	for (guint i = 0; i < meta->parameters->len; i++) {
		const Parameter *parameter = &g_array_index(meta->parameters, Parameter, i);

		if (strcmp(parameter->name, name) == 0)
			return parameter;
	}
	return NULL;
}

static const char *
nearest(const HbOcfMeta *meta, const char *name)
{
	const char *best = NULL;
	guint least = NEAR_MAX + 1;

	for (guint i = 0; i < meta->parameters->len; i++) {
		const char *known = g_array_index(meta->parameters, Parameter, i).name;
		guint far = distance(known, name);

		if (far < least) {
			least = far;
			best = known;
		}
	}
	return best;
}

char **
hb_ocf_meta_check(const HbOcfMeta *meta, char *const *names)
{
	g_autoptr(GPtrArray) faults = g_ptr_array_new();

	for (gsize i = 0; names[i] != NULL; i++) {
		const char *near = nearest(meta, names[i]);

		if (find(meta, names[i]) != NULL)
			continue;
		g_ptr_array_add(faults, near != NULL
			? g_strdup_printf("it has no parameter %s; did you mean %s?", names[i], near)
			: g_strdup_printf("it has no parameter %s", names[i]));
	}
	for (guint i = 0; i < meta->parameters->len; i++) {
		const Parameter *parameter = &g_array_index(meta->parameters, Parameter, i);

		if (parameter->required && !g_strv_contains((const char *const *)names, parameter->name))
			g_ptr_array_add(faults, g_strdup_printf("its parameter %s is missing", parameter->name));
	}
	g_ptr_array_add(faults, NULL);
	return (char **)g_ptr_array_steal(faults, NULL);
}

gint64
hb_ocf_meta_timeout_ms(const HbOcfMeta *meta, const char *action)
{
	const gint64 *ms = g_hash_table_lookup(meta->timeouts, action);

	return ms != NULL ? *ms : 0;
}
