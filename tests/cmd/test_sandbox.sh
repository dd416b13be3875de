#!/bin/sh
# `tallyman sandbox` as a script sees it: its words, its ready lines, its end, and the world that it keeps.
set -u
. tests/script.sh
T=${TALLYMAN:-build/tallyman}
D=$(mktemp -d /tmp/tallyman-sandbox-XXXXXX) || exit 1
PID=
trap '[ -z "$PID" ] || kill "$PID" 2>/dev/null; rm -rf "$D"' EXIT

start() { # OPTIONS: in the background; PID; both ready lines in $D/ready
	rm -f "$D/lines"
	mkfifo "$D/lines"
	"$T" sandbox --port 0 "$@" >"$D/lines" 2>"$D/err" &
	PID=$!
	exec 4<"$D/lines"
	{ read -r first && read -r second; } <&4
	printf '%s\n%s\n' "${first:-}" "${second:-}" >"$D/ready"
}

stop() { # SIGNAL: STATUS is how it ended
	kill -"$1" "$PID"
	wait "$PID"
	STATUS=$?
	PID=
	exec 4<&-
}

orders() { awk '$1 == "orders" { print $2; exit }' "$D/world"; }


"$T" sandbox --faults | grep -q '^  lost-after '
said "the faults are listed with what they do"

"$T" sandbox --por 1 2>"$D/err"; [ $? = 2 ] && grep -q 'no option --por' "$D/err"
said "an option cut short is refused with status 2"

"$T" sandbox --port 0 --sell walmart,etsy 2>"$D/err"; [ $? = 2 ] && grep -q 'walmart,etsy' "$D/err"
said "a marketplace that there is none of is refused"

"$T" sandbox --port 70000 2>"$D/err"; [ $? = 2 ]
said "a port that is none is refused"

"$T" sandbox --speed 0 2>"$D/err"; [ $? = 2 ]
said "time that stands still is refused"

"$T" sandbox --port 0 --fault 'kind=rain' 2>"$D/err"; [ $? = 2 ] && grep -q 'kind=rain' "$D/err"
said "a fault that there is none of is refused before a door opens"

start --demo --state "$D/world" --counts "$D/counts.csv" --clock "$D/clock" --speed 60
grep -q '^ready walmart http://127.0.0.1:[0-9]*$' "$D/ready" && grep -q '^ready amazon http://127.0.0.1:[0-9]*$' "$D/ready"
said "one ready line a platform"

stop TERM
[ "$STATUS" = 0 ] && tail -n 1 "$D/world" | grep -qx end
said "SIGTERM ends it with status 0 and a whole world in its file"

head -n 1 "$D/counts.csv" | grep -qx 'sku,quantity,name' && [ "$(wc -l <"$D/counts.csv")" = 321 ]
said "the warehouse's count is there, a line a product"

[ "$(awk '{ print $3 }' "$D/clock")" = 60 ]
said "the clock was written with its speed"

before=$(orders)
start --demo --state "$D/world" --clock "$D/clock" --seed 99
stop HUP
[ "$STATUS" = 0 ] && [ "$(orders)" -ge "$before" ] && [ "$before" -ge 1200 ] && sed -n 2p "$D/world" | grep -q '^1 320 '
said "it goes on with the world it left, whatever the seed says now"

rm -f "$D/counts.csv"
{ "$T" sandbox --port 0 --counts "$D/counts.csv" --ready 3>&1 >/dev/null 2>&1 & echo $! >"$D/pid"; } | head -c 1 | grep -qx r && [ -s "$D/counts.csv" ]
said "its starter is told by a byte on descriptor 3, and finds the count"
kill "$(cat "$D/pid")" 2>/dev/null

"$T" sandbox --port 0 --counts "$D/no/where.csv" 2>"$D/err"; [ $? = 1 ] && grep -q 'cannot write' "$D/err"
said "a count that cannot be written is said before a door opens"

echo nonsense >"$D/world"
"$T" sandbox --port 0 --state "$D/world" 2>"$D/err"; [ $? = 1 ] && grep -q 'no saved world' "$D/err" && grep -qx nonsense "$D/world"
said "a file that is no world is refused and left alone"

exit "$FAILED"
