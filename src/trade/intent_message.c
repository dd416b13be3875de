/* Kinds of intents by name, and an intent as the text that crosses the engine's socket. */
#include "trade/intents.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	bool writes;
} kinds[INTENT_KINDS] = {
	[INTENT_ACK] = { "ack", true },         [INTENT_SHIP] = { "ship", true },     [INTENT_CANCEL] = { "cancel", true },
	[INTENT_PUSH] = { "push", true },       [INTENT_RETRY] = { "retry", false },  [INTENT_ASSIGN] = { "assign", false },
	[INTENT_NOTE] = { "note", false },      [INTENT_COUNT] = { "count", false },  [INTENT_COUNTS] = { "counts", false },
	[INTENT_ARCHIVE] = { "archive", false }, [INTENT_ALERT_ACK] = { "alert-ack", false },
	[INTENT_INCIDENT] = { "incident", false },
	[INTENT_LIVE] = { "live", true },       [INTENT_SHADOW] = { "shadow", false }, [INTENT_REFRESH] = { "refresh", false },
	[INTENT_BACKUP] = { "backup", false },  [INTENT_REVEAL] = { "reveal", false }, [INTENT_STOP] = { "stop", false },
	[INTENT_POLICY] = { "policy", false },  [INTENT_ARM] = { "arm", false },
	[INTENT_RECONCILE] = { "reconcile", false }, [INTENT_SITTING] = { "session", false }, [INTENT_SETTLE] = { "settle", true },
	[INTENT_MAP] = { "map", true },
	[INTENT_KIT] = { "kit", true },
	[INTENT_ZERO] = { "zero", true },       [INTENT_LIFT] = { "lift", true },     [INTENT_APPROVE] = { "approve", true },
	[INTENT_PLACE] = { "place", false },
	[INTENT_VAULT] = { "vault", false },
	[INTENT_REDACT] = { "redact", true },
	[INTENT_RELEASE] = { "release", true },
	[INTENT_LOGIN] = { "login", false },
	[INTENT_EVENT] = { "event", false },
	[INTENT_LET] = { "let", true },         [INTENT_HALT] = { "halt", false },
	[INTENT_TASK] = { "task", false },
	[INTENT_HANDOVER] = { "handover", false },
	[INTENT_HOLD] = { "hold", false },      [INTENT_OUTAGE] = { "outage", false },
};

const char *intent_kind_name(enum intent_kind k)
{
	return k < INTENT_KINDS ? kinds[k].name : "?";
}

enum intent_kind intent_kind_from_name(const char *name)
{
	for (int k = 0; k < INTENT_KINDS; k++)
		if (!strcmp(kinds[k].name, name))
			return (enum intent_kind)k;
	return INTENT_KINDS;
}

bool intent_writes(enum intent_kind k)
{
	return kinds[k].writes;
}

const char *intent_word(const struct intent *in, const char *key, int64_t id)
{
	char mine[40];

	snprintf(mine, sizeof mine, "%s.%" PRId64, key, id);
	return fields_get(&in->payload, mine, fields_get(&in->payload, key, ""));
}

const char *intent_reason(const struct intent *in)
{
	return fields_get(&in->payload, "reason", in->why ? in->why : "");
}

char *intent_pack(const struct intent *in, struct arena *a)
{
	struct fields f = fields_new(a);

	fields_put(&f, "asker", in->asker);
	fields_put(&f, "kind", intent_kind_name(in->kind));
	if (in->account)
		fields_put_int(&f, "account", in->account);
	fields_put(&f, "subject", in->subject);
	fields_put(&f, "digest", in->digest);
	fields_put(&f, "typed", in->typed);
	fields_put(&f, "why", in->why);
	for (int i = 0; i < in->payload.n; i++)
		fields_put(&f, arena_printf(a, "p.%s", in->payload.field[i].key), in->payload.field[i].value);
	return fields_pack(&f, a);
}

static bool is_uuid(const char *s)
{
	return strlen(s) == 36 && text_id(s, "-", 36);
}

enum fault intent_unpack(struct arena *a, const char *text, struct intent *out, struct err *err)
{
	struct fields f;

	if (fields_unpack(a, text, &f, err))
		return FAULT_FORMAT;
	*out = (struct intent){
		.asker = fields_get(&f, "asker", ""),
		.kind = intent_kind_from_name(fields_get(&f, "kind", "")),
		.account = fields_int(&f, "account", 0),
		.subject = fields_get(&f, "subject", ""),
		.digest = fields_get(&f, "digest", ""),
		.typed = fields_get(&f, "typed", ""),
		.why = fields_get(&f, "why", ""),
		.state = "",
		.payload = fields_new(a),
	};
	if (out->kind == INTENT_KINDS)
		return err_set(err, FAULT_FORMAT, "an intent of an unknown kind");
	if (!is_uuid(out->asker))
		return err_set(err, FAULT_FORMAT, "an intent's asker is a UUID of 36 characters");
	for (int i = 0; i < f.n; i++)
		if (!strncmp(f.field[i].key, "p.", 2))
			fields_put(&out->payload, f.field[i].key + 2, f.field[i].value);
	return OK;
}
