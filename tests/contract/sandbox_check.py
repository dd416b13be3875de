#!/usr/bin/env python3
"""Do the simulated marketplaces answer as the platforms' published contracts say?

    python3 tests/contract/sandbox_check.py [build/tallyman]        (from the project's root)

Starts `tallyman sandbox` on free ports, speaks every operation that it has, and holds each reply against the schema of
the contract files. CONTRACTS=DIR says where those are (default ../shared/contracts); without them it says that it
skipped, and succeeds. Exit status: 0 clean or skipped, 1 violations, each on a line with its JSON path.

Only the standard library is used. A property that the schema does not know is a violation too, but for those that
the platform's own examples or live replies have: they are listed in BESIDE, with their source.
"""
import base64
import gzip
import hashlib
import hmac
import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

CONTRACTS = os.environ.get("CONTRACTS", "../shared/contracts")
TALLYMAN = sys.argv[1] if len(sys.argv) > 1 else "build/tallyman"

# Beside the schema: where a platform's own words leave it.
BESIDE = {
    "walmart": {
        "feedSubmissionDate",  # example of GET /v3/feeds/{feedId}
        "fileName", "itemDataErrorCount", "itemSystemErrorCount", "itemTimeoutErrorCount",  # example of GET /v3/feeds
    },
    "amazon": set(),
    "ebay": set(),
    "cartoncloud": set(),
    "netsuite": set(),
}


class Contract:
    """A contract file: operations by method and path, schemas with their references resolved."""

    def __init__(self, path):
        with open(os.path.join(CONTRACTS, "specs", path), encoding="utf-8") as f:
            self.doc = json.load(f)

    def resolve(self, schema):
        while "$ref" in schema:
            at = self.doc
            for word in schema["$ref"].split("/")[1:]:
                at = at[word.replace("~1", "/")]
            schema = at
        return schema

    def reply(self, method, path, status):
        """The schema of a reply: OpenAPI 3 keeps it under content, Swagger 2 beside the description. None: no body."""
        responses = self.doc["paths"][path][method.lower()]["responses"]
        response = self.resolve(responses[str(status)] if str(status) in responses else responses["default"])
        if "content" in response:
            kinds = response["content"]
            return (kinds["application/json"] if "application/json" in kinds else next(iter(kinds.values())))["schema"]
        return response.get("schema")


class Checker:
    def __init__(self, contract, platform):
        self.contract, self.platform, self.found = contract, platform, []

    def say(self, where, what):
        self.found.append(f"{where}: {what}")

    def check(self, value, schema, where):
        schema = self.contract.resolve(schema)
        for part in schema.get("allOf", []):
            self.check(value, part, where)
        kind = schema.get("type", "object" if "properties" in schema else None)
        if kind == "object":
            self.check_object(value, schema, where)
        elif kind == "array":
            self.check_array(value, schema, where)
        elif kind:
            self.check_scalar(value, kind, schema, where)

    def check_object(self, value, schema, where):
        if not isinstance(value, dict):
            return self.say(where, f"is no object but {type(value).__name__}")
        known = schema.get("properties")
        for name in schema.get("required", []):
            if value.get(name) is None:
                self.say(f"{where}.{name}", "is required and not there")
        for name, inner in value.items():
            if known is None or inner is None:  # an absent value may be written as null
                continue
            if name in known:
                self.check(inner, known[name], f"{where}.{name}")
            elif "additionalProperties" not in schema and name not in BESIDE[self.platform]:
                self.say(f"{where}.{name}", "is not in the contract")

    def check_array(self, value, schema, where):
        if not isinstance(value, list):
            return self.say(where, f"is no array but {type(value).__name__}")
        if len(value) < schema.get("minItems", 0):
            self.say(where, "has too few elements")
        for i, element in enumerate(value):
            self.check(element, schema.get("items", {}), f"{where}[{i}]")

    def check_scalar(self, value, kind, schema, where):
        right = {
            "string": isinstance(value, str),
            "integer": isinstance(value, int) and not isinstance(value, bool),
            "number": isinstance(value, (int, float)) and not isinstance(value, bool),
            "boolean": isinstance(value, bool),
        }[kind]
        if not right:
            return self.say(where, f"is no {kind} but {value!r:.60}")
        if "enum" in schema and value not in schema["enum"]:
            self.say(where, f"{value!r} is none of the contract's words")
        if schema.get("format") == "date-time" and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value):
            self.say(where, f"{value!r} is no date-time")
        if kind in ("integer", "number") and value < schema.get("minimum", value):
            self.say(where, f"{value} is below the minimum")


