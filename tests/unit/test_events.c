/*
 * Peaks: which last, by their calendar or because somebody said so, and what is refused.
 */
#include "trade_world.h"

#include "trade/events.h"
#include "trade/intents.h"

#define AT(hours) "2023-11-" hours ":00:00Z" /* T0 is the 14th, 22:13 */

static struct world with_events(void)
{
	static const char config[] = "[profile friday] start = " AT("24T00") "\n[profile friday] end = " AT("25T00") "\n[profile friday] buffers = 200%\n"
				     "[profile sale] start = " AT("14T00") "\n[profile sale] end = " AT("15T00") "\n[profile sale] tag = summer\n";
	struct world w = world_new();
	int64_t id;

	OKAY(&w, config_put(w.s, config, T0, &id, &w.err));
	return w;
}

static const char *lasting(struct world *w, int64_t now_ms)
{
	struct event_now *e;
	const char *said = "";
	int n;

	OKAY(w, events_now(w->s, now_ms, w->a, &e, &n, &w->err));
	for (int i = 0; i < n; i++)
		said = arena_printf(w->a, "%s%s%s%s%s for %s", said, *said ? ", " : "", e[i].name, *e[i].tag ? " of " : "", e[i].tag,
		                    e[i].until_ms == INT64_MAX ? "ever" : arena_printf(w->a, "%lld h", (long long)((e[i].until_ms - now_ms) / HOUR)));
	return said;
}

/* "" or why not. */
static const char *say(struct world *w, const char *name, const char *word, int64_t until_ms, const char *reason)
{
	struct intent in = { .kind = INTENT_EVENT, .payload = fields_new(w->a), .subject = name, .why = reason };
	const char *text;

	fields_put(&in.payload, "say", word);
	if (until_ms)
		fields_put_int(&in.payload, "until_ms", until_ms);
	if (event_words(w->s, &in, w->why.now_ms, w->a, &text, &w->err))
		return w->err.text;
	OKAY(w, event_carry(w->s, &in, &w->why, &w->err));
	return "";
}

static void a_peak_lasts_by_its_calendar_or_by_a_word(void **state)
{
	static const struct {
		const char *why, *name, *word;
		int64_t until_h;
		const char *reason, *refused, *lasts;
	} steps[] = {
		{ "the calendar alone", NULL, NULL, 0, NULL, "", "sale of summer for 1 h" },
		{ "what the configuration does not know is refused, with what to do", "easter", "on", 0, "x",
		  "the configuration in force has no event easter: write a section [profile easter], then begin the engine again", "sale of summer for 1 h" },
		{ "a word without its reason is refused", "friday", "on", 0, "", "a reason is wanted: it stands in the audit", "sale of summer for 1 h" },
		{ "there are three words", "friday", "maybe", 0, "x", "an event is on, off or auto, not maybe", "sale of summer for 1 h" },
		{ "what is over is not declared", "friday", "on", -1, "x", "that time is over, or it is not on until then", "sale of summer for 1 h" },
		{ "it begins early", "friday", "on", 0, "a rival's sale", "", "friday for ever, sale of summer for 1 h" },
		{ "until a time", "friday", "on", 5, "a rival's sale", "", "friday for 5 h, sale of summer for 1 h" },
		{ "what the calendar has is called off", "sale", "off", 0, "goods are late", "", "friday for 5 h" },
		{ "and is the calendar's again", "sale", "auto", 0, "they came", "", "friday for 5 h, sale of summer for 1 h" },
	};
	struct world w = with_events();

	(void)state;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		const char *refused = steps[i].name ? say(&w, steps[i].name, steps[i].word, steps[i].until_h ? T0 + steps[i].until_h * HOUR : 0, steps[i].reason) : "";

		if (strcmp(refused, steps[i].refused) || strcmp(lasting(&w, T0), steps[i].lasts))
			fail_msg("%s: \"%s\", and then %s", steps[i].why, refused, lasting(&w, T0));
	}
	assert_string_equal(lasting(&w, T0 + 6 * HOUR), ""); /* what was said until a time is over then, and the calendar holds again */
	assert_string_equal(lasting(&w, T0 + 10 * 24 * HOUR), "friday for 1 h");
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_peak_lasts_by_its_calendar_or_by_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
