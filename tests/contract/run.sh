#!/bin/sh
# Speak to the mock of the published contracts: tests/contract/run.sh MOCKDIR
#
# First every operation by itself, as the contract cases have it (test_speak); then the real program against the same mock: a
# store, an engine, and orders acknowledged and shipped from the command line. At the end the orders of the contracts' own
# examples stand in `tallyman orders --json`, and every operation that we have stands in the mock's log, MOCKDIR/requests.jsonl.
set -u
. tests/script.sh
mock=$1 program=${TALLYMAN:-build/tallyman} build=${BUILD:-build}
case $program in /*) ;; *) program=$PWD/$program ;; esac
dir=$(mktemp -d) || exit 1
engine=
trap '[ -z "$engine" ] || kill $engine 2>/dev/null; wait 2>/dev/null; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM

until_true() { # SECONDS COMMAND...: try again until it succeeds
	left=$(($1 * 5)); shift
	until "$@" >/dev/null 2>&1; do
		left=$((left - 1)); [ $left -gt 0 ] || return 1
		sleep 0.2
	done
}

ours() { # COMMAND ARGS...
	command=$1; shift
	"$program" "$command" --store "$dir/store" --config "$dir/tallyman.ini" "$@"
}

# What is asked for as a typed line, typed: the plan's last word is the line. The engine reads on meanwhile, so a plan may have
# changed when its line is typed; then it is looked at again, as a person would.
confirmed() { # COMMAND ARGS...
	for again in 1 2 3 4 5; do
		ours "$@" > "$dir/said" 2>&1
		line=$(sed -n "s/.*--confirm '\([^']*\)'.*/\1/p" "$dir/said" | tail -1)
		[ -n "$line" ] && ours "$@" --confirm "$line" > "$dir/said" 2>&1 && return 0
		sleep 1
	done
	sed 's/^/      | /' "$dir/said"
	return 1
}

echo "contract: each operation by itself"
MOCK=1 "$build/contract/test_speak" || FAILED=1

echo "contract: the program"
umask 077
for secret in id secret refresh; do echo "mock-$secret" > "$dir/$secret"; done
demo_ini > "$dir/tallyman.ini"
cat >> "$dir/tallyman.ini" <<INI
[account walmart-us]
channel = walmart
base_url = http://127.0.0.1:4102
token_url = http://127.0.0.1:4102/v3/token
client_id = file:$dir/id
client_secret = file:$dir/secret
mode = live
[account amazon-na]
channel = amazon
base_url = http://127.0.0.1:4101
token_url = http://127.0.0.1:4101/auth/o2/token
client_id = file:$dir/id
client_secret = file:$dir/secret
refresh_token = file:$dir/refresh
seller_id = A1EXAMPLE
marketplaces = ATVPDKIKX0DER
mode = live
[account warehouse]
channel = local
counts_file = $dir/counts.csv
INI
ours init >/dev/null; say $? "an empty store"

# The orders of the contracts' examples, as the mock tells them to anybody (its inner ports keep no log).
node -e '
	const get = async (port, path, headers) => (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).json();
	(async () => {
		const w = await get(4202, "/v3/orders", { "WM_SEC.ACCESS_TOKEN": "x", "WM_QOS.CORRELATION_ID": "x", "WM_SVC.NAME": "x" });
		const a = await get(4201, "/orders/2026-01-01/orders?createdAfter=2026-01-01T00:00:00Z", { "x-amz-access-token": "x" });
		for (const o of w.list.elements.order) console.log(o.purchaseOrderId);
		for (const o of a.orders) console.log(o.orderId);
	})()' | sort -u > "$dir/expected"
[ -s "$dir/expected" ]; say $? "the contracts' examples hold $(grep -c . "$dir/expected") orders"

# Fewer than both show: the mock gives its one page of orders out for ever, and while a feed of orders is blind nothing is raised.
printf 'sku,qty\n97964_KFTest,12\nGM-ZDPI-9B4E,50\n' > "$dir/counts.csv"
"$program" engine --store "$dir/store" --config "$dir/tallyman.ini" --for 300s 2> "$dir/engine.log" &
engine=$!
until_true 120 sh -c "'$program' orders --store '$dir/store' --config '$dir/tallyman.ini' --json --all | grep -q '\"account\":\"amazon-na\"' &&
	'$program' orders --store '$dir/store' --config '$dir/tallyman.ini' --json --all | grep -q '\"account\":\"walmart-us\"'"
