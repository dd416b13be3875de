#include "cmd/vault_hand.h"

#include "cmd/send.h"
#include "store/lease.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

enum { PASSPHRASE_MIN = 12 };

void hand_begin(struct hand *h, struct session *s)
{
	*h = (struct hand){ .s = s, .lock = -1, .slot = -1, .lease = { .fd = -1 } };
	h->path = arena_printf(s->a, "%s/vault.tly", s->set.store);
}

void hand_end(struct hand *h)
{
	vault_memory_free(h->book, sizeof *h->book);
	vault_wipe(h->key, sizeof h->key);
	free(h->bytes);
	if (h->lock >= 0)
		close(h->lock);
	lease_drop(&h->lease);
}

/* ---- asking ---- */

/* Signals that would end us while the terminal shows nothing: they wait until it is as it was. Readable while one does; -1: nobody can tell. */
static int hold_signals(sigset_t *was)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGQUIT);
	sigprocmask(SIG_BLOCK, &set, was);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/* Is there something to read, and no signal that waits? signals -1: none is held. */
static bool more_comes(int signals)
{
	struct pollfd p[2] = { { STDIN_FILENO, POLLIN, 0 }, { signals, POLLIN, 0 } };
	int n;

	while ((n = poll(p, 2, -1)) < 0 && errno == EINTR)
		;
	return n > 0 && !p[1].revents;
}

/* One secret, a line or a private key's lines, byte by byte: nothing of it stays behind in a buffer. */
static bool read_secret(int signals, char *out, size_t cap)
{
	size_t n = 0;
	char c;

	out[0] = '\0';
	while (more_comes(signals) && read(STDIN_FILENO, &c, 1) == 1 && (out[n] = '\0', n + 1 < cap)) {
		out[n] = c;
		out[n + 1] = '\0';
		if (c == '\n' && vault_secret_length(out) <= n)
			break;
		n++;
	}
	n = n + 1 < cap ? vault_secret_length(out) : 0;
	out[n] = '\0';
	return n > 0;
}

static bool ask_once(const char *what, const char *again, char *out)
{
	struct termios before, quiet;
	bool tty = !tcgetattr(STDIN_FILENO, &before), ok;
	int signals = -1;
	sigset_t was;

	if (tty) {
		signals = hold_signals(&was);
		quiet = before;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
		fprintf(stderr, "%s%s: ", what, again);
	}
	ok = read_secret(signals, out, VAULT_VALUE + 1);
	if (tty) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		fputc('\n', stderr);
		if (signals >= 0)
			close(signals);
		sigprocmask(SIG_SETMASK, &was, NULL); /* one that waited ends us here */
	}
	return ok;
}

enum fault hand_ask(struct hand *h, const char *what, bool twice, char *out)
{
	char second[VAULT_VALUE + 1];
	enum fault f = OK;

	if (!ask_once(what, "", out))
		return err_set(&h->s->err, FAULT_REFUSED, "%s: nothing was said, or more than %d bytes; nothing was changed", what, VAULT_VALUE);
	if (twice && isatty(STDIN_FILENO) && (!ask_once(what, ", once more", second) || strcmp(out, second)))
		f = err_set(&h->s->err, FAULT_REFUSED, "that was not the same twice; nothing was changed");
	vault_wipe(second, sizeof second);
	return f;
}

/* ---- opening ---- */

enum fault hand_lock(struct hand *h)
{
	const char *path = arena_printf(h->s->a, "%s.lock", h->path);

	h->lock = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	if (h->lock < 0)
		return err_set(&h->s->err, FAULT_STORE, "%s: %s", path, strerror(errno));
	if (flock(h->lock, LOCK_EX | LOCK_NB))
		return err_set(&h->s->err, FAULT_REFUSED, "somebody else is changing the vault just now: wait until that is done, then say it again");
	return OK;
}

enum fault hand_read(struct hand *h)
{
	size_t n;
	bool there;
	struct err why;
	enum fault f = vault_file_load(h->path, &h->bytes, &n, &there, &h->s->err);

	if (!there)
		return err_set(&h->s->err, FAULT_REFUSED, "there is no vault in %.100s: tallyman vault init makes one", h->s->set.store);
	if (!f && (f = vault_sealed_read(h->bytes, n, &h->file, &why)))
		err_set(&h->s->err, f, "%.100s: %.100s; the one before it is %.20s.bak", h->path, why.text, "vault.tly");
	return f;
}

static enum fault try_slot(struct hand *h, int i, const unsigned char key[VAULT_KEY])
{
	enum fault f = vault_sealed_open(&h->file, i, key, h->book, &h->s->err);

	if (!f) {
		h->slot = i;
		memcpy(h->key, key, VAULT_KEY);
	}
	return f;
}

static enum fault open_by_file(struct hand *h, const char *path)
{
	unsigned char key[VAULT_KEY];
	enum fault f = err_set(&h->s->err, FAULT_AUTH, "the vault has no slot for a key file: open it by a passphrase, then `tallyman vault slot add key-file FILE`");

	for (int i = 0; i < h->file.slots && h->slot < 0; i++)
		if (h->file.slot[i].kind == SLOT_KEY_FILE && !(f = vault_key_from_file(&h->file.slot[i], path, key, &h->s->err)))
			f = try_slot(h, i, key);
	vault_wipe(key, sizeof key);
	return f;
}

