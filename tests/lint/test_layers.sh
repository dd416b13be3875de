#!/bin/sh
# Every rule of layers.sh can fail: each row plants one violation in a small tree and names the rule that must notice.
set -u
here=$(cd "$(dirname "$0")" && pwd) root=$(cd "$(dirname "$0")/../.." && pwd)
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
unset TALLY

try() { # FILE LINE RULE
	set -- "$1" "$(printf '%s' "$2" | tr -d @)" "$3" # the @ keeps a row from breaking the rule itself
	kept=; [ -e "$1" ] && { kept=$tmp/kept; cp "$1" "$kept"; }
	mkdir -p "$(dirname "$1")"
	printf '%s\n' "$2" >> "$1"
	said=$("$here/layers.sh")
	status=$?
	if [ -n "$kept" ]; then cp "$kept" "$1"; else rm -f "$1"; fi
	rmdir src/extra 2>/dev/null
	case $said in
	*"$3"*) [ $status = 1 ] && echo "ok $3: $2" && return ;;
	esac
	echo "not ok $3: $2 (in $1)"
	failed=1
}

clean() { # FILE LINE
	mkdir -p "$(dirname "$1")"
	printf '%s\n' "$2" > "$1"
	if "$here/layers.sh" >"$tmp/said"; then echo "ok allowed: $2"; else echo "not ok allowed: $2"; cat "$tmp/said"; failed=1; fi
	rm -f "$1"
}

failed=0
cd "$root" || exit 1
"$here/layers.sh" > "$tmp/said" && echo "ok the tree as it is" || { echo "not ok the tree as it is"; cat "$tmp/said"; failed=1; }

# A small tree is enough to plant in.
mkdir "$tmp/tree" && cd "$tmp/tree" || exit 1
for d in src/base src/store src/net src/trade src/channels src/engine src/sandbox src/cmd ui data tests; do mkdir -p $d; done
echo 'tallyman' > README.md
echo '#include "base/err.h"' > src/base/err.c
cp src/base/err.c ui/act.c

while IFS='|' read -r file line rule; do
	[ -n "$file" ] && try "$file" "$line" "$rule"
done <<'ROWS'
src/base/zz.c|#include "store/store.h"|src/base includes only
src/store/zz.c|#include "trade/jobs.h"|src/store includes only
src/net/zz.c|#include "store/store.h"|src/net includes only
src/trade/zz.c|#include "channels/channel.h"|src/trade includes only
src/channels/zz.c|#include "net/listen.h"|src/channels includes only
src/channels/walmart/zz.c|#  include "engine/engine.h"|src/channels includes only
src/engine/zz.c|#include "ui/canvas.h"|src/engine includes only
src/sandbox/zz.c|#include "channels/channel.h"|src/sandbox includes only
src/sandbox/zz.c|#include "trade/orders.h"|src/sandbox includes only
src/cmd/zz.c|#include "tests/zz.h"|src/cmd includes only
ui/zz.c|#include "engine/engine.h"|ui includes only
ui/panes/zz.h|#include "channels/channel.h"|ui includes only
src/extra/zz.c|#include "base/err.h"|src has the eight layers
src/trade/zz.c|#include <sqlite3.h>|<sqlite3> is included in
ui/zz.c|#include <ncurses.h>|curses
src/engine/zz.c|#include <curl/curl.h>|<curl/> is included in
src/engine/zz.c|#include "net/http_inside.h"|"net/http_inside.h" is for
src/sandbox/zz.c|#include <microhttpd.h>|<microhttpd> is included in
src/base/zz.c|#include <openssl/evp.h>|<openssl/> is included in
src/channels/zz.c|#include <cjson/cJSON.h>|<cjson/> is included in
src/cmd/zz.c|#include <ini.h>|<ini\.h> is included in
src/cmd/zz.c|#include <csv.h>|<csv\.h> is included in
src/channels/netsuite/zz.c|static const char q[] = "DELETE FROM job";|SQL stands in
ui/zz.c|static const char q[] = "SELECT id FROM job";|SQL stands in
src/engine/zz.c|static const char q[] = "UPDATE job SET state = 'x'";|SQL stands in
src/trade/zz.c|static const char q[] = "INSERT OR IGNORE INTO t VALUES (1)";|SQLite and PostgreSQL
src/engine/zz.c|	return time(NULL);|the clock
src/trade/zz.c|	clock_gettime(CLOCK_REALTIME, &t);|the clock
src/engine/zz.c|	return rand();|a random source
src/base/zz.c|	strcpy(a, b);|strcpy
ui/zz.c|	sprintf (a, b);|sprintf
src/cmd/zz.c|	system("ls");|system
src/cmd/zz.c|	f = popen("ls", "r");|popen
src/engine/zz.c|	pthread_create(&t, NULL, f, NULL);|pthread
src/base/zz.c|	o = cJSON_GetObjectItem(j, "a");|cJSON_GetObjectItem
src/cmd/zz.c|	n = atoi(argv[1]);|atoi
src/base/zz.h|typedef struct zz zz_t;|no typedef
src/trade/zz.h|	double price;|no floating point
src/engine/zz.c|static int calls;|no static that can change
ui/zz.c|static struct canvas *last = NULL;|no static that can change
src/net/zz.c|	static char buf[64];|no static that can change
src/engine/zz.c|int calls;|no variable of the whole program
ui/zz.c|struct canvas *screen = NULL;|no variable of the whole program
src/engine/zz.c|char buf[200];|no variable of the whole program
extra.txt|a file too many|the top level holds
data/zz.csv|see /wo@rk/notes|no path of one machine
README.md|read https://registry.npm@js.org/tool|no path of one machine
src/base/zz.c|<<<<<<< HEAD|no half-done merge
ROWS

# What is not meant: words in comments and messages, constant tables, one flag of a signal handler, prototypes.
while IFS= read -r line; do
	clean src/engine/zz.c "$line"
done <<'ROWS'
/* never system(), never time(NULL): UPDATE job SET x */
static const char *const names[] = { "strcpy(a, b)" };
static volatile sig_atomic_t ended;
static int calls_of(const struct engine *e);
struct engine;
	e->time(e->clock);
	int64_t local;
ROWS
exit $failed