say $? "orders of both marketplaces arrive"
fresh=$(ours orders --json | sed -n 's/.*"state":"NEW".*"order":"\([0-9]*\)".*/\1/p' | head -1)
# The mock tells the same orders for every ship node type, so that after the WFS list Walmart seems to ship them itself: whoever
# asks then is told so, rightly. The operations themselves were spoken above.
by_program() { # WORD COMMAND ARGS...: said by the program, and on the mock's log
	word=$1; shift
	if confirmed "$@" > "$dir/told" 2>&1; then
		until_true 60 grep -q "$fresh/$word" "$mock/requests.jsonl"; say $? "order $fresh: $word, by the program"
	elif grep -q 'fulfils it itself' "$dir/told"; then
		echo "skip order $fresh: $word, by the program: the mock told it as one that Walmart ships"
	else
		cat "$dir/told"; say 1 "order $fresh: $word, by the program"
	fi
}
by_program acknowledge ack "$fresh"
by_program shipping ship "$fresh" --carrier ups --tracking 1Z999AA10123456784
# The mock's list of orders has no end (each page names itself as the next), so the orders of Walmart count as not known, and
# nothing is raised anywhere until they are: the quantities are reckoned and wait.
reckoned() { # SKU
	until_true 60 sh -c "'$program' stock '$1' --store '$dir/store' --config '$dir/tallyman.ini' --json | grep -Eq '\"(target|want)\":[1-9]'"
}
reckoned 97964_KFTest && reckoned GM-ZDPI-9B4E; say $? "the warehouse's counts become quantities for both marketplaces"
ours jobs waiting --json | grep -q '"stock"'; say $? "and wait while Walmart's orders are not known to their end"

ours orders --json --all > "$dir/orders.json"
for order in $(cat "$dir/expected"); do
	grep -q "\"order\":\"$order\"" "$dir/orders.json"; say $? "order $order of the contracts' examples stands in tallyman orders --json"
done
kill $engine; wait $engine; say $? "the engine ends cleanly"
engine=
grep ': error:' "$dir/engine.log"

