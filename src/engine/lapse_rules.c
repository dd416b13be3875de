/* lapse_rules.c: what the configuration says of an account out of step. */
#include "engine/lapse_inside.h"

#include "base/config.h"

#include <inttypes.h>
#include <string.h>

enum fault lapse_rules_read(struct engine *e, struct err *err)
{
	const char *restore = config_get(e->config, "zero", "restore", "auto"), *pauses = config_get(e->config, "outage", "pause", "on");
	struct lapse_rules *r = &e->lapse;

	if (config_int(e->config, "zero", "after_min", 0, 10080, 30, &r->after_ms, err) ||
	    config_int(e->config, "zero", "warn_min", 0, 10080, r->after_ms * 5 / 6, &r->warn_ms, err) ||
	    config_int(e->config, "zero", "after_failures", 0, 1000, 0, &r->after_failures, err) ||
	    config_int(e->config, "outage", "ramp_min", 0, 120, 5, &r->ramp_ms, err))
		return FAULT_REFUSED;
	if (r->after_ms && r->warn_ms >= r->after_ms)
		return err_set(err, FAULT_REFUSED, "%s:%d: [zero] warn_min: nobody would be told before the zero comes, after %" PRId64 " minutes", e->config->file,
		               config_line_of(e->config, "zero", "warn_min"), r->after_ms);
	if (r->after_failures && r->after_failures < breaker_rules.open_after)
		return err_set(err, FAULT_REFUSED, "%s:%d: [zero] after_failures is 0 or at least %d: what failed less often is a blip", e->config->file,
		               config_line_of(e->config, "zero", "after_failures"), (int)breaker_rules.open_after);
	if (strcmp(pauses, "on") && strcmp(pauses, "off"))
		return err_set(err, FAULT_REFUSED, "%s:%d: [outage] pause is on or off, not %.40s", e->config->file, config_line_of(e->config, "outage", "pause"), pauses);
	if (strcmp(restore, "auto") && strcmp(restore, "person"))
		return err_set(err, FAULT_REFUSED, "%s:%d: [zero] restore is auto or person, not %.40s", e->config->file, config_line_of(e->config, "zero", "restore"), restore);
	if (config_int(e->config, "zero", "mass_skus", 0, 1000000, 20, &e->planned.skus, err) || config_int(e->config, "zero", "mass_pct", 0, 100, 5, &e->planned.pct, err))
		return FAULT_REFUSED;
	r->after_ms *= 60000;
	r->warn_ms *= 60000;
	r->ramp_ms *= 60000;
	r->pause = !strcmp(pauses, "on");
	r->by_person = !strcmp(restore, "person");
	return OK;
}