class Client:
    """Speaks to one platform and holds what it hears against the contract."""

    def __init__(self, platform, base, contracts):
        self.platform, self.base, self.contracts = platform, base, contracts
        self.headers, self.spoken, self.violations = {}, 0, []

    def ask(self, method, url, body=None, headers=None):
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        request = urllib.request.Request(self.base + url, data=data, method=method, headers={**self.headers, **(headers or {})})
        if data is not None and "Content-type" not in request.headers:
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return reply.status, reply.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def speak(self, method, path, url, status=200, body=None, schema=None, of=None, headers=None):
        """url is the path with its places filled. schema: another one than the operation's; of: a part of the reply. The reply."""
        got, text = self.ask(method, url, body, headers)
        self.spoken += 1
        where = f"{self.platform} {method} {url.split('?')[0]} {got}"
        if got != status:
            self.violations.append(f"{where}: expected {status}: {text[:200]!r}")
            return {}
        contract, schema = self.schema_of(method, path, status, schema)
        if schema is None:
            if text:
                self.violations.append(f"{where}: has a body that the contract does not have")
            return {}
        value = json.loads(text)
        checker = Checker(contract, self.platform)
        checker.check(value[of] if of else value, schema, "$" + (f".{of}" if of else ""))
        self.violations += [f"{where}: {found}" for found in checker.found]
        return value

    def schema_of(self, method, path, status, schema):
        for contract in self.contracts:
            if schema is not None:
                return contract, schema(contract)
            if path in contract.doc["paths"] and method.lower() in contract.doc["paths"][path]:
                return contract, contract.reply(method, path, status)
        raise SystemExit(f"the contract has no {method} {path}")


def until(ask, good):
    """Ask again until it is so, for half a minute."""
    for _ in range(60):
        value = ask()
        if good(value):
            return value
        time.sleep(0.5)
    return value


def walmart_order_schema(contract):
    """One order of the list. For GET of one order the contract's schema and its example differ (the schema is bare, with a
    date-time string; the example wraps it in "order", with epoch milliseconds, as the service does): the list's is the measure."""
    page = contract.resolve(contract.reply("GET", "/v3/orders", 200))
    orders = contract.resolve(contract.resolve(contract.resolve(page["properties"]["list"])["properties"]["elements"])["properties"]["order"])
    return orders["items"]


def walmart_errors_schema(contract):
    feeds = contract.resolve(contract.reply("GET", "/v3/feeds", 200))
    return {"type": "array", "items": contract.resolve(feeds["properties"]["errors"])["items"], "minItems": 1}


def walmart_line_statuses(order, status, extra):
    lines = [{"lineNumber": line["lineNumber"], **({"sellerOrderId": "S-1"} if status == "Shipped" else {}),
              "orderLineStatuses": {"orderLineStatus": [{"status": status, "statusQuantity": {"unitOfMeasurement": "EACH", "amount": "1"}, **extra}]}}
             for line in order["orderLines"]["orderLine"]]
    return {"orderLines": {"orderLine": lines}}


