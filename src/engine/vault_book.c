/* vault_book.c: the vault as its file has it: opening it, reading it again, and looking at what that would change. The interface is in vault.h. */
#include "engine/vault_inside.h"

#include "trade/audit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Its bytes as they lie there, to be freed. */
static enum fault read_sealed(const struct vault *v, unsigned char **bytes, struct vault_sealed *out, struct err *err)
{
	struct err why;
	size_t n;
	bool there;
	enum fault f = vault_file_load(v->file, bytes, &n, &there, err);

	if (!f && (f = vault_sealed_read(*bytes, n, out, &why)))
		err_set(err, f, "%.100s: %.120s", v->file, why.text);
	return f;
}

/* Open the file anew by this slot; what was opened before stays until that has succeeded. */
static enum fault take_book(struct vault *v, const struct vault_sealed *file, int slot, const unsigned char key[VAULT_KEY], struct err *err)
{
	struct vault_book *book = vault_memory(sizeof *book);
	enum fault f = vault_sealed_open(file, slot, key, book, err);

	if (!f && v->book && memcmp(book->seal_key, v->key, KEY))
		f = err_set(err, FAULT_REFUSED, "%.90s seals with another key than before, so it is not this store's vault: put that back (the one before is vault.tly.bak)", v->file);
	if (!f && v->locked && !v->without_days)
		f = vault_days_open(v, book->seal_key, err);
	if (f) {
		vault_memory_free(book, sizeof *book);
		return f;
	}
	vault_memory_free(v->book, sizeof *v->book);
	v->book = book;
	v->slot = slot;
	v->opened_by = file->slot[slot];
	memcpy(v->slot_at, file->slot, sizeof v->slot_at);
	v->slots_at = file->slots;
	v->saves = file->saves;
	memmove(v->slot_key, key, KEY);
	memcpy(v->key, book->seal_key, KEY);
	v->locked = false;
	return OK;
}

void vault_without_days(struct vault *v)
{
	v->without_days = true;
}

enum fault vault_unlock(struct vault *v, int slot, const unsigned char key[VAULT_KEY], struct err *err)
{
	struct vault_sealed file;
	unsigned char *bytes = NULL;
	enum fault f;

	if (!v->locked)
		return OK;
	f = read_sealed(v, &bytes, &file, err);
	if (!f && (slot < 0 || slot >= file.slots))
		f = err_set(err, FAULT_AUTH, "the vault has slots 1 to %d: name one of those (tallyman vault list)", file.slots);
	if (!f)
		f = take_book(v, &file, slot, key, err);
	free(bytes);
	return f;
}

/* That a key fits another slot is no failure; a damaged file is, and so is one that cannot be read. */
static enum fault not_another_slot(enum fault f)
{
	return f == FAULT_AUTH ? OK : f;
}

enum fault vault_unlock_file(struct vault *v, const char *key_file, struct err *err)
{
	unsigned char key[VAULT_KEY], *bytes = NULL;
	struct vault_sealed file = { .slots = 0 };
	enum fault f = v->locked ? read_sealed(v, &bytes, &file, err) : OK;

	for (int i = 0; i < file.slots && !f && v->locked; i++)
		if (file.slot[i].kind == SLOT_KEY_FILE && !(f = vault_key_from_file(&file.slot[i], key_file, key, err)))
			f = not_another_slot(take_book(v, &file, i, key, err));
	vault_wipe(key, sizeof key);
	free(bytes);
	return f || !v->locked ? f : err_set(err, FAULT_AUTH, "the key file %.80s opens no slot of the vault: use the one that was made for it, or `tallyman vault unlock`", key_file);
}

int vault_slot(const struct vault *v, enum slot_kind *kind, int64_t *saves)
{
	*kind = v->opened_by.kind;
	*saves = v->saves;
	return v->slot;
}

/* The slot that this engine was unlocked by, in the file as it lies there now; -1: it is gone. */
static int own_slot(const struct vault *v, const struct vault_sealed *file)
{
	for (int i = 0; i < file->slots; i++)
		if (!memcmp(file->slot[i].salt, v->opened_by.salt, VAULT_SALT))
			return i;
	return -1;
}

static enum fault slot_gone(struct err *err)
{
	return err_set(err, FAULT_AUTH, "the slot that this engine was unlocked by is gone: the secrets stay as they were until it is started again");
}

static void hash_of(const struct vault_sealed *file, char out[65])
{
	sha256_hex(file->head, (size_t)(file->body + file->body_n - file->head), out);
}

