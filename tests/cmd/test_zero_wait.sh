#!/bin/sh
# `tallyman zero --wait` against a simulated marketplace, and ^C in the middle of it: it stops between two calls, is gone on with, and is undone. Time goes
# thirty times as fast (libfaketime); what the commands wait for is told to them, so nothing here waits by itself.
set -u
if [ "${1:-}" != --inside ]; then
	command -v faketime >/dev/null || { echo "skip zero --wait: there is no faketime"; exit 0; }
	faketime -f '+0' "${TALLYMAN:-build/tallyman}" --version >/dev/null 2>&1 || { echo "skip zero --wait: a sanitizer's build does not run under faketime"; exit 0; }
	exec faketime -f '+0 x30' "$0" --inside
fi
. tests/seller.sh

line() { # COMMAND...: the line that its plan asks for
	"$T" "$@" --store "$D/store" --plain | sed -n 's/^confirm: \(.*\)\.$/\1/p'
}

states() { # STATE: how many offers of Z-1 have come to that
	"$T" zero show Z-1 --store "$D/store" --json | grep -c "^{\"account\".*\"state\":\"$1\""
}

seller_open --skus 16 --orders 0 --a-day 0 --settle 0 --fault 'channel=walmart op=stock kind=slow delay=20s'
mkfifo "$D/ready" "$D/told"
seller_engine --for 8m
"$T" engine --store "$D/store" --config "$D/store/tallyman.ini" --ready 3>"$D/ready" >"$D/engine.log" 2>&1 & # not by a function: its number is wanted
ENGINE=$!
exec 5<"$D/ready"
read -r _ <&5 # one byte, when it listens

# Six of which there are fewest: more of a channel than half its units would want a second person.
six=$("$T" zero all --reason x --store "$D/store" --plain | sed -n 's/^[0-9]*\. step, walmart-us \(.*\): \([1-9][0-9]*\) to 0.*/\2 \1/p' | sort -n | head -6 | cut -d' ' -f2)
[ "$(echo "$six" | wc -l)" = 6 ]
said "there are six offers to try it with"
typed=$(line zero $six --reason 'a recall')
[ "$typed" = 'zero 6 offers walmart-us' ]
said "the line to type says how many, and where"

"$T" zero $six --reason 'a recall' --store "$D/store" --confirm "$typed" --wait --csv >"$D/out" 2>"$D/told" &
zero=$!
while read -r told; do
	echo "$told" >>"$D/heard"
	case $told in *'being said'*) kill -INT "$zero" 2>/dev/null ;; esac
done <"$D/told"
wait "$zero"
[ $? = 1 ] && grep -q 'Z-1 stopped: [1-9] not said. Go on: tallyman zero go Z-1; undo what went: tallyman lift Z-1' "$D/heard"
said "^C stops it between two calls, and says how it is gone on with and undone"
"$T" zero show Z-1 --store "$D/store" --json >"$D/rows" # one look: the engine goes on meanwhile
stopped=$(grep -c '^{"account".*"state":"STOPPED"' "$D/rows")
went=$(grep -cE '^{"account".*"state":"(SAID|UNSURE|ACCEPTED|ZERO)"' "$D/rows")
[ "$stopped" -ge 1 ] && [ "$went" -ge 1 ] && [ $((went + stopped)) = 6 ]
said "what went stays said, what did not is named"
[ "$(grep -c ',STOPPED,' "$D/out")" = "$stopped" ]
said "and each row is printed with what it came to"

"$T" zero go Z-1 --store "$D/store" --confirm "$(line zero go Z-1)" --plain | grep -q '^done: yes'
said "it is gone on with by a line of its own"
"$T" lift Z-1 --store "$D/store" --dry-run --plain | grep -q '^done: no'
said "a dry run of lifting it changes nothing"
all=$(line zero account:walmart-us --reason 'all of it')
"$T" zero account:walmart-us --reason 'all of it' --store "$D/store" --confirm "$all" --plain >"$D/proposed"
grep -q 'second person' "$D/proposed" && grep -q '^done: no' "$D/proposed"
said "a whole channel waits for a second person, and nothing of it is done"
"$T" zero --store "$D/store" --csv >"$D/stands"
grep -q "^P-[0-9]*,proposed,[^,]*,$all,.*,all of it," "$D/stands" && grep -q '^Z-1,[a-z]*,' "$D/stands"
said "what is proposed is listed with what is held, and the line that was typed with it"
"$T" zero --store "$D/store" --json --find 'all of it' | grep -c '"zero":' | grep -qx 1
said "and can be found by its words"
exec 5<&-
kill "$ENGINE" && wait "$ENGINE"
ENGINE=
seller_engine --for 8m
[ "$(states ZERO)" = 6 ]
said "in the end each of the six is seen at zero"
exit "$FAILED"
