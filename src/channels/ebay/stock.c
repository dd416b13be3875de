/*
 * stock.c: a quantity at eBay.
 *
 * bulk_update_price_quantity is the only write. The PUT of an inventory item would replace all of it, picture and title too. Two numbers are said
 * together: what the offer shows (availableQuantity), and what lies behind all offers of the SKU (shipToLocationAvailability). A listing shows
 * the smaller of the two (contract), and a SKU has one offer at a fixed price, so they are the same number: a raise would otherwise stay
 * invisible, and a cut would leave a larger one behind for the next offer. An auction of the same SKU keeps its units of what lies behind, and
 * less than those is refused (25759): they are added there.
 *
 * One SKU a call, though the field's text speaks of 25 items: the operation's own says twice that only one may be updated. Of the 25 offers that
 * one SKU may have, eBay today lets it have one that is written.
 *
 * Zero ends a listing whose account has not switched on the out-of-stock control, with its history and its place in the search, and no
 * operation of REST reads that preference: so its owner attests it, or a person types this one.
 */
#include "channels/ebay/ebay.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static enum fault check(const struct account *acc, const struct job *job, struct err *err)
{
	const char *sku = fields_get(&job->payload, "sku", ""), *ref = fields_get(&job->payload, "ref", "");
	int64_t qty = fields_int(&job->payload, "qty", -1);

	if (!*sku || strlen(sku) > 50)
		return err_set(err, FAULT_REFUSED, "the job names no SKU of 1 to 50 characters");
	if (!text_id(ref, "-_", 40))
		return err_set(err, FAULT_REFUSED, "SKU %.50s: its offer number is not known yet; it is read with the next list", sku);
	if (qty < 0 || qty > QTY_MAX)
		return err_set(err, FAULT_REFUSED, "SKU %.50s: the quantity is not within 0..%d", sku, QTY_MAX);
	if (!qty && !acc->zero_attested && !fields_int(&job->payload, "zero_typed", 0))
		return err_set(err, FAULT_REFUSED,
		               "SKU %.30s waits at zero: without out-of-stock control eBay ends the listing. Switch it on, then oosc = attested for %.20s; or type the zero",
		               sku, acc->name);
	return OK;
}

/* "auction:2" among the flags. */
static int64_t kept_by_auction(const struct job *job)
{
	const char *at = strstr(fields_get(&job->payload, "flags", ""), "auction:");
	int64_t n = 0;
	char digits[8];

	if (!at)
		return 0;
	at += strlen("auction:");
	snprintf(digits, sizeof digits, "%.*s", (int)strspn(at, "0123456789"), at);
	return text_int(digits, 0, QTY_MAX, &n) ? n : 0;
}

enum fault ebay_stock_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	int64_t qty = fields_int(&b.job->payload, "qty", -1);
	struct buf body = buf_new(r->arena);
	struct json_out o = json_out(&body);

	if (check(acc, b.job, err))
		return FAULT_REFUSED;
	json_put_object(&o, NULL);
	json_put_array(&o, "requests");
	json_put_object(&o, NULL);
	json_put_text(&o, "sku", fields_get(&b.job->payload, "sku", ""));
	json_put_object(&o, "shipToLocationAvailability");
	json_put_int(&o, "quantity", qty + kept_by_auction(b.job));
	json_end_object(&o);
	json_put_array(&o, "offers");
	json_put_object(&o, NULL);
	json_put_text(&o, "offerId", fields_get(&b.job->payload, "ref", ""));
	json_put_int(&o, "availableQuantity", qty);
	json_end_object(&o);
	json_end_array(&o);
	json_end_object(&o);
	json_end_array(&o);
	json_end_object(&o);
	ebay_request(acc, r, "POST", "/sell/inventory/v1/bulk_update_price_quantity");
	ebay_body(r, &body);
	return OK;
}

/* What one answer of the list means. Its status is an HTTP one; a 5xx or a 429 of theirs is to be said again, a 4xx is a no. */
static enum fault fault_of(int64_t status)
{
	if (status >= 200 && status < 300)
		return OK;
	return status == 429 ? FAULT_BUSY : status >= 500 ? FAULT_REMOTE : FAULT_REFUSED;
}

/* "25759 shipToLocationAvailability quantity value should be ...": with what a person can do about it where that is known. */
static const char *reason_of(const struct account *acc, struct arena *a, const struct json *answer, int64_t status)
{
	const struct json *e = json_first(json_get(answer, "errors"));
	const char *words = ebay_error(acc, a, e), *id = json_scalar(json_get(e, "errorId"));

	if (id && !strcmp(id, "25759"))
		return arena_printf(a, "%s. The SKU is in an auction as well: end it, or let it end", words);
	return words ? words : arena_printf(a, "%" PRId64 " without a reason", status);
}

/* The answers of a call are about its offer, and about the item behind it (no offerId); the worst of them counts. */
static enum fault take_answers(const struct account *acc, const struct job *job, struct news *n, struct spot list, struct err *err)
{
	const char *ref = fields_get(&job->payload, "ref", ""), *text = NULL, *warning = NULL;
	enum fault worst = OK;
	bool told = false;

	for (struct spot s = spot_first(list); s.v && !s.r->path; s = spot_next(s)) {
		const char *offer = json_text_or(s.v, "offerId", "");
		int64_t status = need_int(s, "statusCode", 100, 599);
		enum fault f = fault_of(status);

		if (*offer && strcmp(offer, ref))
			continue;
		told |= *offer != '\0' || f;
		if (f && (!worst || f == FAULT_REFUSED)) {
			worst = f;
			text = reason_of(acc, n->arena, s.v, status);
		}
		if (!warning)
			warning = ebay_error(acc, n->arena, json_first(json_get(s.v, "warnings")));
	}
	if (answer_wrong(list.r, err))
		return FAULT_FORMAT;
	if (!told)
		return err_set(err, FAULT_FORMAT, "responses: nothing is said of offer %.40s", ref);
	news_receipt(n, 0, worst, NULL, worst ? text : warning);
	return OK;
}

/* 200 and 207 alike: each answer has a status of its own. */
enum fault ebay_stock_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	struct reading w = { .arena = n->arena };
	const struct json *body;
	enum fault f = ebay_open(acc, EBAY_INVENTORY, r, n->arena, &body, err);

	if (f)
		return f;
	if (!json_is_array(json_get(body, "responses")))
		return err_set(err, FAULT_FORMAT, "responses: not a list of answers");
	return take_answers(acc, b.job, n, spot_get(spot_top(&w, body), "responses"), err);
}
