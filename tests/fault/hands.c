/* hands.c: the people: an operator at his screen, a warehouse with its list. */
#include "tests/fault/day.h"

#include "base/text.h"
#include "trade/intents.h"
#include "trade/orders.h"
#include "trade/shipments.h"
#include "trade/views.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct hands {
	struct rng rng;
	int64_t operator_ms, warehouse_ms;
	struct ask_line *line;
	struct arena *arena; /* of what is being asked */
	char asker[37];
	const char *message; /* NULL: nothing is asked */
	bool said;           /* on this line */
	int64_t again_ms;
	char answer[240];    /* to the last one; "": none yet */
	char whole[ASK_MAX + 1]; /* all its fields */
	int *parcel;         /* orders that this intent ships */
	int parcels;
	int64_t *handed;     /* by order: when its goods were given to the carrier; 0: they were not */
	int handed_n;
	struct heard_ok {
		char asker[37];
	} *told; /* "ok" was said to these: they must be there for ever */
	int tolds, told_cap;
};

struct hands *hands_open(struct day *d)
{
	struct hands *h = calloc(1, sizeof *h);

	if (!h)
		abort();
	h->rng = rng_seeded(d->plan.seed ^ 0x4a2d5);
	h->arena = arena_new();
	h->operator_ms = d->now_ms + 3 * MINUTE;
	h->warehouse_ms = d->now_ms;
	return h;
}

void hands_close(struct hands *h)
{
	ask_hang_up(h->line);
	arena_free(h->arena);
	free(h->handed);
	free(h->told);
	free(h);
}

int64_t hands_next(const struct hands *h)
{
	int64_t operator_ms = h->message ? h->again_ms : h->operator_ms;

	return operator_ms < h->warehouse_ms ? operator_ms : h->warehouse_ms;
}

bool hands_handed(const struct hands *h, int order)
{
	return hands_handed_ms(h, order) > 0;
}

int64_t hands_handed_ms(const struct hands *h, int order)
{
	return order >= 0 && order < h->handed_n ? h->handed[order] : 0;
}

/* ---- asking the engine ---- */

static bool typed_of(struct day *d, struct intent *in)
{
	struct plan plan;
	struct err err;

	if (!intent_writes(in->kind))
		return true;
	if (plan_make(d->reader, in, d->now_ms, d->hands->arena, &plan, &err)) {
		snprintf(d->hands->answer, sizeof d->hands->answer, "%s", err.text);
		return false;
	}
	in->typed = plan.line;
	in->digest = plan.digest;
	return true;
}

/* What he sees, he confirms; false: there is nothing to do. */
static bool ask(struct day *d, struct intent *in)
{
	struct hands *h = d->hands;

	h->parcels = 0;
	*h->answer = '\0';
	if (!typed_of(d, in))
		return false;
	rng_uuid(&h->rng, h->asker);
	in->asker = h->asker;
	h->message = intent_pack(in, h->arena);
	h->again_ms = d->now_ms;
	h->said = false;
	return true;
}

static void say(struct day *d)
{
	struct hands *h = d->hands;
	struct err err;
	char path[200];

	if (h->said || d->now_ms < h->again_ms)
		return;
	h->again_ms = d->now_ms + 5 * SECOND;
	snprintf(path, sizeof path, "%s/engine.sock", d->dir);
	if (!h->line)
		h->line = ask_dial(path, &err);
	if (!h->line)
		return;
	if (ask_say(h->line, h->message, strlen(h->message), &err)) {
		ask_hang_up(h->line);
		h->line = NULL;
		return;
	}
	h->said = true;
}

static void remember(struct hands *h)
{
	if (h->tolds == h->told_cap) {
		h->told_cap = h->told_cap ? 2 * h->told_cap : 64;
		h->told = realloc(h->told, (size_t)h->told_cap * sizeof *h->told);
		if (!h->told)
			abort();
	}
	memcpy(h->told[h->tolds++].asker, h->asker, sizeof h->asker);
}

