/* talk.c: how Walmart is addressed, and how it says no. */
#include "channels/walmart/walmart.h"

#include "base/text.h"

void walmart_headers(const struct account *acc, struct request *r)
{
	request_header(r, "Accept", "application/json");
	request_header(r, "WM_QOS.CORRELATION_ID", arena_strdup(r->arena, r->correlation));
	request_header(r, "WM_SVC.NAME", acc->service_name && *acc->service_name ? acc->service_name : "Walmart Marketplace");
	if (acc->channel_type && *acc->channel_type)
		request_header(r, "WM_CONSUMER.CHANNEL.TYPE", acc->channel_type);
}

void walmart_request(const struct account *acc, struct request *r, const char *method, const char *path)
{
	r->method = method;
	r->url = answer_url(r->arena, acc->base_url, path);
	request_header(r, "WM_SEC.ACCESS_TOKEN", acc->access_token ? acc->access_token : "");
	walmart_headers(acc, r);
}

void walmart_body(struct request *r, const struct buf *json)
{
	request_header(r, "Content-Type", "application/json");
	r->body = json->p;
	r->body_len = json->len;
}

/*
 * {"errors":[{"code","field","message" or "description","info",...}]}; the gateway says "error" for "errors". The contract
 * has no replies but 200, so this is from the developer pages ("Error codes", read 2026-11).
 */
static bool refusal(const struct json *body, struct reason *out)
{
	const struct json *list = json_get(body, "errors");
	const struct json *e;

	if (!list)
		list = json_get(body, "error");
	if (json_is_object(list))
		list = json_get(list, "error");
	e = json_is_array(list) ? json_first(list) : NULL;
	if (!json_is_object(e))
		return false;
	*out = (struct reason){
		.code = json_text_or(e, "code", NULL),
		.field = json_text_or(e, "field", NULL),
		.message = json_text_or(e, "message", json_text_or(e, "description", NULL)),
		.details = json_text_or(e, "info", NULL),
	};
	return out->code || out->message || out->details;
}

const struct manners walmart_manners = {
	.refusal = refusal,
	.auth_checks = "the token's age; client id and secret (Basic header); that WM_SVC.NAME and the correlation id are sent",
};

enum fault walmart_open(const struct account *acc, const char *role, const struct reply *r, struct arena *a, const struct json **body,
                        struct err *err)
{
	struct asked q = { acc, acc->base_url, role };

	return answer_open(&walmart_manners, &q, r, a, body, err);
}

bool walmart_is_none(const struct job *job, const struct reply *r, struct arena *a)
{
	return !(job->cursor.page && *job->cursor.page) && answer_is_none(&walmart_manners, r, a);
}

enum fault walmart_order_path(const struct job *job, struct arena *a, const char *tail, const char **path, struct err *err)
{
	const char *ref = fields_get(&job->payload, "ref", "");

	if (!text_id(ref, "-_", 40))
		return err_set(err, FAULT_REFUSED, "the job names no purchase order: its ref is no identifier");
	*path = arena_printf(a, "/v3/orders/%s%s", ref, tail);
	return OK;
}