# ---- what was spoken ----
spoken() { # NAME METHOD PATTERN
	n=$(grep "\"method\":\"$2\"" "$mock/requests.jsonl" | grep -cE "\"path\":\"$3")
	printf '   %-30s %-6s %4d times\n' "$1" "$2" "$n"
	[ "$n" -gt 0 ] || say 1 "$1 was never spoken"
	all=$((${all:-0} + 1))
}
echo "contract: what was spoken"
spoken 'Walmart: token' POST '/v3/token"'
spoken 'Walmart: token detail' GET '/v3/token/detail'
spoken 'Walmart: orders' GET '/v3/orders\?shipNodeType='
spoken 'Walmart: orders, next page' GET '/v3/orders\?(limit|.*soIndex)'
spoken 'Walmart: one order' GET '/v3/orders/[0-9]+"'
spoken 'Walmart: acknowledge' POST '/v3/orders/[0-9]+/acknowledge'
spoken 'Walmart: ship' POST '/v3/orders/[0-9]+/shipping'
spoken 'Walmart: cancel' POST '/v3/orders/[0-9]+/cancel'
spoken 'Walmart: quantity of a SKU' GET '/v3/inventory\?'
spoken 'Walmart: say a quantity' PUT '/v3/inventory\?'
spoken 'Walmart: all quantities' GET '/v3/inventories\?'
spoken 'Walmart: feeds' GET '/v3/feeds\?'
spoken 'Walmart: one feed' GET '/v3/feeds/'
spoken 'Walmart: a quantity at a node' PUT '/v3/inventories/'
spoken 'Walmart: a feed of quantities' POST '/v3/feeds\?feedType=MP_INVENTORY'
spoken 'Walmart: WFS stock' GET '/v3/fulfillment/inventory\?'
spoken 'Amazon: token' POST '/auth/o2/token'
spoken 'Amazon: searchOrders' GET '/orders/2026-01-01/orders\?'
spoken 'Amazon: orders, next page' GET '/orders/2026-01-01/orders\?.*paginationToken='
spoken 'Amazon: getOrder' GET '/orders/2026-01-01/orders/'
spoken 'Amazon: confirmShipment' POST '/orders/v0/orders/[^/]*/shipmentConfirmation'
spoken 'Amazon: getListingsItem' GET '/listings/2021-08-01/items/[^/?]*/[^/?]*\?'
spoken 'Amazon: patchListingsItem' PATCH '/listings/2021-08-01/items/[^?]*\?marketplaceIds=[A-Z0-9]*&issueLocale'
spoken 'Amazon: the same, preview' PATCH '/listings/.*mode=VALIDATION_PREVIEW'
spoken 'Amazon: searchListingsItems' GET '/listings/2021-08-01/items/[^/?]*\?'
spoken 'Amazon: getInventorySummaries' GET '/fba/inventory/v1/summaries\?'
spoken 'Amazon: getFeeds' GET '/feeds/2021-06-30/feeds\?'
spoken 'Amazon: createFeedDocument' POST '/feeds/2021-06-30/documents'
spoken 'Amazon: createFeed' POST '/feeds/2021-06-30/feeds"'
spoken 'Amazon: getFeed' GET '/feeds/2021-06-30/feeds/[0-9]'
spoken 'Amazon: getFeedDocument' GET '/feeds/2021-06-30/documents/'
spoken 'eBay: token' POST '/identity/v1/oauth2/token'
spoken 'eBay: getOrders, to be shipped' GET '/sell/fulfillment/v1/order\?filter=lastmodifieddate.*NOT_STARTED'
spoken 'eBay: getOrders, what left' GET '/sell/fulfillment/v1/order\?filter=lastmodifieddate.*FULFILLED'
spoken 'eBay: getOrders, new ones' GET '/sell/fulfillment/v1/order\?filter=creationdate'
spoken 'eBay: getOrders, next page' GET '/sell/fulfillment/v1/order\?.*offset=190'
spoken 'eBay: getOrder' GET '/sell/fulfillment/v1/order/[^/?]*"'
spoken 'eBay: shipping_fulfillment' POST '/sell/fulfillment/v1/order/[^/]*/shipping_fulfillment'
spoken 'eBay: getInventoryItems' GET '/sell/inventory/v1/inventory_item\?'
spoken 'eBay: getOffers' GET '/sell/inventory/v1/offer\?sku='
spoken 'eBay: bulk_update_price_quantity' POST '/sell/inventory/v1/bulk_update_price_quantity'
spoken 'eBay: getInventoryLocations' GET '/sell/inventory/v1/location\?'
# One address: an operation is told by its name.
spoken_by_name() { # NAME
	n=$(grep '"path":"/admin/api/2026-10/graphql.json"' "$mock/requests.jsonl" | grep -c "operationName[^a-zA-Z]*$1[^a-zA-Z]")
	printf '   %-30s %-6s %4d times\n' "Shopify: $1" POST "$n"
	[ "$n" -gt 0 ] || say 1 "Shopify: $1 was never spoken"
	all=$((${all:-0} + 1))
}
spoken 'Shopify: token' POST '/admin/oauth/access_token'
for operation in Shop Orders Order Ship SetQuantity Variants Item Places; do spoken_by_name "$operation"; done
spoken 'NetSuite: token' POST '/services/rest/auth/oauth2/v1/token'
spoken 'NetSuite: SuiteQL, one row' POST '/services/rest/query/v1/suiteql\?limit=1&'
spoken 'NetSuite: SuiteQL, a page' POST '/services/rest/query/v1/suiteql\?limit=1000&offset=0'
spoken 'NetSuite: SuiteQL, the next' POST '/services/rest/query/v1/suiteql\?limit=1000&offset=1'
spoken 'CartonCloud: token' POST '/uaa/oauth/token'
spoken 'CartonCloud: who we are' GET '/uaa/userinfo'
spoken 'CartonCloud: a stock report' POST '/tenants/[^/]*/report-runs"'
spoken 'CartonCloud: its result' GET '/tenants/[^/]*/report-runs/[^/]*\?page='
spoken 'CartonCloud: products' POST '/tenants/[^/]*/warehouse-products/search\?'
spoken 'CartonCloud: our orders' POST '/tenants/[^/]*/outbound-orders/search\?'
grep -q '"otherCarrier' "$mock/requests.jsonl" || grep -q 'otherCarrier' "$mock/requests.jsonl"; say $? "Walmart: a shipment by another carrier"
[ "$FAILED" = 0 ] && echo "ok all $all operations were spoken"
exit $FAILED