static void hand_over(struct hands *h, int64_t now_ms)
{
	for (int i = 0; i < h->parcels; i++) {
		int o = h->parcel[i];

		if (o < 0)
			continue;
		if (o >= h->handed_n) {
			h->handed = realloc(h->handed, (size_t)(o + 1) * sizeof *h->handed);
			if (!h->handed)
				abort();
			memset(h->handed + h->handed_n, 0, (size_t)(o + 1 - h->handed_n) * sizeof *h->handed);
			h->handed_n = o + 1;
		}
		h->handed[o] = now_ms;
	}
}

static void answered(struct day *d, const char *bytes)
{
	struct hands *h = d->hands;
	struct fields f;
	struct err err;

	if (fields_unpack(h->arena, bytes, &f, &err)) {
		day_trouble(d, "the engine's answer is none: %s", err.text);
		return;
	}
	snprintf(h->whole, sizeof h->whole, "%s", bytes);
	if (!strcmp(fields_get(&f, "result", ""), "ok")) {
		remember(h);
		hand_over(h, d->now_ms);
		snprintf(h->answer, sizeof h->answer, "ok");
	} else {
		snprintf(h->answer, sizeof h->answer, "%s", fields_get(&f, "text", "?"));
	}
	h->message = NULL;
	h->said = false;
	arena_reset(h->arena);
}

/* The answer is lost: the same is asked again, under the same id. */
void hands_hang_up(struct day *d)
{
	struct hands *h = d->hands;

	ask_hang_up(h->line);
	h->line = NULL;
	h->said = false;
}

void hands_hear(struct day *d)
{
	struct hands *h = d->hands;
	const char *bytes;
	size_t n;

	while (h->line) {
		enum ask_heard heard = ask_hear(h->line, &bytes, &n);

		if (heard == ASK_NOTHING)
			return;
		if (heard == ASK_ANSWER)
			answered(d, bytes);
		if (heard == ASK_GONE)
			hands_hang_up(d);
	}
}

/* ---- what an operator does of a day ---- */

static struct intent wish(struct day *d, enum intent_kind kind)
{
	return (struct intent){ .kind = kind, .subject = "", .why = "a working day", .payload = fields_new(d->hands->arena) };
}

static int queue(struct day *d, const char *filter, struct order_row **rows)
{
	struct page_ask page = { .filter = filter, .sort = SORT_DUE, .n = 300, .now_ms = d->now_ms };
	struct err err;
	int n = 0;

	if (orders_page(d->reader, &page, d->hands->arena, rows, &n, NULL, NULL, &err))
		day_trouble(d, "the queue cannot be read: %s", err.text);
	return n;
}

static bool acknowledge(struct day *d)
{
	struct intent in = wish(d, INTENT_ACK);
	struct order_row *row;
	int n = queue(d, NULL, &row), picked = 0;

	for (int i = 0; i < n && picked < 30; i++)
		if (row[i].state == ORDER_NEW && row[i].ack_by_ms && !(row[i].flags & ORDER_READ_ONLY) && ++picked)
			fields_put_int(&in.payload, "order", row[i].id);
	return picked && ask(d, &in);
}

/* A warehouse has sent it off and told so: what it said is what the operator says. */
static void put_told(struct day *d, struct intent *in, int64_t order, const struct shipment *sh)
{
	struct arena *a = d->hands->arena;

	fields_put_int(&in->payload, "order", order);
	fields_put(&in->payload, arena_printf(a, "carrier.%" PRId64, order), sh->carrier);
	fields_put(&in->payload, arena_printf(a, "tracking.%" PRId64, order), sh->tracking);
}

static const struct shipment *draft_of(struct day *d, int64_t order)
{
	struct shipment *sh;
	struct err err;
	int n = 0;

	if (shipments_of(d->reader, order, d->hands->arena, &sh, &n, &err))
		day_trouble(d, "packages cannot be read: %s", err.text);
	for (int i = 0; i < n; i++)
		if (shipment_is_draft(&sh[i]))
			return &sh[i];
	return NULL;
}