def walmart_reads(w):
    page = w.speak("GET", "/v3/orders", "/v3/orders?limit=50")
    while page["list"]["meta"]["nextCursor"]:
        page = w.speak("GET", "/v3/orders", "/v3/orders" + page["list"]["meta"]["nextCursor"])
    w.speak("GET", "/v3/orders", "/v3/orders?shipNodeType=WFSFulfilled&replacementInfo=true")
    w.speak("GET", "/v3/orders", "/v3/orders?lastModifiedStartDate=2020-01-01")
    w.speak("GET", "/v3/token/detail", "/v3/token/detail", headers={"Content-Type": "application/json"})
    sku = w.speak("GET", "/v3/inventories", "/v3/inventories?limit=50")["elements"]["inventories"][0]["sku"]
    w.speak("GET", "/v3/inventory", f"/v3/inventory?sku={sku}")
    w.speak("PUT", "/v3/inventory", f"/v3/inventory?sku={sku}", body={"sku": sku, "quantity": {"unit": "EACH", "amount": 12}})
    node = w.speak("GET", "/v3/inventories/{sku}", f"/v3/inventories/{sku}")["nodes"][0]["shipNode"]
    w.speak("PUT", "/v3/inventories/{sku}", f"/v3/inventories/{sku}",
            body={"inventories": {"nodes": [{"shipNode": n, "inputQty": {"unit": "EACH", "amount": 3}} for n in (node, "1")]}})
    for feed in w.speak("GET", "/v3/feeds", "/v3/feeds")["results"]["feed"]:
        w.speak("GET", "/v3/feeds/{feedId}", f"/v3/feeds/{urllib.parse.quote(feed['feedId'])}?includeDetails=true")


def walmart_writes(w):
    open_orders = w.speak("GET", "/v3/orders/released", "/v3/orders/released?limit=4")["list"]["elements"]["order"]
    first, second = open_orders[:2]
    one = f"/v3/orders/{first['purchaseOrderId']}"
    tracking = {"trackingInfo": {"shipDateTime": 1763712000000, "carrierName": {"carrier": "UPS"}, "methodCode": "Standard", "trackingNumber": "1Z1"}}
    other = {"trackingInfo": {**tracking["trackingInfo"], "carrierName": {"otherCarrier": "Bike"}, "trackingURL": "https://x.example/1"}}
    reason = {"cancellationReason": "SELLER_CANCEL_OUT_OF_STOCK"}
    base = "/v3/orders/{purchaseOrderId}"
    w.speak("GET", base, one, schema=walmart_order_schema, of="order")
    w.speak("POST", base + "/acknowledge", one + "/acknowledge", body=b"", schema=walmart_order_schema, of="order")
    w.speak("POST", base + "/shipping", one + "/shipping", body={"orderShipment": walmart_line_statuses(first, "Shipped", tracking)})
    w.speak("GET", base, one, schema=walmart_order_schema, of="order")
    w.speak("POST", base + "/shipping", f"/v3/orders/{second['purchaseOrderId']}/shipping", body={"orderShipment": walmart_line_statuses(second, "Shipped", other)})
    third = f"/v3/orders/{open_orders[2]['purchaseOrderId']}"
    w.speak("POST", base + "/cancel", third + "/cancel", body={"orderCancellation": walmart_line_statuses(open_orders[2], "Cancelled", reason)})


def walmart_bulk(w):
    """The contract says that the file is a part of a form; it does not show what is in it."""
    w.speak("GET", "/v3/fulfillment/inventory", "/v3/fulfillment/inventory?limit=300")
    sku = w.speak("GET", "/v3/inventories", "/v3/inventories?limit=50")["elements"]["inventories"][1]["sku"]
    item = {"sku": sku, "shipNodes": [{"shipNode": "10001204501", "quantity": {"unit": "EACH", "amount": 6}}]}
    file = json.dumps({"inventoryHeader": {"version": "1.5"}, "inventory": [item, {"sku": "none", "shipNodes": []}]})
    form = f"--b1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"q.json\"\r\n\r\n{file}\r\n--b1--\r\n"
    feed = w.speak("POST", "/v3/feeds", "/v3/feeds?feedType=MP_INVENTORY", body=form.encode(),
                   headers={"Content-Type": "multipart/form-data; boundary=b1"})["feedId"]
    one = f"/v3/feeds/{urllib.parse.quote(feed)}?includeDetails=true"
    said = until(lambda: w.speak("GET", "/v3/feeds/{feedId}", one), lambda v: v.get("feedStatus") == "PROCESSED")
    if (said.get("itemsSucceeded"), said.get("itemsFailed")) != (1, 1):
        w.violations.append(f"walmart: the feed ended with {said}")


