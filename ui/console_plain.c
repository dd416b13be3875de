#include "ui/console_inside.h"

enum fault console_plain(struct console *c, struct err *err)
{
	(void)c;
	return err_set(err, FAULT_REFUSED, "the console has no plain mode yet: tallyman orders --plain, tallyman drift --plain and the like");
}
