/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * standalone.c - runs a fuzz target without libFuzzer, the same way each time.
 *
 *   fuzz_x FILE...                             each file once
 *   fuzz_x --runs N [--seed S] FILE...         and N seeded mutations of them
 *   fuzz_x --keep FILE ...                     writes each input there before it is tried: after a
 *                                              crash the guilty one is in it
 *
 * A file whose name ends in ".hex" holds hexadecimal digits.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "util/banned.h"

#define INPUT_MAX 262144
#define CHANGES_MAX 6
#define PIECE_MAX 64

int LLVMFuzzerTestOneInput(const guint8 *data, size_t len);

static int n_runs;
static int seed = 1;
static char *keep_path;
static char **files;

static const GOptionEntry options[] = {
	{ "runs", 0, 0, G_OPTION_ARG_INT, &n_runs, "mutations to try", "N" },
	{ "seed", 0, 0, G_OPTION_ARG_INT, &seed, "where the mutations start", "S" },
	{ "keep", 0, 0, G_OPTION_ARG_FILENAME, &keep_path, "write each input there first", "FILE" },
	{ G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files, NULL, "FILE..." },
	{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL }
};

static GByteArray *
octets_of_hex(const char *text, gsize len)
{
	GByteArray *out = g_byte_array_new();
	int high = -1;

	for (gsize i = 0; i < len; i++) {
		int digit = g_ascii_xdigit_value(text[i]);
		guint8 octet;

		if (digit < 0)
			continue;
		if (high < 0) {
			high = digit;
			continue;
		}
		octet = (guint8)(high << 4 | digit);
		g_byte_array_append(out, &octet, 1);
		high = -1;
	}
	return out;
}

static GByteArray *
load(const char *path)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	gsize len;

	if (!g_file_get_contents(path, &text, &len, &error)) {
		fprintf(stderr, "%s\n", error->message);
		exit(2);
	}
	if (g_str_has_suffix(path, ".hex"))
		return octets_of_hex(text, len);
	return g_byte_array_append(g_byte_array_new(), (const guint8 *)text, (guint)len);
}

/* From an array of its own size, so that a sanitizer sees a read behind the end. */
static void
try_input(const GByteArray *input)
{
	g_autofree guint8 *copy = g_memdup2(input->data, input->len);

	if (keep_path != NULL)
		(void)g_file_set_contents(keep_path, (const char *)input->data, input->len, NULL);
	(void)LLVMFuzzerTestOneInput(copy != NULL ? copy : (const guint8 *)"", input->len);
}

static guint
place(GRand *rand, guint len)
{
	return (guint)g_rand_int_range(rand, 0, (gint32)len + 1);
}

static void
insert(GByteArray *input, guint at, const guint8 *piece, guint len)
{
	guint old_len = input->len;

	if (old_len + len > INPUT_MAX)
		return;
	g_byte_array_set_size(input, old_len + len);
	memmove(input->data + at + len, input->data + at, old_len - at);
	memcpy(input->data + at, piece, len);
}

/* A piece of @from, somewhere into @input. */
static void
splice(GByteArray *input, const GByteArray *from, GRand *rand)
{
	guint8 piece[PIECE_MAX];
	guint start = place(rand, from->len);
	guint wanted = place(rand, PIECE_MAX);
	guint len = MIN(from->len - start, wanted);

	if (len > 0) {
		memcpy(piece, from->data + start, len);
		insert(input, place(rand, input->len), piece, len);
	}
}

static void
change_once(GByteArray *input, const GPtrArray *corpus, GRand *rand)
{
	static const char marks[] = "()=:,\n#%<>.-0123456789abcdef\x13\x14\x1f";
	guint at = place(rand, input->len);
	guint kind = (guint)g_rand_int_range(rand, 0, 7);
	guint8 octet = (guint8)g_rand_int(rand);
	guint n_gone = 1 + octet % PIECE_MAX;

	if (kind == 0 || input->len == 0) {
		insert(input, at, &octet, 1);
	} else if (kind == 1) {
		splice(input, corpus->pdata[g_rand_int_range(rand, 0, (gint32)corpus->len)], rand);
	} else if (kind == 2) {
		splice(input, input, rand);
	} else if (at == input->len) {
		g_byte_array_set_size(input, at - at / 8);
	} else if (kind == 3) {
		g_byte_array_remove_range(input, at, MIN(input->len - at, n_gone));
	} else if (kind == 4) {
		input->data[at] ^= (guint8)(1 << (octet & 7));
	} else if (kind == 5) {
		input->data[at] = octet;
	} else {
		input->data[at] = (guint8)marks[octet % (sizeof marks - 1)];
	}
}

static void
try_mutations(const GPtrArray *corpus)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)seed);

	for (int run = 0; run < n_runs; run++) {
		const GByteArray *base = corpus->pdata[g_rand_int_range(rand, 0, (gint32)corpus->len)];
		g_autoptr(GByteArray) input = g_byte_array_new();
		int n_changes = g_rand_int_range(rand, 1, CHANGES_MAX + 1);

		g_byte_array_append(input, base->data, base->len);
		for (int i = 0; i < n_changes; i++)
			change_once(input, corpus, rand);
		try_input(input);
	}
}

int
main(int argc, char **argv)
{
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_autoptr(GPtrArray) corpus = g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
	g_autoptr(GError) error = NULL;

	g_option_context_add_main_entries(context, options, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error) || files == NULL) {
		fprintf(stderr, "%s\n", error != NULL ? error->message : "no corpus files given");
		return 2;
	}
	for (guint i = 0; files[i] != NULL; i++) {
		g_ptr_array_add(corpus, load(files[i]));
		try_input(corpus->pdata[i]);
	}
	try_mutations(corpus);
	g_strfreev(files);
	g_free(keep_path);
	return 0;
}
