/*
 * A vault's file as somebody else may have left it: whatever it says of itself costs no memory and no time, and only what fits its tag is
 * believed. Bytes that do not begin as a vault are tried as what is inside of one; what is taken there can be saved and is the same again.
 */
#include "engine/vault_file.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void try_inside(const uint8_t *data, size_t n, struct vault_book *b)
{
	struct err err;

	if (vault_book_read(data, n, b, &err))
		return;
	for (int i = 0; i < b->entries; i++)
		if (!*b->entry[i].name || !*b->entry[i].value || strlen(b->entry[i].value) > VAULT_VALUE ||
		    vault_entry_find(b, b->entry[i].name) != &b->entry[i])
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const unsigned char key[VAULT_KEY] = "the key of the corpus' own vault";
	struct vault_book *b = vault_memory(sizeof *b);
	struct vault_sealed v;
	struct err err;

	if (n < 8 || memcmp(data, "TLYVAULT", 8))
		try_inside(data, n, b);
	else if (!vault_sealed_read(data, n, &v, &err))
		for (int i = 0; i < v.slots; i++)
			vault_sealed_open(&v, i, key, b, &err);
	vault_memory_free(b, sizeof *b);
	return 0;
}