def walmart_check(base):
    w = Client("walmart", base, [Contract("walmart/walmart_us_merged.json")])
    secret = base64.b64encode(b"sandbox-walmart-client:sandbox-walmart-secret").decode()
    w.headers = {"WM_SVC.NAME": "tallyman", "WM_QOS.CORRELATION_ID": "c-1", "Accept": "application/json"}
    token = w.speak("POST", "/v3/token", "/v3/token", body=b"grant_type=client_credentials",
                    headers={"Authorization": f"Basic {secret}", "Content-Type": "application/x-www-form-urlencoded"})
    w.headers["WM_SEC.ACCESS_TOKEN"] = token["access_token"]
    walmart_reads(w)
    walmart_writes(w)
    walmart_bulk(w)
    w.speak("GET", "/v3/inventory", "/v3/inventory?sku=none", status=404, schema=walmart_errors_schema, of="errors")
    return w


def amazon_orders(a):
    everything = "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT,FULFILLMENT_ORDERS"
    search, since = "/orders/2026-01-01/orders", "createdAfter=2020-01-01T00:00:00Z"
    page = a.speak("GET", search, f"{search}?{since}&includedData={everything}")
    orders = page["orders"]
    while "pagination" in page:
        token = page["pagination"]["nextToken"]
        page = a.speak("GET", search, f"{search}?{since}&includedData={everything}&paginationToken={token}")
        orders += page["orders"]
    a.speak("GET", search, f"{search}?lastUpdatedAfter=2020-01-01T00:00:00Z&maxResultsPerPage=5")
    a.speak("GET", search, f"{search}?createdAfter=TEST_CASE_400", status=400)
    a.speak("GET", search + "/{orderId}", f"{search}/111-1111111-1111111", status=404)
    order = next(o for o in orders if o["fulfillment"]["fulfillmentStatus"] == "UNSHIPPED" and o["fulfillment"]["fulfilledBy"] == "MERCHANT")
    one, confirm = f"{search}/{order['orderId']}", "/orders/v0/orders/{orderId}/shipmentConfirmation"
    package = {"packageReferenceId": "1", "carrierCode": "UPS", "trackingNumber": "1Z1", "shipDate": "2025-11-21T07:00:00Z",
               "orderItems": [{"orderItemId": i["orderItemId"], "quantity": i["quantityOrdered"]} for i in order["orderItems"]]}
    body = {"marketplaceId": order["salesChannel"]["marketplaceId"], "packageDetail": package}
    a.speak("POST", confirm, confirm.replace("{orderId}", order["orderId"]), status=204, body=body)
    a.speak("POST", confirm, confirm.replace("{orderId}", order["orderId"]), status=400, body={"marketplaceId": "x"})
    seen = a.speak("GET", search + "/{orderId}", f"{one}?includedData={everything}")
    if seen["order"]["fulfillment"]["fulfillmentStatus"] != "SHIPPED":
        a.violations.append("amazon: the confirmed order does not show as SHIPPED")


