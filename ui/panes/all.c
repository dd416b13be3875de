#include "ui/panes/all.h"

#include "base/text.h"

#include <string.h>

const struct desk_screen pane_screens[DESK_SCREENS] = {
	{ "Overview", "Over", &pane_overview }, { "Orders", "Orders", &pane_orders }, { "Drift", "Drift", &pane_drift },
	{ "Health", "Health", &pane_health },           { "Failed", "Failed", &pane_failed }, { "Zero-out", "Zero", &pane_zeros },
	{ "Alerts", "Alerts", &pane_alerts },           { "Engine", "Engine", &pane_engine }, { "Handover", "Hand", &pane_handover },
	{ "Audit", "Audit", &pane_audit },
};

/* One a line: they come from many hands. */
const struct pane_type *const pane_details[] = {
	&pane_order,
	&pane_offer,
	&pane_failure,
	&pane_channel,
	&pane_attempt,
	&pane_explain,
	&pane_story,
	&pane_zero,
	&pane_incident,
	&pane_timeline,
	&pane_suppressed,
	&pane_quota,
	&pane_quiet,
	&pane_limit,
	&pane_map,
	&pane_tasks,
	&pane_reconcile,
	&pane_run,
	&pane_session,
	&pane_conflicts,
	&pane_conflict,
	&pane_rehearse,
	&pane_settings,
	&pane_since,
	NULL,
};

const struct pane_type *pane_by_name(const char *name)
{
	for (int i = 0; i < DESK_SCREENS; i++)
		if (pane_screens[i].type && strcmp(pane_screens[i].type->name, name) == 0)
			return pane_screens[i].type;
	for (int i = 0; pane_details[i]; i++)
		if (strcmp(pane_details[i]->name, name) == 0)
			return pane_details[i];
	return NULL;
}

bool subject_id(const char *subject, const char *kind, int64_t *id)
{
	size_t n = strlen(kind);

	if (strncmp(subject, kind, n) == 0 && subject[n] == ':')
		subject += n + 1;
	return text_int(subject, 1, INT64_MAX, id);
}
