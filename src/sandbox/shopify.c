/* shopify.c: the door of the seller's own shop; nobody answers behind it yet. */
#include "sandbox/service.h"

#include <string.h>

static void shopify_refuse(struct call *c, int status, const char *code, const char *message)
{
	(void)code;
	call_answer(c, status, "text/plain", message, strlen(message));
}

struct service shopify_service(struct world *w)
{
	return (struct service){ .platform = SHOPIFY, .world = w, .refuse = shopify_refuse };
}