def amazon_listings(a):
    seller, market = "A2SANDBOXSELLER", "marketplaceIds=ATVPDKIKX0DER"
    listing = "/listings/2021-08-01/items/{sellerId}/{sku}"
    data = "includedData=summaries,attributes,issues,offers,fulfillmentAvailability,productTypes"
    found = a.speak("GET", "/listings/2021-08-01/items/{sellerId}", f"/listings/2021-08-01/items/{seller}?{market}&{data}&pageSize=20")
    item = next(i for i in found["items"] if i["fulfillmentAvailability"][0]["fulfillmentChannelCode"] == "DEFAULT")
    one = f"/listings/2021-08-01/items/{seller}/{item['sku']}"
    a.speak("GET", listing, f"{one}?{market}&{data}")
    a.speak("GET", listing, f"{one}?{market}")
    a.speak("GET", listing, f"/listings/2021-08-01/items/{seller}/none?{market}", status=404)
    for quantity, mode, status in ((7, "", "ACCEPTED"), (7, "&mode=VALIDATION_PREVIEW&includedData=identifiers,issues", "VALID"), (-1, "", "INVALID")):
        value = [{"fulfillment_channel_code": "DEFAULT", "quantity": quantity}]
        patch = {"productType": "PRODUCT", "patches": [{"op": "merge", "path": "/attributes/fulfillment_availability", "value": value}]}
        said = a.speak("PATCH", listing, f"{one}?{market}{mode}", body=patch)
        if said.get("status") != status:
            a.violations.append(f"amazon PATCH of {quantity}: {said.get('status')}, expected {status}")
    a.speak("PATCH", listing, f"{one}?{market}", status=400, body={"productType": "PRODUCT", "patches": []})


def amazon_bulk(a):
    base, market = "/feeds/2021-06-30/", "ATVPDKIKX0DER"
    fba = f"/fba/inventory/v1/summaries?details=true&granularityType=Marketplace&granularityId={market}&marketplaceIds={market}"
    sku = a.speak("GET", "/fba/inventory/v1/summaries", fba)["payload"]["inventorySummaries"][0]["sellerSku"]
    a.speak("GET", "/fba/inventory/v1/summaries", fba.replace("details=true&", ""))
    document = a.speak("POST", base + "documents", base + "documents", status=201, body={"contentType": "application/json; charset=UTF-8"})
    value = [{"fulfillment_channel_code": "DEFAULT", "quantity": 5}]
    patch = {"op": "merge", "path": "/attributes/fulfillment_availability", "value": value}
    messages = [{"messageId": i + 1, "sku": s, "operationType": "PATCH", "productType": "PRODUCT", "patches": [patch]} for i, s in enumerate((sku, "none"))]
    feed = json.dumps({"header": {"sellerId": "A2SANDBOXSELLER", "version": "2.0"}, "messages": messages}).encode()
    put = urllib.request.Request(document["url"], data=feed, method="PUT", headers={"Content-Type": "application/json; charset=UTF-8"})
    with urllib.request.urlopen(put, timeout=30):
        pass
    wish = {"feedType": "JSON_LISTINGS_FEED", "marketplaceIds": [market], "inputFeedDocumentId": document["feedDocumentId"]}
    one = base + "feeds/" + a.speak("POST", base + "feeds", base + "feeds", status=202, body=wish)["feedId"]
    a.speak("GET", base + "feeds", base + "feeds?feedTypes=JSON_LISTINGS_FEED")
    done = until(lambda: a.speak("GET", base + "feeds/{feedId}", one), lambda v: v.get("processingStatus") == "DONE")
    where = a.speak("GET", base + "documents/{feedDocumentId}", base + "documents/" + done["resultFeedDocumentId"])
    with urllib.request.urlopen(where["url"], timeout=30) as reply:
        text = reply.read()
    report = json.loads(gzip.decompress(text) if where.get("compressionAlgorithm") == "GZIP" else text)
    with open(os.path.join(CONTRACTS, "specs/amazon/schemas/feeds/listings-feed-processing-report-schema-v2.json"), encoding="utf-8") as f:
        schema = json.load(f)
    checker = Checker(a.contracts[0], "amazon")
    checker.check(report, {"type": "object", **schema}, "$")
    a.violations += [f"amazon processing report: {found}" for found in checker.found]
    if report["summary"]["messagesInvalid"] != 2:  # one is Amazon's to ship, the other there is none of
        a.violations.append(f"amazon: the report sums up {report['summary']}")


