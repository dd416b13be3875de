/*
 * bombs: answers that are made to do harm, by the rules that are shipped: how soon the slowest of them is given up, and how long everybody else waits meanwhile. The
 * floor of the second is the same without bombs. What drips is given up by its own rule (net/http.c, trickle_s).
 */
#include "bench/gauge.h"
#include "net/http.h"
#include "net/listen.h"
#include "tests/bombs.h"

enum { OTHERS = 400, ENDLESS = 5, LORIS = 2, BOMBS = ENDLESS + LORIS, FIRST_OTHER = 100 };

static void (*const explode[BOMBS])(int fd) = { body_for_ever, chunks_for_ever, headers_for_ever, continues_for_ever, zeros_for_ever, nearly_nothing, nearly_no_head };

static void answer(void *ctx, struct arena *a, const struct request *r, struct served *out)
{
	(void)ctx, (void)a, (void)r;
	out->reply = (struct reply){ .status = 200, .body = "fine", .body_len = 4 };
	out->cut_at = -1;
}

struct field {
	struct clock clock;
	struct transport *t;
	struct listener *l;
	struct arena *a;
	double given_up_s[BOMBS], wait_ms[OTHERS];
	int open; /* bombs that were not given up yet */
};

static void begin(struct field *x, int64_t id, int port)
{
	struct request r = { .arena = x->a, .op = "t.t.t", .method = "GET", .url = arena_printf(x->a, "http://127.0.0.1:%d/", port) };

	if (x->t->start(x->t, id, &r, NULL))
		bench_fail("bombs", "a request could not be begun");
}

static void take(struct field *x, double began, double asked, int *answered)
{
	struct finished f;

	while (x->t->next(x->t, &f)) {
		if (f.id < FIRST_OTHER) {
			x->given_up_s[f.id] = wall_now() - began;
			x->open--;
		} else {
			x->wait_ms[(*answered)++] = (wall_now() - asked) * 1000;
		}
		arena_free(f.arena);
	}
}

/* One other after another, each asked when the last was answered; then what is left of the bombs. */
static void live(struct field *x, bool bombed)
{
	pid_t pid[BOMBS];
	int port, answered = 0;
	double began = wall_now(), asked = began;

	for (int i = 0; i < BOMBS && bombed; i++) {
		pid[i] = bomb_lay(explode[i], &port);
		begin(x, i, port);
		x->open++;
	}
	for (int was = -1; answered < OTHERS || x->open;) {
		if (answered < OTHERS && answered != was) {
			was = answered;
			asked = wall_now();
			begin(x, FIRST_OTHER + answered, listen_port(x->l));
		}
		listen_turn(x->l, 0);
		x->t->wait(x->t, NULL, 0, clock_now(&x->clock) + 2);
		take(x, began, asked, &answered);
	}
	for (int i = 0; i < BOMBS && bombed; i++)
		bomb_defuse(pid[i]);
}

static double others(bool bombed, double *endless_s, double *loris_s)
{
	struct field x = { .clock = clock_real(), .a = arena_new() };
	struct err err;

	x.l = listen_open(&(struct handler){ answer, NULL }, 0, 1.0, &err);
	if (!x.l)
		bench_fail("bombs", err.text);
	x.t = http_open_rules(&x.clock, true, &http_rules);
	live(&x, bombed);
	for (int i = 0; i < ENDLESS && bombed; i++)
		*endless_s = x.given_up_s[i] > *endless_s ? x.given_up_s[i] : *endless_s;
	for (int i = ENDLESS; i < BOMBS && bombed; i++)
		*loris_s = x.given_up_s[i] > *loris_s ? x.given_up_s[i] : *loris_s;
	x.t->close(x.t);
	listen_close(x.l);
	arena_free(x.a);
	return p95(x.wait_ms, OTHERS);
}

int main(void)
{
	double endless_s = 0, loris_s = 0, none, floor = others(false, &endless_s, &none), bombed = others(true, &endless_s, &loris_s);

	gauge("bombs_given_up", ENDLESS, endless_s, "s", 0);
	gauge("bombs_slow_given_up", LORIS, loris_s, "s", 0);
	gauge("bombs_others_p95", OTHERS, bombed, "ms", floor);
	return 0;
}