enum fault vault_reload(struct vault *v, const char *sha, struct err *err)
{
	struct vault_sealed file;
	unsigned char *bytes = NULL;
	char is[65];
	enum fault f;

	if (!v->book)
		return access(v->file, F_OK) ? OK : err_set(err, FAULT_REFUSED, "a vault was made since this engine started: start it again");
	f = read_sealed(v, &bytes, &file, err);
	if (!f) {
		hash_of(&file, is);
		if (sha && strcmp(sha, is))
			f = err_set(err, FAULT_REFUSED, "the vault's file was changed after it was agreed to: propose it again (tallyman vault reload)");
	}
	if (!f)
		f = own_slot(v, &file) < 0 ? slot_gone(err) : take_book(v, &file, own_slot(v, &file), v->slot_key, err);
	free(bytes);
	return f;
}

/* ---- looking at what a reload would change ---- */

static void look_add(struct arena *a, struct vault_look *l, const char *line)
{
	l->line = arena_grow(a, l->line, l->n, &l->cap, sizeof *l->line);
	l->line[l->n++] = line;
}

static const char *print_of(struct arena *a, const char *value)
{
	char *out = arena_alloc(a, 13);

	if (*value)
		vault_fingerprint(value, out);
	else
		memcpy(out, "none", sizeof "none");
	return out;
}

static void look_at_entry(struct arena *a, struct vault_look *l, const struct vault_entry *was, const struct vault_entry *is)
{
	if (!was)
		look_add(a, l, arena_printf(a, "%s: %s is new", is->name, print_of(a, is->value)));
	else if (strcmp(was->value, is->value))
		look_add(a, l, arena_printf(a, "%s: %s to %s, the one before %s", is->name, print_of(a, was->value), print_of(a, is->value), *is->old ? "valid as well" : "no more"));
	else if (strcmp(was->old, is->old))
		look_add(a, l, arena_printf(a, "%s: the one before is %s", is->name, *is->old ? "valid again" : "valid no more"));
	else if (was->old_until_ms != is->old_until_ms || was->expires_ms != is->expires_ms)
		look_add(a, l, arena_printf(a, "%s: another end", is->name));
}

static void look_at_book(struct arena *a, struct vault_look *l, struct vault_book *was, struct vault_book *is)
{
	for (int i = 0; i < is->entries; i++)
		look_at_entry(a, l, vault_entry_find(was, is->entry[i].name), &is->entry[i]);
	for (int i = 0; i < was->entries; i++)
		if (!vault_entry_find(is, was->entry[i].name))
			look_add(a, l, arena_printf(a, "%s: %s is taken out", was->entry[i].name, print_of(a, was->entry[i].value)));
}

static bool has_salt(const struct vault_slot *slot, int n, const struct vault_slot *one)
{
	for (int i = 0; i < n; i++)
		if (!memcmp(slot[i].salt, one->salt, VAULT_SALT))
			return true;
	return false;
}

/* Who can open it is a secret's matter as well. */
static void look_at_slots(struct arena *a, struct vault_look *l, const struct vault *v, const struct vault_sealed *file)
{
	for (int i = 0; i < file->slots; i++)
		if (!has_salt(v->slot_at, v->slots_at, &file->slot[i]))
			look_add(a, l, arena_printf(a, "a new slot: %s", slot_kind_name(file->slot[i].kind)));
	for (int i = 0; i < v->slots_at; i++)
		if (!has_salt(file->slot, file->slots, &v->slot_at[i]))
			look_add(a, l, arena_printf(a, "a slot is gone: %s", slot_kind_name(v->slot_at[i].kind)));
}

enum fault vault_look(const struct vault *v, struct arena *a, struct vault_look *out, struct err *err)
{
	struct vault_book *book = v->book ? vault_memory(sizeof *book) : NULL;
	struct vault_sealed file;
	unsigned char *bytes = NULL;
	enum fault f = book ? read_sealed(v, &bytes, &file, err) : OK;

	*out = (struct vault_look){ .n = 0 };
	if (!f && book)
		f = own_slot(v, &file) < 0 ? slot_gone(err) : vault_sealed_open(&file, own_slot(v, &file), v->slot_key, book, err);
	if (!f && book) {
		hash_of(&file, out->sha);
		look_at_book(a, out, v->book, book);
		look_at_slots(a, out, v, &file);
	}
	vault_memory_free(book, sizeof *book);
	free(bytes);
	return f;
}