def amazon_check(base):
    files = ("orders_2026-01-01", "ordersV0", "listingsItems_2021-08-01", "feeds_2021-06-30", "fbaInventory")
    a = Client("amazon", base, [Contract(f"amazon/models/{f}.json") for f in files])
    form = urllib.parse.urlencode({"grant_type": "refresh_token", "refresh_token": "Atzr|sandbox-refresh-token",
                                   "client_id": "amzn1.application-oa2-client.sandbox", "client_secret": "sandbox-amazon-secret"})
    status, text = a.ask("POST", "/auth/o2/token", form.encode(), {"Content-Type": "application/x-www-form-urlencoded"})
    token = json.loads(text) if status == 200 else {}
    if not isinstance(token.get("access_token"), str) or token.get("expires_in") != 3600 or token.get("token_type") != "bearer":
        a.violations.append(f"amazon POST /auth/o2/token {status}: no token")
    a.headers = {"x-amz-access-token": token.get("access_token", "")}
    amazon_orders(a)
    amazon_listings(a)
    amazon_bulk(a)
    return a


def ebay_orders(e):
    order = "/sell/fulfillment/v1/order"
    page = e.speak("GET", order, order + "?limit=50")
    orders = page["orders"]
    while "next" in page:
        page = e.speak("GET", order, page["next"][page["next"].index("/sell"):])
        orders += page["orders"]
    if len(orders) != page["total"]:
        e.violations.append(f"ebay: {len(orders)} orders listed of {page['total']}")
    e.speak("GET", order, order + "?filter=lastmodifieddate:%5B2026-01-01T00:00:00.000Z..%5D,orderfulfillmentstatus:%7BFULFILLED%7CIN_PROGRESS%7D")
    first = next(o for o in orders if o["orderFulfillmentStatus"] == "NOT_STARTED" and o["cancelStatus"]["cancelState"] == "NONE_REQUESTED")
    one, ship = f"{order}/{first['orderId']}", order + "/{orderId}/shipping_fulfillment"
    e.speak("GET", order + "/{orderId}", one)
    lines = [{"lineItemId": line["lineItemId"], "quantity": line["quantity"]} for line in first["lineItems"]]
    status, text = e.ask("POST", one + "/shipping_fulfillment", {"lineItems": lines, "shippingCarrierCode": "UPS", "trackingNumber": "1Z1"})
    if status != 201 or text:  # the contract declares an object; what clients have seen is a header and nothing else
        e.violations.append(f"ebay POST shipping_fulfillment {status}: {text[:80]!r}")
    e.speak("GET", ship, one + "/shipping_fulfillment")
    e.speak("GET", ship + "/{fulfillmentId}", one + "/shipping_fulfillment/1Z1")
    if e.speak("GET", order + "/{orderId}", one).get("orderFulfillmentStatus") != "FULFILLED":
        e.violations.append("ebay: the shipped order does not show as FULFILLED")