static void put_parcel(struct day *d, struct intent *in, int64_t order)
{
	struct hands *h = d->hands;
	struct arena *a = h->arena;
	int64_t number = rng_below(&h->rng, 90000000) + 10000000;
	int kind = (int)rng_below(&h->rng, 5);

	fields_put_int(&in->payload, "order", order);
	fields_put(&in->payload, arena_printf(a, "carrier.%" PRId64, order), kind == 0 ? "Zippy Cargo" : kind == 1 ? "usps" : kind == 2 ? "fedex" : "ups");
	if (kind == 0)
		fields_put(&in->payload, arena_printf(a, "url.%" PRId64, order), "https://zippy.example/track");
	fields_put(&in->payload, arena_printf(a, "tracking.%" PRId64, order),
	           kind == 1   ? arena_printf(a, "94001118%" PRId64 "000001", number)
	           : kind == 2 ? arena_printf(a, "7712%" PRId64, number)
	                       : arena_printf(a, "1Z999AA1%" PRId64 "42", number));
}

/* Are there units of it in no package? One warehouse may have sent its part, and the rest stands here. */
static bool is_unpacked(struct day *d, int64_t order)
{
	return day_int(d, arena_printf(d->hands->arena,
	                               "SELECT EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = %" PRId64 " AND l.qty - l.q_cancelled > (SELECT "
	                               "coalesce(sum(sl.qty), 0) + coalesce(max(sl.elsewhere), 0) FROM shipment_line sl JOIN shipment p ON p.id = sl.shipment_id "
	                               "WHERE sl.line_id = l.id AND p.confirm <> 'REJECTED'))",
	                               order)) != 0;
}

/* Nobody ships what he has shipped; now and then somebody does, by mistake, and must come to nothing. */
static bool ship(struct day *d)
{
	struct hands *h = d->hands;
	struct intent in = wish(d, INTENT_SHIP);
	struct order_row *row;
	int n = queue(d, NULL, &row), picked = 0, *parcel = arena_alloc(h->arena, 8 * sizeof *parcel);
	bool careless = rng_below(&h->rng, 15) == 0;

	for (int i = 0; i < n && picked < (careless ? 1 : 6); i++) {
		bool ready = row[i].state == ORDER_ACKED || (row[i].state == ORDER_NEW && !row[i].ack_by_ms);
		const struct shipment *draft = d->plan.whole && !careless ? draft_of(d, row[i].id) : NULL;
		bool sent = *row[i].confirm != '\0' && !draft && !(d->plan.whole && is_unpacked(d, row[i].id));
		int number = day_order_number(d, row[i].channel, row[i].ref);

		if (!ready || sent != careless || row[i].flags & (ORDER_READ_ONLY | ORDER_CANCEL_REQ) || row[i].placed_ms > d->now_ms - 10 * MINUTE ||
		    (!draft && !careless && day_sends_itself(d, number)))
			continue;
		if (draft)
			put_told(d, &in, row[i].id, draft);
		else
			put_parcel(d, &in, row[i].id);
		parcel[picked++] = draft ? -1 : number; /* a warehouse gave it to the carrier itself */
	}
	fields_put_int(&in.payload, "shipped_ms", d->now_ms);
	if (!picked || !ask(d, &in))
		return false;
	h->parcel = parcel;
	h->parcels = careless ? 0 : picked;
	return true;
}

static bool cancel(struct day *d)
{
	struct intent in = wish(d, INTENT_CANCEL);
	struct order_row *row;
	int n = queue(d, NULL, &row);

	for (int i = 0; i < n; i++)
		if (row[i].flags & ORDER_CANCEL_REQ && !*row[i].confirm && !strcmp(row[i].channel, "walmart") && !(row[i].flags & ORDER_READ_ONLY)) {
			fields_put_int(&in.payload, "order", row[i].id);
			fields_put(&in.payload, "reason", "CUSTOMER_REQUESTED_SELLER_TO_CANCEL");
			return ask(d, &in);
		}
	return false;
}

static bool mend(struct day *d)
{
	struct intent in = wish(d, INTENT_RETRY);
	struct failure *row;
	struct err err;
	int n, picked = 0;

	if (failures_page(d->reader, NULL, 200, d->hands->arena, &row, &n, &err))
		day_trouble(d, "the failures cannot be read: %s", err.text);
	for (int i = 0; i < n && !*d->trouble; i++)
		if (!row[i].auto_retry && row[i].is_job && !strcmp(row[i].state, "failed") && ++picked)
			fields_put_int(&in.payload, "job", row[i].id);
	return picked && ask(d, &in);
}

