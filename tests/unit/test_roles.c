/* Who may ask the engine for what. */
#include "engine/roles.h"
#include "ui/act.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

enum { SOMEBODY = 54321, ANOTHER = 54322, STRANGER = 54399 };

static struct roles roles_of(struct arena *a, struct config *c, const char *text, enum fault *f, struct err *err)
{
	struct roles r;

	assert_int_equal(config_text(c, "tallyman.ini", text, err), OK);
	*f = roles_read(a, c, &r, err);
	return r;
}

struct role_case {
	const char *why, *text;
	uid_t uid;
	enum duty is;
};

static const struct role_case role_cases[] = {
	{ "without the section the folder's mode decides", "[store]\nprofile = demo\n", STRANGER, DUTY_APPROVER },
	{ "a user by number", "[roles]\n54321 = operator\n", SOMEBODY, DUTY_OPERATOR },
	{ "who is not named looks", "[roles]\n54321 = operator\n", STRANGER, DUTY_VIEWER },
	{ "unless others are more", "[roles]\nothers = operator\n", STRANGER, DUTY_OPERATOR },
	{ "a name of this machine", "[roles]\nroot = program\n", 0, DUTY_PROGRAM },
	{ "the last word counts", "[roles]\n54321 = operator\n54321 = viewer\n", SOMEBODY, DUTY_VIEWER },
};

static void who_is_what(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof role_cases / sizeof *role_cases; i++) {
		struct arena *a = arena_new();
		struct config *c = config_new();
		struct err err;
		enum fault f;
		struct roles r = roles_of(a, c, role_cases[i].text, &f, &err);

		if (f || duty_of(&r, role_cases[i].uid) != role_cases[i].is)
			fail_msg("%s: %s", role_cases[i].why, f ? err.text : duty_name(duty_of(&r, role_cases[i].uid)));
		config_free(c);
		arena_free(a);
	}
}

static void the_owner_is_an_approver_unless_he_is_named(void **state)
{
	struct arena *a = arena_new();
	struct config *c = config_new();
	struct err err;
	enum fault f;
	struct roles r = roles_of(a, c, "[roles]\n54321 = operator\n", &f, &err);

	(void)state;
	assert_int_equal(duty_of(&r, geteuid()), DUTY_APPROVER);
	config_free(c);
	arena_free(a);
}

static void what_nobody_meant_is_refused(void **state)
{
	static const char *const texts[] = { "[roles]\nnobody-of-that-name = viewer\n", "[roles]\n54321 = king\n", "[roles]\nothers =\n" };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct arena *a = arena_new();
		struct config *c = config_new();
		struct err err;
		enum fault f;

		roles_of(a, c, texts[i], &f, &err);
		assert_int_equal(f, FAULT_REFUSED);
		assert_non_null(strstr(err.text, "tallyman.ini:2: [roles]"));
		config_free(c);
		arena_free(a);
	}
}

struct leave {
	enum intent_kind kind;
	const char *payload;
	enum duty least;
};

/* Each kind stands here: a new one has to say who may. */
static const struct leave leaves[] = {
	{ INTENT_ACK, "", DUTY_OPERATOR },       { INTENT_SHIP, "", DUTY_OPERATOR },      { INTENT_CANCEL, "", DUTY_OPERATOR },
	{ INTENT_PUSH, "", DUTY_OPERATOR },      { INTENT_ZERO, "", DUTY_OPERATOR },      { INTENT_LIFT, "", DUTY_OPERATOR },
	{ INTENT_MAP, "", DUTY_OPERATOR },       { INTENT_KIT, "", DUTY_OPERATOR },       { INTENT_SETTLE, "", DUTY_OPERATOR },
	{ INTENT_RETRY, "", DUTY_OPERATOR },      { INTENT_ASSIGN, "", DUTY_PROGRAM },     { INTENT_NOTE, "", DUTY_PROGRAM },
	{ INTENT_COUNT, "", DUTY_PROGRAM },      { INTENT_COUNTS, "", DUTY_PROGRAM },     { INTENT_ARCHIVE, "", DUTY_OPERATOR },
	{ INTENT_SHADOW, "", DUTY_OPERATOR },     { INTENT_REFRESH, "", DUTY_PROGRAM },    { INTENT_BACKUP, "", DUTY_PROGRAM },
	{ INTENT_RECONCILE, "", DUTY_PROGRAM },  { INTENT_SITTING, "", DUTY_PROGRAM },    { INTENT_PLACE, "", DUTY_PROGRAM },
	{ INTENT_ALERT_ACK, "", DUTY_OPERATOR },  { INTENT_LIVE, "", DUTY_APPROVER },      { INTENT_POLICY, "", DUTY_APPROVER },
	{ INTENT_APPROVE, "", DUTY_APPROVER },   { INTENT_STOP, "", DUTY_APPROVER },      { INTENT_VAULT, "action=reload", DUTY_APPROVER },
	{ INTENT_VAULT, "action=unlock", DUTY_OPERATOR }, { INTENT_LOGIN, "", DUTY_VIEWER }, { INTENT_ARM, "minutes=0", DUTY_VIEWER },
	{ INTENT_ARM, "minutes=15", DUTY_OPERATOR }, { INTENT_REVEAL, "order=7", DUTY_OPERATOR }, { INTENT_REVEAL, "body=7\nfull=1", DUTY_OPERATOR },
	{ INTENT_REVEAL, "body=7", DUTY_VIEWER }, { INTENT_REDACT, "order=7", DUTY_OPERATOR },
	{ INTENT_REVEAL, "body=7\norder=7", DUTY_OPERATOR }, { INTENT_REVEAL, "order=7\nbody=7\nfull=0", DUTY_OPERATOR }, { INTENT_REVEAL, "", DUTY_OPERATOR },
	{ INTENT_REVEAL, "buyer=Ana Ortiz", DUTY_OPERATOR }, { INTENT_REVEAL, "buyer=Ana Ortiz\nbody=7", DUTY_OPERATOR },
	{ INTENT_RELEASE, "", DUTY_APPROVER },   { INTENT_TASK, "", DUTY_OPERATOR },      { INTENT_HANDOVER, "to=ann", DUTY_OPERATOR },
	{ INTENT_HOLD, "", DUTY_OPERATOR },      { INTENT_OUTAGE, "", DUTY_OPERATOR },    { INTENT_EVENT, "", DUTY_OPERATOR },
	{ INTENT_INCIDENT, "action=ack", DUTY_OPERATOR },
	{ INTENT_LET, "", DUTY_OPERATOR },       { INTENT_HALT, "", DUTY_OPERATOR },
};

