#include "channels/parcel.h"

#include "base/csv.h"
#include "base/text.h"
#include "channels/spot.h"

#include <string.h>
#include <strings.h>

static bool read_line(struct arena *a, const char *value, struct parcel_line *out)
{
	size_t n = strcspn(value, ":");

	if (!value[n] || !text_int(arena_strndup(a, value, n), 1, QTY_MAX, &out->qty))
		return false;
	out->ref = value + n + 1;
	return text_id(out->ref, "-_.:,", 300);
}

enum fault parcel_lines(const struct job *job, struct arena *a, struct parcel *out, struct err *err)
{
	const char *value;
	int cap = 0;

	*out = (struct parcel){ .ref = fields_get(&job->payload, "ref", "") };
	if (!text_id(out->ref, "-_", 40))
		return err_set(err, FAULT_REFUSED, "the job names no order: its ref is no identifier");
	while ((value = fields_each(&job->payload, "line", out->lines))) {
		out->line = arena_grow(a, out->line, out->lines, &cap, sizeof *out->line);
		if (!read_line(a, value, &out->line[out->lines]))
			return err_set(err, FAULT_REFUSED, "line %d of the job is not UNITS:LINE", out->lines + 1);
		out->lines++;
	}
	return out->lines ? OK : err_set(err, FAULT_REFUSED, "the job names no line of order %.40s", out->ref);
}

static bool is_web_address(const char *url)
{
	if (strncmp(url, "https://", 8) && strncmp(url, "http://", 7))
		return false;
	for (const char *p = url; *p; p++)
		if (*p <= 0x20 || *p == 0x7f || strchr("\"<>\\^`{|}", *p))
			return false;
	return strlen(url) < 1000;
}

enum fault parcel_read(const struct job *job, int64_t now_ms, struct arena *a, struct parcel *out, struct err *err)
{
	const struct fields *f = &job->payload;
	enum fault bad = parcel_lines(job, a, out, err);

	if (bad)
		return bad;
	out->package = fields_get(f, "package", "");
	out->carrier = fields_get(f, "carrier", "");
	out->carrier_name = fields_get(f, "carrier.name", out->carrier);
	out->tracking = fields_get(f, "tracking", "");
	out->url = fields_get(f, "url", "");
	out->service = fields_get(f, "service", "");
	out->shipped_ms = fields_int(f, "shipped_ms", now_ms);
	if (!text_id(out->tracking, "-_./ ", 100))
		return err_set(err, FAULT_REFUSED, "order %.40s: %s", out->ref,
		               *out->tracking ? "the tracking number holds characters that none has" : "there is no tracking number");
	if (*out->url && !is_web_address(out->url))
		return err_set(err, FAULT_REFUSED, "order %.40s: the tracking URL is no http(s) address", out->ref);
	if (!*out->carrier_name)
		return err_set(err, FAULT_REFUSED, "order %.40s: no carrier is named", out->ref);
	return OK;
}

const char *parcel_carrier(struct arena *a, const char *table, const char *word)
{
	struct csv csv = csv_builtin(a, table);

	for (int i = 0; i < csv.rows; i++) {
		const char *carrier = csv_field(&csv.row[i], csv_column(&csv, "carrier"));

		if (!strcasecmp(carrier, word))
			return carrier;
	}
	return NULL;
}