static bool push(struct day *d)
{
	struct intent in = wish(d, INTENT_PUSH);
	struct page_ask page = { .sort = SORT_RISK, .n = 20, .now_ms = d->now_ms };
	struct offer *row;
	struct err err;
	int n = 0;

	if (drift_page(d->reader, &page, d->hands->arena, &row, &n, NULL, NULL, &err))
		day_trouble(d, "drift cannot be read: %s", err.text);
	for (int i = 0; i < n && !*d->trouble; i++)
		fields_put_int(&in.payload, "offer", row[i].id);
	return n && ask(d, &in);
}

static void operate(struct day *d)
{
	static bool (*const deeds[])(struct day *) = { acknowledge, ship, ship, ship, cancel, push, mend };
	size_t first = (size_t)rng_below(&d->hands->rng, sizeof deeds / sizeof *deeds);

	d->hands->operator_ms = d->now_ms + MINUTE + rng_below(&d->hands->rng, 6 * MINUTE);
	for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
		if (deeds[(first + i) % (sizeof deeds / sizeof *deeds)](d))
			return;
	arena_reset(d->hands->arena);
}

void hands_act(struct day *d)
{
	struct hands *h = d->hands;

	if (d->plan.idle)
		h->operator_ms = INT64_MAX;
	if (!h->message && d->now_ms >= h->operator_ms)
		operate(d);
	if (h->message)
		say(d);
	if (d->now_ms < h->warehouse_ms)
		return;
	h->warehouse_ms = d->plan.idle ? INT64_MAX : d->now_ms + 5 * MINUTE + rng_below(&h->rng, 15 * MINUTE);
	if (!h->message) /* while a parcel is being written up nobody counts */
		day_count_shelf(d);
}

int64_t hands_stand(const struct hands *h)
{
	return 2 * (int64_t)h->tolds + (h->message != NULL);
}

const char *hands_forgotten(struct day *d)
{
	static const char sql[] = "SELECT count(*) FROM intent WHERE asker = ? AND state = 'done'";
	struct hands *h = d->hands;
	struct err err;
	int64_t n;

	for (int i = 0; i < h->tolds; i++)
		if (GET_INT(d->reader, &err, 0, &n, sql, V((const char *)h->told[i].asker)) || n != 1)
			return h->told[i].asker;
	return NULL;
}

bool day_plays_others(void)
{
	char line[16] = "4294967295"; /* (uid_t)-1, proc_pid_loginuid(5): nobody */
	FILE *f = fopen("/proc/self/loginuid", "re");
	bool nobody = !f || (fgets(line, sizeof line, f) && !strncmp(line, "4294967295", 10));

	if (f)
		fclose(f);
	return nobody && !geteuid();
}

bool day_as(struct day *d, unsigned uid)
{
	struct hands *h = d->hands;
	struct err err;
	char path[200];

	if (!day_plays_others())
		return false;
	snprintf(path, sizeof path, "%s/engine.sock", d->dir);
	ask_hang_up(h->line);
	if (chmod(d->dir, 0711) || chmod(path, 0666) || seteuid(uid))
		abort();
	h->line = ask_dial(path, &err); /* who dials is who the kernel tells of */
	if (seteuid(0))
		abort();
	return h->line != NULL;
}

void day_hang_up(struct day *d)
{
	ask_hang_up(d->hands->line);
	d->hands->line = NULL;
}

const char *day_intend(struct day *d, const char *kind, const char *subject, const char *payload)
{
	struct hands *h = d->hands;
	struct intent in = wish(d, intent_kind_from_name(kind));
	struct err err;

	in.subject = subject;
	if (fields_unpack(h->arena, payload, &in.payload, &err))
		return arena_strdup(d->arena, err.text);
	if (!ask(d, &in))
		return h->answer;
	for (int i = 0; i < 10 && h->message; i++)
		day_settle(d);
	return strcmp(h->answer, "ok") ? h->answer : NULL;
}

const char *day_answer(struct day *d, const char *key)
{
	struct fields f;
	struct err err;

	return fields_unpack(d->arena, d->hands->whole, &f, &err) ? "" : fields_get(&f, key, "");
}