def ebay_stock(e):
    base = "/sell/inventory/v1/"
    item, offer, bulk = base + "inventory_item", base + "offer", base + "bulk_update_price_quantity"
    items = e.speak("GET", item, item + "?limit=200")["inventoryItems"]
    grouped = next(i for i in items if "groupIds" in i)
    e.speak("GET", item + "/{sku}", f"{item}/{grouped['sku']}")
    e.speak("GET", base + "inventory_item_group/{inventoryItemGroupKey}", f"{base}inventory_item_group/{grouped['groupIds'][0]}")
    e.speak("POST", base + "bulk_get_inventory_item", base + "bulk_get_inventory_item", body={"requests": [{"sku": grouped["sku"]}]})
    offers = e.speak("GET", offer, f"{offer}?sku={grouped['sku']}")["offers"]
    e.speak("GET", offer + "/{offerId}", f"{offer}/{offers[0]['offerId']}")
    e.speak("GET", base + "location", base + "location")
    wish = {"sku": grouped["sku"], "shipToLocationAvailability": {"quantity": 7}, "offers": [{"offerId": offers[0]["offerId"], "availableQuantity": 7}]}
    e.speak("POST", bulk, bulk, body={"requests": [wish]})
    e.speak("POST", bulk, bulk, status=207, body={"requests": [wish, {"offers": [{"offerId": "1", "availableQuantity": 1}]}]},
            schema=lambda contract: contract.reply("POST", bulk, 200))
    if e.speak("GET", item + "/{sku}", f"{item}/{grouped['sku']}")["availability"]["shipToLocationAvailability"]["quantity"] != 7:
        e.violations.append("ebay: the quantity does not show")


def ebay_check(base):
    e = Client("ebay", base, [Contract(f"ebay/ebay_sell_{f}_v1_oas3.json") for f in ("inventory", "fulfillment")])
    secret = base64.b64encode(b"HarborPi-sandbox-PRD-000000000-00000000:sandbox-ebay-secret").decode()
    form = urllib.parse.urlencode({"grant_type": "refresh_token", "refresh_token": "v^1.1#i^1#sandbox-refresh-token"})
    status, text = e.ask("POST", "/identity/v1/oauth2/token", form.encode(),
                         {"Authorization": f"Basic {secret}", "Content-Type": "application/x-www-form-urlencoded"})
    token = json.loads(text) if status == 200 else {}
    if not isinstance(token.get("access_token"), str) or token.get("expires_in") != 7200:
        e.violations.append(f"ebay POST /identity/v1/oauth2/token {status}: no token")
    e.headers = {"Authorization": f"Bearer {token.get('access_token', '')}"}
    ebay_orders(e)
    ebay_stock(e)
    return e


def cartoncloud_check(base):
    """Their file is a transcription of documentation: it holds the shape, it is no evidence of its own."""
    c = Client("cartoncloud", base, [Contract("cartoncloud/cartoncloud_subset.openapi.json")])
    secret = base64.b64encode(b"sandbox-cartoncloud-client:sandbox-cartoncloud-secret").decode()
    c.headers = {"Accept-Version": "1"}
    token = c.speak("POST", "/uaa/oauth/token", "/uaa/oauth/token", body=b"grant_type=client_credentials",
                    headers={"Authorization": f"Basic {secret}", "Content-Type": "application/x-www-form-urlencoded"})
    c.speak("GET", "/uaa/userinfo", "/uaa/userinfo", status=401)
    c.headers["Authorization"] = "Bearer " + token.get("access_token", "")
    path, tenant = "/tenants/{tenantId}", "/tenants/" + c.speak("GET", "/uaa/userinfo", "/uaa/userinfo")["tenants"][0]["id"]
    customer = c.speak("GET", path + "/customers", tenant + "/customers")[0]["id"]
    c.speak("GET", path + "/customers/{id}", tenant + "/customers/" + customer)
    everything = {"condition": {"type": "AndCondition", "conditions": []}}
    c.speak("POST", path + "/warehouse-products/search", tenant + "/warehouse-products/search", body=everything)
    orders = until(lambda: c.speak("POST", path + "/outbound-orders/search", tenant + "/outbound-orders/search?size=100", body=everything), bool)
    c.speak("GET", path + "/outbound-orders/{id}", tenant + "/outbound-orders/" + orders[0]["id"])
    c.speak("POST", path + "/outbound-orders/search", tenant + "/outbound-orders/search", status=400, body={})
    wish = {"type": "STOCK_ON_HAND", "parameters": {"pageSize": 50, "customer": {"id": customer},
                                                    "aggregateBy": ["productType", "unitOfMeasure", "productStatus"]}}
    run = c.speak("POST", path + "/report-runs", tenant + "/report-runs", status=201, body=wish)["id"]
    done = until(lambda: c.speak("GET", path + "/report-runs/{id}", tenant + "/report-runs/" + run), lambda v: v.get("status") == "SUCCESS")
    if len(done.get("items", [])) != 50:
        c.violations.append(f"cartoncloud: a page of 50 has {len(done.get('items', []))}")
    c.speak("POST", path + "/report-runs", tenant + "/report-runs", status=422, body={"type": "STOCK_ON_HAND", "parameters": {}})
    return c