static void each_kind_takes_its_role(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof leaves / sizeof *leaves; i++)
		for (enum duty is = DUTY_VIEWER; is < DUTIES; is++) {
			struct role_row row = { SOMEBODY, is };
			struct roles r = { &row, 1, 1, true, DUTY_VIEWER };
			struct intent in = { .kind = leaves[i].kind };
			struct err err = { .text = "" };
			enum fault f;

			assert_int_equal(fields_unpack(a, leaves[i].payload, &in.payload, &err), OK);
			f = duty_allows(&r, SOMEBODY, &in, &err);
			if ((f == OK) != (is >= leaves[i].least))
				fail_msg("%s as %s: %s", intent_kind_name(in.kind), duty_name(is), f ? err.text : "done");
			assert_int_equal(duty_allows(&r, ANOTHER, &in, &err) == OK, leaves[i].least == DUTY_VIEWER);
		}
	arena_free(a);
}

struct offered {
	enum act act;
	enum intent_kind kind;
	const char *payload;
};

/* What the console has on a key or in a sheet, and what the engine is asked for then. (Who may agree hangs on whose proposal it is: an operator to a program's.) */
static const struct offered offered[] = {
	{ ACT_NOTE, INTENT_NOTE, "" },       { ACT_ASSIGN, INTENT_ASSIGN, "" },       { ACT_PROBE, INTENT_REFRESH, "" },
	{ ACT_RETRY, INTENT_RETRY, "" },     { ACT_ARCHIVE, INTENT_ARCHIVE, "" },     { ACT_REVEAL, INTENT_REVEAL, "order=7" },
	{ ACT_ACK_ALERT, INTENT_ALERT_ACK, "" }, { ACT_MUTE, INTENT_INCIDENT, "" },   { ACT_CLOSE_ALERT, INTENT_INCIDENT, "" },
	{ ACT_STEP_3, INTENT_INCIDENT, "" }, { ACT_HALT, INTENT_HALT, "" },           { ACT_RECONCILE, INTENT_RECONCILE, "" },
	{ ACT_BEGIN, INTENT_SITTING, "" },   { ACT_DECIDE_PUSH, INTENT_SITTING, "" }, { ACT_LEAVE, INTENT_SITTING, "" },
	{ ACT_TASK_DONE, INTENT_TASK, "" },  { ACT_TAKE_SHIFT, INTENT_HANDOVER, "" }, { ACT_HANDOVER, INTENT_HANDOVER, "" }, { ACT_ACK_ORDER, INTENT_ACK, "" },
	{ ACT_SHIP, INTENT_SHIP, "" },       { ACT_PUSH, INTENT_PUSH, "" },
	{ ACT_ZERO, INTENT_ZERO, "" },       { ACT_LIFT, INTENT_LIFT, "" },           { ACT_GO_ON, INTENT_LET, "" },
	{ ACT_LET, INTENT_LET, "" },         { ACT_MAP, INTENT_MAP, "" },
	{ ACT_UNMAP, INTENT_MAP, "" },       { ACT_SETTLE, INTENT_SETTLE, "" },
};

/* A console offers nobody what the engine would refuse him, and keeps nothing from him that it would do. */
static void what_is_offered_is_what_is_done(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof offered / sizeof *offered; i++)
		for (enum duty is = DUTY_VIEWER; is < DUTIES; is++) {
			struct role_row row = { SOMEBODY, is };
			struct roles r = { &row, 1, 1, true, DUTY_VIEWER };
			struct intent in = { .kind = offered[i].kind };
			struct err err = { .text = "" };

			assert_int_equal(fields_unpack(a, offered[i].payload, &in.payload, &err), OK);
			if (rank_may(rank_from_name(duty_name(is)), offered[i].act, NULL) != (duty_allows(&r, SOMEBODY, &in, &err) == OK))
				fail_msg("%s to a %s", act_name(offered[i].act), duty_name(is));
		}
	assert_true(rank_may(RANK_VIEWER, ACT_SORT, NULL) && rank_may(RANK_VIEWER, ACT_RAW, NULL) && rank_may(rank_from_name(""), ACT_SHIP, NULL));
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_what),
		cmocka_unit_test(the_owner_is_an_approver_unless_he_is_named),
		cmocka_unit_test(what_nobody_meant_is_refused),
		cmocka_unit_test(each_kind_takes_its_role),
		cmocka_unit_test(what_is_offered_is_what_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
