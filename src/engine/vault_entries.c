/* vault_entries.c: the secrets of an open vault by their names, and the kinds of its slots. */
#include "engine/vault_file.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

size_t vault_secret_length(const char *text)
{
	const char *end;

	if (strncmp(text, "-----BEGIN ", 11))
		return strcspn(text, "\r\n");
	end = strstr(text, "-----END ");
	return end ? (size_t)(end - text) + strcspn(end, "\r\n") : strlen(text);
}

static const char *const kinds[SLOT_KINDS] = { "", "passphrase", "key-file", "break-glass" };

const char *slot_kind_name(enum slot_kind k)
{
	return kinds[k];
}

enum slot_kind slot_kind_from_name(const char *name)
{
	for (enum slot_kind k = SLOT_PASSPHRASE; k < SLOT_KINDS; k++)
		if (!strcmp(kinds[k], name))
			return k;
	return SLOT_KINDS;
}

/* ---- the book ---- */

struct vault_entry *vault_entry_find(struct vault_book *b, const char *name)
{
	for (int i = 0; i < b->entries; i++)
		if (!strcmp(b->entry[i].name, name))
			return &b->entry[i];
	return NULL;
}

static const char *pool_put(struct vault_book *b, const char *value)
{
	size_t n = strlen(value) + 1;
	char *at = b->pool + b->used;

	if (b->used + n > VAULT_POOL)
		return NULL;
	memcpy(at, value, n);
	b->used += n;
	return at;
}

enum fault vault_entry_set(struct vault_book *b, const char *name, const char *value, bool keep_old, int64_t old_until_ms, int64_t now_ms,
                           int64_t expires_ms, struct err *err)
{
	struct vault_entry *e = vault_entry_find(b, name);
	const char *kept;

	if (!text_id(name, "-_.", VAULT_NAME))
		return err_set(err, FAULT_REFUSED, "a secret's name is of letters, digits, - _ . and at most %d long", VAULT_NAME);
	if (!*value || strlen(value) > VAULT_VALUE)
		return err_set(err, FAULT_REFUSED, "a secret is of 1 to %d bytes", VAULT_VALUE);
	if (!e && b->entries == VAULT_ENTRIES)
		return err_set(err, FAULT_REFUSED, "the vault is full: it holds %d secrets", VAULT_ENTRIES);
	kept = pool_put(b, value);
	if (!kept)
		return err_set(err, FAULT_REFUSED, "the vault is full: its secrets are too long together");
	if (!e) {
		e = &b->entry[b->entries++];
		*e = (struct vault_entry){ .value = "", .old = "" };
		snprintf(e->name, sizeof e->name, "%s", name);
	}
	e->old = keep_old ? e->value : "";
	e->old_until_ms = *e->old ? old_until_ms : 0;
	e->value = kept;
	e->set_ms = now_ms;
	e->expires_ms = expires_ms;
	return OK;
}

bool vault_entry_drop(struct vault_book *b, const char *name)
{
	struct vault_entry *e = vault_entry_find(b, name);

	if (!e)
		return false;
	memmove(e, e + 1, (size_t)(b->entry + b->entries - (e + 1)) * sizeof *e);
	b->entries--;
	return true;
}

void vault_entry_retire(struct vault_entry *e)
{
	e->old = "";
	e->old_until_ms = 0;
}
