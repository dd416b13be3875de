#include "base/text.h"
#include "ui/panes/all.h"

#include <string.h>

bool subject_id(const char *subject, const char *kind, int64_t *id)
{
	size_t n = strlen(kind);

	if (strncmp(subject, kind, n) == 0 && subject[n] == ':')
		subject += n + 1;
	return text_int(subject, 1, INT64_MAX, id);
}
