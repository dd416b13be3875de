/*
 * tallyman account: which accounts there are, and what to write to have another one. It writes nothing itself: the configuration is a
 * person's file, and a secret never passes through here.
 */
#include "cmd/lists.h"
#include "cmd/print.h"
#include "cmd/session.h"
#include "base/text.h"
#include "channels/channel.h"
#include "engine/vault.h"
#include "trade/accounts.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct column columns[] = {
	{ "account", CELL_TEXT, false }, { "channel", CELL_TEXT, false }, { "mode", CELL_TEXT, false },   { "state", CELL_TEXT, false },
	{ "configured", CELL_TEXT, false }, /* file:line, nothing when it stands in the store alone */
	{ "kind", CELL_TEXT, false }, { "secret", CELL_TEXT, true },   { "last_ok", CELL_TIME, false },
};

static void put_row(struct session *s, const struct account_row *row, const char *name, const char *channel, int line, const char *secret)
{
	struct sheet *t = s->sheet;

	put_text(t, name);
	put_text(t, channel);
	put_text(t, row ? row->mode : "");
	put_text(t, row ? row->state : "not started yet");
	put_text(t, line ? arena_printf(s->a, "%s:%d", s->set.config_file, line) : "");
	put_text(t, row ? row->kind : "");
	put_text(t, secret);
	put_time(t, row ? row->ok_ms : 0);
}

/* Where the secret is said to be; a literal one is not repeated. */
static const char *where_secret(const struct config *c, const char *section)
{
	const char *ref = config_get(c, section, "client_secret", "");

	return !*ref || vault_is_reference(ref) ? ref : "a literal: refused";
}

enum fault accounts_print(struct session *s, const char *only)
{
	struct account_row *row;
	bool *seen;
	const char *section;
	int n;
	enum fault f = accounts_all(s->store, s->a, &row, &n, &s->err);

	if (f)
		return f;
	seen = arena_alloc(s->a, sizeof *seen * (size_t)(n + 1));
	sheet_table(session_sheet(s, false), "accounts", COLUMNS(columns));
	for (int i = 0; (section = config_section(s->set.config, i)); i++) {
		const char *name = section + strlen("account "), *channel = config_get(s->set.config, section, "channel", "");
		const struct account_row *known = NULL;

		if (strncmp(section, "account ", 8))
			continue;
		for (int k = 0; k < n; k++)
			if (!strcmp(row[k].name, name)) {
				known = &row[k];
				seen[k] = true;
			}
		if (only && strcmp(only, name))
			continue;
		put_row(s, known, name, channel, config_line_of(s->set.config, section, "channel"), where_secret(s->set.config, section));
	}
	for (int k = 0; k < n; k++)
		if (!seen[k] && (!only || !strcmp(only, row[k].name)))
			put_row(s, &row[k], row[k].name, row[k].channel, 0, "");
	return OK;
}

/* ---- add ---- */

/* What each channel needs to be told; the same keys that data/tallyman.ini explains. */
static const struct {
	const char *channel, *lines;
} samples[] = {
	{ "walmart", "client_id     = file:DIR/NAME.id\nclient_secret = file:DIR/NAME.secret\n" },
	{ "amazon", "client_id     = file:DIR/NAME.id\nclient_secret = file:DIR/NAME.secret\nrefresh_token = file:DIR/NAME.refresh\n"
		    "# The merchant token, and the ids of the marketplaces, with spaces between.\nseller_id     =\nmarketplaces  = ATVPDKIKX0DER\n" },
	{ "ebay", "client_id     = file:DIR/NAME.id\nclient_secret = file:DIR/NAME.secret\nrefresh_token = file:DIR/NAME.refresh\n"
		  "# `attested` when the account's out-of-stock control is on: without it a zero would end the listing, and waits for a person.\n#oosc         = attested\n" },
	{ "shopify", "base_url      = https://SHOP.myshopify.com\nclient_id     = file:DIR/NAME.id\nclient_secret = file:DIR/NAME.secret\n"
		     "# The locations that are ours, by number; the first is the one that quantities are written at.\n#places       =\n" },
	{ "netsuite", "# Token-based authentication ...\ntoken_id      = file:DIR/NAME.token\n"
		      "token_secret  = file:DIR/NAME.token-secret\nclient_id     = file:DIR/NAME.id\nclient_secret = file:DIR/NAME.secret\n"
		      "# ... or, instead of the pair and the client secret, OAuth 2.0: the key of a certificate that was uploaded there, and the id it got.\n"
		      "#private_key    = file:DIR/NAME.pem\n#certificate_id =\n"
		      "# NetSuite's account number, like 123456 or 123456_SB1; and the internal ids of the locations that count (all without it).\n"
		      "tenant        =\nplaces        =\n" },
	{ "cartoncloud", "client_id     = file:DIR/NAME.id\nclient_secret = file:DIR/NAME.secret\n"
			 "# The tenant and the customer whose stock it is, by UUID; and the warehouses, by name (one word) or UUID.\n"
			 "tenant        =\ncustomer      =\nplaces        = Default\n" },
	{ "local", "# A CSV file with the columns sku and quantity, read whenever it changes. Without it: `tallyman count SKU QUANTITY`.\n"
		   "#counts_file  = /srv/warehouse/counts.csv\n" },
};