def netsuite_signed(base, path, query, now_s):
    """OAuth 1.0a, HMAC-SHA256, as Oracle's help describes it."""
    def enc(text):
        return urllib.parse.quote(str(text), safe="-._~")
    oauth = {"oauth_consumer_key": "sandbox-netsuite-consumer-key", "oauth_token": "sandbox-netsuite-token-id", "oauth_nonce": os.urandom(12).hex(),
             "oauth_timestamp": now_s, "oauth_signature_method": "HMAC-SHA256", "oauth_version": "1.0"}
    pairs = "&".join(f"{enc(k)}={enc(v)}" for k, v in sorted({**oauth, **query}.items()))
    text = "&".join(("POST", enc(base + path), enc(pairs)))
    key = b"sandbox-netsuite-consumer-secret&sandbox-netsuite-token-secret"
    oauth["oauth_signature"] = base64.b64encode(hmac.new(key, text.encode(), hashlib.sha256).digest()).decode()
    return 'OAuth realm="1234567_SB1", ' + ", ".join(f'{k}="{enc(v)}"' for k, v in oauth.items())


def netsuite_check(base):
    n = Client("netsuite", base, [Contract("netsuite/netsuite_rest_subset.openapi.json")])
    path = "/services/rest/query/v1/suiteql"
    for sql, status in (("SELECT id, itemid, displayname FROM item WHERE itemtype = 'InvtPart' ORDER BY id", 200),
                        ("SELECT i.itemid, s.location, s.quantityavailable FROM inventoryitemlocations s JOIN item i ON i.id = s.item "
                         "ORDER BY s.item, s.location", 200),
                        ("SELECT id, tranid, otherrefnum, status FROM transaction WHERE type = 'SalesOrd' ORDER BY id", 200),
                        ("SELECT shoesize FROM item", 400)):
        query = {"limit": "100", "offset": "0"}
        now_s = json.loads(n.ask("GET", "/sandbox/report")[1])["now_ms"] // 1000  # the simulated time runs twenty times as fast
        n.speak("POST", path, f"{path}?limit=100&offset=0", status=status, body={"q": sql},
                headers={"Prefer": "transient", "Authorization": netsuite_signed(base, path, query, now_s)})
    n.speak("POST", path, path, status=401, body={"q": "SELECT id FROM item"}, headers={"Prefer": "transient"})
    return n


def main():
    if not os.path.isdir(os.path.join(CONTRACTS, "specs", "walmart")):
        print(f"sandbox_check: skipped, there are no contracts in {CONTRACTS}")
        return 0
    words = [TALLYMAN, "sandbox", "--demo", "--sell", "walmart,amazon,ebay,shopify", "--port", "0", "--depots", "--settle", "0", "--speed", "20"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as sandbox:
        try:
            bases = dict(sandbox.stdout.readline().split()[1:] for _ in range(6))
            clients = [walmart_check(bases["walmart"]), amazon_check(bases["amazon"]), ebay_check(bases["ebay"]),
                       cartoncloud_check(bases["cartoncloud"]), netsuite_check(bases["netsuite"])]
        finally:
            sandbox.terminate()
    violations = [v for c in clients for v in c.violations]
    for violation in violations[:60]:
        print(f"sandbox_check: {violation}")
    print(f"sandbox_check: {sum(c.spoken for c in clients)} replies, {len(violations)} violations")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
