#!/bin/sh
# `tallyman bundle make` while an engine runs: bytes are taken that are JSON, without people; what only begins as JSON stays behind. Time goes thirty times as fast
# (libfaketime); nothing here waits by itself.
set -u
if [ "${1:-}" != --inside ]; then
	command -v faketime >/dev/null || { echo "skip bundle: there is no faketime"; exit 0; }
	faketime -f '+0' "${TALLYMAN:-build/tallyman}" --version >/dev/null 2>&1 || { echo "skip bundle: a sanitizer's build does not run under faketime"; exit 0; }
	exec faketime -f '+0 x30' "$0" --inside
fi
. tests/seller.sh

attempts() { # ACCOUNT: its calls in the bundle
	"$T" raw --store "$D/b.tally" --csv | sed -n "s/^\([0-9]*\),$1,.*/\1/p"
}

taken() { # ACCOUNT: their bytes in the bundle
	for i in $(attempts "$1"); do "$T" raw "$i" --store "$D/b.tally" --json 2>&1; done
}

seller_open --skus 4 --orders 3 --a-day 0
echo '[sku,qty of Zoe, 9 Quince Row' >"$D/odd.csv"
printf '[account warehouse]\ncounts_file = %s/odd.csv\n' "$D" >>"$D/store/tallyman.ini"
seller_engine --for 2m
mkfifo "$D/ready"
"$T" engine --store "$D/store" --config "$D/store/tallyman.ini" --ready 3>"$D/ready" >"$D/engine.log" 2>&1 & # not by a function: its number is wanted
ENGINE=$!
exec 5<"$D/ready"
read -r _ <&5 # one byte, when it listens

"$T" bundle make "$D/b.tally" --store "$D/store" --csv >"$D/made"
said "a bundle is made beside a running engine"
taken warehouse >"$D/file"
[ -n "$(attempts warehouse)" ] && ! grep -q 'Zoe' "$D/file" && grep -q 'not in the bundle' "$D/file"
said "what begins as JSON and is none stays behind"
taken walmart-us >"$D/orders"
grep -q 'purchaseOrderId' "$D/orders" && grep -q 'postalAddress' "$D/orders"
said "orders are in it as they were told"
buyer=$(sed -n 's/.*\\"address1\\":\\"\([^\\]*\)\\".*/\1/p' "$D/orders" | head -1)
[ "${#buyer}" = 4 ] && [ "${buyer#?}" = '***' ]
said "without the streets that they go to"
exit "$FAILED"