static const char *sample_of(const char *channel)
{
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
		if (!strcmp(samples[i].channel, channel))
			return samples[i].lines;
	return NULL;
}

/* A sample with its NAME and its secrets' places filled in: files in the folder DIR, or the vault where there is one. */
static char *filled(struct session *s, const char *lines, const char *place, const char *name)
{
	struct buf b = buf_new(s->a);

	for (const char *p = lines; *p; p++) {
		if (!strncmp(p, "file:DIR/", 9)) {
			buf_puts(&b, place);
			p += 8;
		} else if (!strncmp(p, "NAME", 4)) {
			buf_puts(&b, name);
			p += 3;
		} else {
			buf_putc(&b, *p);
		}
	}
	return b.p;
}

/* How each secret that the sample names comes to its place. */
static void print_secrets(const char *lines, const char *dir, const char *name)
{
	static const char mark[] = "= file:DIR/NAME";

	printf(dir ? "\n# Then put each secret into its file, for nobody else to read (end with Enter and Ctrl-D):\n" : "\n# Then put each secret into the vault:\n");
	for (const char *line = lines; *line; line += strcspn(line, "\n") + 1) {
		const char *at = strstr(line, mark), *end = line + strcspn(line, "\n");

		if (*line == '#' || !at || at > end)
			continue;
		at += sizeof mark - 1;
		if (dir)
			printf("#   (umask 077; cat > %s/%s%.*s)\n", dir, name, (int)(end - at), at);
		else
			printf("#   tallyman vault add %s%.*s\n", name, (int)(end - at), at);
	}
}

static const char *config_dir(struct session *s)
{
	const char *file = s->set.config_file, *slash = strrchr(file, '/');

	return slash ? arena_strndup(s->a, file, (size_t)(slash - file)) : s->set.store;
}

static int add(struct session *s, const char *name, const char *channel)
{
	const char *dir, *place, *lines = sample_of(channel);

	if (!text_id(name, "-_.", 40))
		return command_misused("account", "an account's name is of letters, digits, - _ . and at most 40 long");
	if (!channel_find(channel) || !lines)
		return command_misused("account", "a channel is one of %s", channel_names(s->a));
	if (config_get(s->set.config, arena_printf(s->a, "account %s", name), "channel", NULL)) {
		session_fail(s, arena_printf(s->a, "%s has an [account %s] already", s->set.config_file, name));
		return STATUS_FAILED;
	}
	dir = access(arena_printf(s->a, "%s/vault.tly", s->set.store), F_OK) ? config_dir(s) : NULL;
	place = dir ? arena_printf(s->a, "file:%s/", dir) : "vault:";
	printf("# Add these lines to %s\n[account %s]\nchannel       = %s\n%s", *s->set.config_file ? s->set.config_file : "tallyman.ini (tallyman init makes one)",
	       name, channel, filled(s, lines, place, name));
	if (strstr(lines, "file:DIR"))
		print_secrets(lines, dir, name);
	printf("#\n# The account begins in shadow: it reads, plans and shows, and writes nothing until `tallyman live %s`.\n"
	       "# tallyman doctor says what is missing.\n",
	       name);
	return STATUS_DONE;
}

int cmd_account(int argc, char **argv)
{
	struct session s;
	struct account_row row;
	const char *only;
	int status = session_begin(argc, argv, TAKES_SHAPE, 0, 3, &s);

	if (status >= 0)
		return status;
	if (s.o.words == 3 && !strcmp(s.o.word[0], "add") && s.o.shape == SHAPE_TABLE)
		return session_leave(&s, add(&s, s.o.word[1], s.o.word[2]));
	if (s.o.words > 1 || (s.o.words && !strcmp(s.o.word[0], "add")))
		return session_leave(&s, command_misused("account", "account alone lists them; account add NAME CHANNEL says what to write"));
	status = session_store(&s);
	if (status >= 0)
		return status;
	only = s.o.words ? s.o.word[0] : NULL;
	if (only && !config_get(s.set.config, arena_printf(s.a, "account %s", only), "channel", NULL) && account_by_name(s.store, only, s.a, &row, &s.err))
		return session_end(&s, s.err.fault);
	return session_end(&s, accounts_print(&s, only));
}
