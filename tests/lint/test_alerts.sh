#!/bin/sh
# Each kind of alert that is raised has its row in data/alerts.csv, and each row is raised somewhere.
set -u
rows=data/alerts.csv bad=0 n=0

wrong() {
	echo "not ok $1"
	bad=1
}

for kind in $(grep -rhoE '\.kind = "[a-z_]+", \.severity|\.kind = "[a-z_]+",$' src/trade src/engine | sed 's/.*"\([a-z_]*\)".*/\1/' | sort -u); do
	n=$((n + 1))
	grep -q "^$kind," $rows || wrong "an alert of the kind $kind is raised, and has no row in $rows"
done
for kind in $(sed 1d $rows | cut -d, -f1 | grep -v '^\*$'); do
	grep -rq "\"$kind\"" src/trade src/engine || wrong "nothing raises $kind of $rows"
done
[ $n -gt 20 ] || wrong "only $n kinds were found in the source: the search has gone blind"
[ $bad = 0 ] && echo "ok each of $n kinds of alert has its row"
exit $bad