static enum fault open_by_passphrase(struct hand *h)
{
	char passphrase[VAULT_VALUE + 1];
	unsigned char key[VAULT_KEY];
	enum fault f = hand_ask(h, "passphrase of the vault", false, passphrase);

	for (int i = 0; i < h->file.slots && !f && h->slot < 0; i++)
		if (h->file.slot[i].kind != SLOT_KEY_FILE && !(f = vault_stretch(&h->file.slot[i], passphrase, key, &h->s->err)))
			f = try_slot(h, i, key) == FAULT_FORMAT ? FAULT_FORMAT : OK; /* another's slot is no failure, a damaged file is */
	vault_wipe(passphrase, sizeof passphrase);
	vault_wipe(key, sizeof key);
	return f || h->slot >= 0 ? f : err_set(&h->s->err, FAULT_AUTH, "that passphrase opens no slot of the vault: type it again; if it is surely the right one, the file was changed: vault.tly.bak is the one before");
}

enum fault hand_open(struct hand *h)
{
	const char *credentials = getenv("CREDENTIALS_DIRECTORY"), *file = h->s->o.key_file;
	enum fault f = hand_read(h);

	if (f)
		return f;
	if (!file && credentials)
		file = arena_printf(h->s->a, "%s/vault.key", credentials);
	h->book = vault_memory(sizeof *h->book);
	return file && (h->s->o.key_file || !access(file, R_OK)) ? open_by_file(h, file) : open_by_passphrase(h);
}

/* Saved, and opened once more from the disk: only then is it done. */
enum fault hand_save(struct hand *h)
{
	struct vault_book *again = vault_memory(sizeof *again);
	unsigned char *bytes = NULL;
	struct vault_sealed file;
	size_t n;
	bool there;
	enum fault f = vault_file_save(h->path, &h->file, h->book, &h->s->err);

	if (!f)
		f = vault_file_load(h->path, &bytes, &n, &there, &h->s->err);
	if (!f)
		f = vault_sealed_read(bytes, n, &file, &h->s->err);
	for (int i = 0; !f && i < file.slots; i++)
		f = vault_sealed_open(&file, i, h->book->slot_key[i], again, &h->s->err);
	vault_memory_free(again, sizeof *again);
	free(bytes);
	return f;
}

/* ---- slots ---- */

static enum fault add_slot(struct hand *h, struct vault_slot *s)
{
	if (h->file.slots == VAULT_SLOTS)
		return err_set(&h->s->err, FAULT_REFUSED, "the vault has %d slots, and no more: take one away first", VAULT_SLOTS);
	vault_random(s->salt, sizeof s->salt);
	h->file.slot[h->file.slots] = *s;
	return OK;
}

enum fault hand_add_passphrase(struct hand *h, enum slot_kind kind, const char *passphrase)
{
	struct vault_slot s = { .kind = kind, .log2_n = SCRYPT_USUAL, .r = 8, .p = 1 };
	enum fault f;

	if (strlen(passphrase) < PASSPHRASE_MIN)
		return err_set(&h->s->err, FAULT_REFUSED, "a passphrase of at least %d characters: some words that nobody would guess together", PASSPHRASE_MIN);
	f = add_slot(h, &s);
	if (!f)
		f = vault_stretch(&s, passphrase, h->book->slot_key[h->file.slots], &h->s->err);
	h->file.slots += !f;
	return f;
}

enum fault hand_add_key_file(struct hand *h, const char *path)
{
	struct vault_slot s = { .kind = SLOT_KEY_FILE };
	enum fault f = access(path, F_OK) ? vault_key_file_make(path, &h->s->err) : OK;

	if (!f)
		f = add_slot(h, &s);
	if (!f)
		f = vault_key_from_file(&s, path, h->book->slot_key[h->file.slots], &h->s->err);
	h->file.slots += !f;
	return f;
}

/* ---- the engine ---- */

static void put_key(struct hand *h, struct fields *f)
{
	struct buf b = buf_new(h->s->a);

	for (int i = 0; i < VAULT_KEY; i++)
		buf_printf(&b, "%02x", h->key[i]);
	fields_put(f, "key", b.p);
	fields_put_int(f, "slot", h->slot + 1);
}

enum fault hand_tell(struct hand *h, const char *action)
{
	struct intent in = { .kind = INTENT_VAULT, .payload = fields_new(h->s->a), .subject = "", .digest = "", .typed = "", .why = "" };
	struct answered a = { 0 };
	char holder[160];
	enum fault f;

	if (!lease_holder(h->s->set.store, holder, sizeof holder)) {
		printf(strcmp(action, "unlock") ? "No engine runs: it is read when one starts.\n" : "It opens; but no engine runs: start one, and unlock it then.\n");
		return OK;
	}
	fields_put(&in.payload, "action", action);
	if (!strcmp(action, "unlock"))
		put_key(h, &in.payload);
	f = intent_send(h->s, &in, &a);
	if (!f && !a.done)
		f = err_set(&h->s->err, FAULT_REFUSED, "the engine refused: %.200s", a.text);
	if (!f)
		printf("The engine: %s.\n", a.text);
	return f;
}
