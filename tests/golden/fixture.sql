-- The seller of the golden screens: three accounts, a dozen orders, a few offers of which four drift, five failures.
-- It is Friday 2026-11-20 07:58 UTC, and stays so: @ is that moment, @-2h11m and @+14s are moments beside it.

INSERT INTO lease (id, epoch, pid, started_ms, beat_ms) VALUES (1, 3, 4121, @-3d02h, @-4s);
INSERT INTO meta (key, value) VALUES ('name', 'prod-eu');

INSERT INTO account (id, name, channel, mode, marketplaces, base_url, state, state_text, state_ms, ok_ms, heard_ms, made_ms) VALUES
	(1, 'walmart-us', 'walmart', 'live',   'US',    'https://marketplace.walmartapis.com',       'ok',   '',                              @-3d02h, @-9s,    @-2m, @-40d),
	(2, 'amazon-eu',  'amazon',  'live',   'DE,FR', 'https://sellingpartnerapi-eu.amazon.com',   'slow', 'they answer 429 to one in ten', @-26m,   @-14s,   @-3m, @-40d),
	(3, 'walmart-ca', 'walmart', 'shadow', 'CA',    'https://marketplace.walmartapis.com/ca',    'auth', '401 three times, new secret?',  @-6m12s, @-6m12s, @-9m, @-2d);

INSERT INTO bucket (account_id, name, filled_ms, rate, window_ms, burst, credit, calls, throttled, day_used) VALUES
	(1, 'walmart.orders.list',   @, 5000, 60000, 5000, 222000000, 212, 0, 900),
	(1, 'walmart.inventory.put', @,  200, 60000,  200,  11880000,  31, 0, 120),
	(2, 'amazon.orders.search',  @,    1, 60000,   20,    780000, 240, 6, 410),
	(2, 'amazon.listings.patch', @,  300, 60000,    5,    300000,  40, 0,  55),
	(3, 'walmart.orders.list',   @, 5000, 60000, 5000,         0,  12, 0,  12);

UPDATE bucket SET reserve_pct = 20, verbs = 'stock:1' WHERE name IN ('walmart.inventory.put', 'amazon.listings.patch');
UPDATE bucket SET verbs = 'orders:1' WHERE name LIKE '%orders%';
UPDATE bucket SET hold_ms = @+12m WHERE account_id = 3;
INSERT INTO bucket (account_id, name, filled_ms, rate, window_ms, burst, credit, calls, throttled, daily, day_used, day_ends_ms, reserve_pct, verbs) VALUES
	(2, 'amazon.reports',      @, 1, 60000, 15, 900000, 0, 0, 0, 0, 0, 0, 'run:1'),
	(2, 'amazon.feeds.create', @, 0, 1, 0, 0, 900, 3, 1000, 640, @+16h02m, 20, 'bulk:1');
INSERT INTO spend (account_id, bucket, hour, lane, person, calls, tokens) VALUES
	(1, 'walmart.orders.list', @ / 3600000, 3, 0, 60, 60), (1, 'walmart.orders.list', @ / 3600000 - 1, 3, 0, 64, 64), (1, 'walmart.orders.list', @ / 3600000 - 9, 3, 0, 30, 30),
	(1, 'walmart.inventory.put', @ / 3600000 - 1, 4, 0, 20, 20), (1, 'walmart.inventory.put', @ / 3600000 - 3, 1, 0, 40, 40),
	(1, 'walmart.inventory.put', @ / 3600000 - 3, 0, 1, 5, 5), (2, 'amazon.listings.patch', @ / 3600000 - 2, 0, 1, 4, 4),
	(2, 'amazon.orders.search', @ / 3600000, 3, 0, 30, 30), (2, 'amazon.feeds.create', @ / 3600000, 4, 0, 39, 39), (2, 'amazon.feeds.create', @ / 3600000 - 1, 5, 0, 30, 30);

INSERT INTO breaker (account_id, name, state, fails, good, since_ms, probe_ms, ok_ms, fault, text) VALUES
	(1, 'orders', 'closed', 0, 9, @-3d02h, 0, @-9s, '', ''),
	(2, 'orders', 'closed', 0, 4, @-1d, 0, @-14s, '', ''),
	(3, 'orders', 'open', 3, 0, @-6m20s, @+1m30s, @-6m12s, 'AUTH', 'they do not know us'),
	(3, 'feeds', 'half', 0, 1, @-6m20s, @-5m, @-5m, 'REMOTE', '503');

-- ---- calls ----

INSERT INTO body (id, hash, key_id, sealed, size, purge_ms) VALUES
	(1, x'01', 1, x'00', 412, @+30d), (2, x'02', 1, x'00', 8120, @+30d), (3, x'03', 1, x'00', 96, @+30d), (4, x'04', 1, x'00', 640, @+30d);

INSERT INTO attempt (id, epoch, account_id, verb, op, writes, method, url, credential, correlation, their_id, trace, request_id, reply_id, status, fault, text, opened_ms, closed_ms) VALUES
	(1, 3, 1, 'orders', 'walmart.orders.list',   0, 'GET', 'https://marketplace.walmartapis.com/v3/orders?limit=100', 'c0ffee01', '5f1d2c3b-0000-4000-8000-000000000001', 'w-77a1', 't-poll-1', 1, 2, 200, '', '4 orders', @-16h30m, @-989m50s),
	(4, 3, 2, 'orders', 'amazon.orders.search',  0, 'GET', 'https://sellingpartnerapi-eu.amazon.com/orders/2026-01-01/orders', 'c0ffee02', '5f1d2c3b-0000-4000-8000-000000000002', 'a-9f2c', 't-poll-2', NULL, 2, 200, '', '6 orders', @-17m, @-16m59s),
	(3, 3, 2, 'stock', 'amazon.listings.patch',  1, 'PATCH', 'https://sellingpartnerapi-eu.amazon.com/listings/2021-08-01/items/A1/SKU-0042', 'c0ffee02', '5f1d2c3b-0000-4000-8000-000000000003', '', 't-push-42', 3, 4, 429, 'BUSY', 'they said slow down', @-27m, @-26m59s),
	(2, 3, 1, 'ship', 'walmart.orders.ship',     1, 'POST', 'https://marketplace.walmartapis.com/v3/orders/1796277083022/shipping', 'c0ffee01', '5f1d2c3b-0000-4000-8000-000000000004', 'w-77b3', 't-ship-7', 3, 4, 400, 'REFUSED', 'the carrier is not in their list', @-15h, @-899m59s),
	(5, 3, 2, 'stock_read', 'amazon.listings.get', 0, 'GET', 'https://sellingpartnerapi-eu.amazon.com/listings/2021-08-01/items/A1/SKU-0042', 'c0ffee02', '5f1d2c3b-0000-4000-8000-000000000005', 'a-9f2e', 't-read-42', NULL, 4, 200, '', 'one offer', @-12m, @-11m59s),
	(6, 3, 3, 'orders', 'walmart.orders.list',   0, 'GET', 'https://marketplace.walmartapis.com/ca/v3/orders', 'c0ffee03', '5f1d2c3b-0000-4000-8000-000000000006', '', 't-poll-3', NULL, NULL, 401, 'AUTH', 'they do not know us', @-6m20s, @-6m19s),
	(7, 3, 1, 'orders', 'walmart.orders.list',   0, 'GET', 'https://marketplace.walmartapis.com/v3/orders?limit=100', 'c0ffee01', '5f1d2c3b-0000-4000-8000-000000000007', 'w-77c0', 't-poll-7', 1, 2, 200, '', '1 order', @-9s, @-8s);

-- ---- stock ----

INSERT INTO item (id, sku, title, counted, reserved, available, known_ms, made_ms) VALUES
	(1, 'SKU-0017', 'O-ring kit',        42, 2, 40, @-2h, @-40d),
	(2, 'SKU-0038', 'Gasket set 40mm',   16, 2, 14, @-2h, @-40d),
	(3, 'SKU-0042', 'Pump seal 25mm',    12, 15, -3, @-14m, @-40d),
	(4, 'SKU-0059', 'Bearing 6203',      18, 0, 18, @-2h, @-40d),
	(5, 'SKU-0075', '寿司 knife 180mm',   9, 3, 6, @-2h, @-40d),
	(6, 'SKU-0090', 'Valve body A2',     12, 0, 12, @-2h, @-40d);

INSERT INTO place (id, name, kind, heard_ms) VALUES (1, 'main', 'own', @-2h);
INSERT INTO stock (item_id, place_id, counted, valid_ms, known_ms) VALUES
	(1, 1, 42, @-2h, @-2h), (2, 1, 16, @-2h, @-2h), (3, 1, 12, @-2h, @-2h), (4, 1, 18, @-2h, @-2h), (5, 1, 9, @-2h, @-2h), (6, 1, 12, @-2h, @-2h);
INSERT INTO move (id, item_id, place_id, qty, cause, ref, valid_ms, known_ms, actor, trace) VALUES
	(1, 3, 1, 12, 'count', 'counts.csv:14', @-2h, @-2h, 'file:counts.csv', 't-count-1');

INSERT INTO offer (id, account_id, marketplace, sku, item_id, title, target, target_ms, why, pushed, pushed_ms, seen, seen_ms, seen_attempt, push_state, ver, drift, drift_ms, cause, risk, known_ms) VALUES
	(1, 1, 'US', 'SKU-0042', 3, 'Pump seal 25mm', 0, @-14m, '-3 available', 0, @-28m, 0, @-20m, 1, 'APPLIED', 4, 0, 0, '', 0, @-20m),
	(2, 2, 'DE', 'SKU-0042', 3, 'Pump seal 25mm', 0, @-14m, '-3 available', 0, @-27m, 3, @-12m, 5, 'NOT_APPLIED', 4, 3, @-27m, 'NOT_APPLIED', 3, @-12m),
	(3, 1, 'US', 'SKU-0090', 6, 'Valve body A2', 10, @-2h, '12 available - 2 buffer (5u/12%) = 10', 10, @-2h, 34, @-20m, 1, 'OVERWRITTEN', 2, 24, @-116m, 'CHANNEL_EDIT', 22, @-20m),
	(4, 1, 'US', 'SKU-0017', 1, 'O-ring kit', 35, @-2h, '40 available - 5 buffer (5u/12%) = 35', 35, @-2h, 31, @-20m, 1, 'APPLIED', 7, -4, @-128m, 'IN_FLIGHT_ORDER', 0, @-20m),
	(5, 2, 'FR', 'OLD-77', NULL, 'Legacy hose 2m', NULL, 0, '', 5, @-30d, 8, @-12m, 5, 'APPLIED', 1, 3, @-2d, 'MAPPING', 0, @-12m),
	(6, 2, 'DE', 'SKU-0038', 2, 'Gasket set 40mm', 9, @-2h, '14 available - 5 buffer (5u/15%) = 9', 9, @-2h, 9, @-12m, 5, 'APPLIED', 3, 0, 0, '', 0, @-12m);
INSERT INTO offer (id, account_id, marketplace, sku, item_id, title, target, target_ms, why, pushed, pushed_ms, seen, seen_ms, push_state, ver, known_ms) VALUES
	(17, 1, 'US', 'SKU-0075', 5, '寿司 knife 180mm', 0, @-4d, '6 available - 8 buffer (8u/0%) = 0', 0, @-4d, 0, @-20m, 'APPLIED', 2, @-20m);
INSERT INTO policy_override (scope, name, account, key, value, cause, actor, made_ms) VALUES ('sku', 'SKU-0075', '', 'buffer', '8u/0%', 'fragile', 'uid:1000 op2', @-4d);
UPDATE counter SET value = 4 WHERE name = 'drift';

INSERT INTO observation (offer_id, seen, was, was_ms, pushed, verdict, valid_ms, known_ms, attempt_id) VALUES
	(2, 3, NULL, 0, NULL, '', @-119m, @-119m, 5), (1, 2, NULL, 0, NULL, '', @-110m, @-110m, 1), (3, 34, 10, @-124m, 10, 'OVERWRITTEN', @-116m, @-20m, 1),
	(1, 0, 2, @-45m, 0, 'APPLIED', @-20m, @-20m, 1), (2, 3, 3, @-33m, 0, 'NOT_APPLIED', @-12m, @-12m, 5);

-- ---- orders ----

INSERT INTO orders (id, account_id, ref, other_ref, marketplace, state, raw_state, open, flags, due_ms, ack_by_ms, ship_by_ms, cancel_by_ms, placed_ms, updated_ms, known_ms, currency, total_minor, service, country, sku, units, lines, confirm, carrier, tracking, attempt_id, path, trace) VALUES
	(1,  2, '305-4410927-1', '', 'DE', 'ACKED', 'Unshipped', 1, 0, @-26h03m, 0, @-26h03m, 0, @-3d, @-2d, @-17m, 'EUR', 4190, 'Standard', 'DE', 'SKU-0017', 1, 1, '', '', '', 4, 'orders[0]', 't-poll-2'),
	(2,  2, '302-1187264-8', '', 'DE', 'PACKED', 'Unshipped', 1, 0, @-2h11m, 0, @-2h11m, 0, @-37h54m, @-1d, @-17m, 'EUR', 8420, 'Standard', 'DE', 'SKU-0038', 1, 1, 'ACCEPTED', 'dhl', '00340434161094', 4, 'orders[1]', 't-poll-2'),
	(3,  2, '306-9020551-3', '', 'DE', 'ACKED', 'Unshipped', 1, 0, @-19m, 0, @-19m, 0, @-1d, @-1d, @-17m, 'EUR', 16338, 'Expedited', 'DE', 'SKU-0075', 3, 1, '', '', '', 4, 'orders[2]', 't-poll-2'),
	(4,  1, '1796277083022', '5281956426648', 'US', 'NEW', 'Created', 1, 0, @+1h12m, @+1h12m, @+30h, @+5d, @-48m, @-48m, @-9s, 'USD', 2920, 'Standard', 'US', 'SKU-0042', 1, 1, '', '', '', 7, 'list.elements.order[0]', 't-poll-7'),
	(5,  1, '1796277083023', '5281956426649', 'US', 'NEW', 'Created', 1, 0, @+1h40m, @+1h40m, @+32h, @+5d, @-20m, @-20m, @-9s, 'USD', 4176, 'Standard', 'US', 'SKU-0059', 1, 1, '', '', '', 7, 'list.elements.order[1]', 't-poll-7'),
	(6,  1, '1796277083024', '5281956426650', 'US', 'NEW', 'Created', 1, 2, @+2h05m, @+2h05m, @+32h, @+5d, @-15m, @-15m, @-9s, 'USD', 5840, 'Standard', 'US', 'SKU-0042', 2, 1, '', '', '', 7, 'list.elements.order[2]', 't-poll-7'),
	(7,  1, '1796277083009', '5281956426601', 'US', 'ACKED', 'Acknowledged', 1, 0, @+9h34m, 0, @+9h34m, @+4d, @-16h, @-16h, @-9s, 'USD', 23123, 'Expedited', 'US', 'SKU-0090', 4, 2, 'REJECTED', 'speedy', 'SP123', 1, 'list.elements.order[0]', 't-poll-1'),
	(8,  2, '113-0458441-2', '', 'FR', 'PENDING', 'Pending', 1, 0, 4102444800000, 0, 0, 0, @-2h, @-2h, @-17m, 'EUR', 20014, 'Standard', 'FR', 'SKU-0017', 3, 1, '', '', '', 4, 'orders[3]', 't-poll-2'),
	(9,  2, '113-0505955-7', '', 'FR', 'UNKNOWN', 'InvoiceUnconfirmed', 1, 4, @+22h, 0, @+22h, 0, @-5h, @-5h, @-17m, 'EUR', 11528, 'Standard', 'FR', 'SKU-0017', 1, 1, '', '', '', 4, 'orders[4]', 't-poll-2'),
	(10, 1, '1796277083011', '5281956426603', 'US', 'ACKED', 'Acknowledged', 1, 1, @+25h03m, 0, @+25h03m, @+4d, @-14h, @-14h, @-9s, 'USD', 15771, 'Standard', 'US', 'SKU-0059', 4, 1, '', '', '', 1, 'list.elements.order[1]', 't-poll-1'),
	(11, 2, '113-0553469-9', '', 'DE', 'ACKED', 'Unshipped', 1, 8, @+26h, 0, @+26h, 0, @-3h, @-3h, @-17m, 'EUR', 3042, 'Standard', 'DE', 'EVIL' || char(27) || '[2J', 3, 1, '', '', '', 4, 'orders[5]', 't-poll-2'),
	(12, 1, '1796277083001', '5281956426590', 'US', 'SHIPPED', 'Shipped', 0, 0, 4102444800000, 0, @-1d, 0, @-3d, @-1d, @-16h30m, 'USD', 7285, 'Standard', 'US', 'SKU-0038', 2, 1, 'APPLIED', 'ups', '1Z999AA10123456784', 1, 'list.elements.order[3]', 't-poll-1');
UPDATE counter SET value = 3 WHERE name = 'orders.late';
UPDATE counter SET value = 3 WHERE name = 'orders.due';
UPDATE counter SET value = 3 WHERE name = 'orders.new';

INSERT INTO order_line (id, order_id, ref, sku, item_id, title, qty, q_pending, q_new, q_acked, q_packed, q_shipped, q_unknown, reserves, price_minor, raw_state) VALUES
	(1,  1, '1', 'SKU-0017', 1, 'O-ring kit',       1, 0, 0, 1, 0, 0, 0, 1,  4190, 'Unshipped'),
	(2,  2, '1', 'SKU-0038', 2, 'Gasket set 40mm',  1, 0, 0, 0, 1, 0, 0, 1,  8420, 'Unshipped'),
	(3,  3, '1', 'SKU-0075', 5, '寿司 knife 180mm', 3, 0, 0, 3, 0, 0, 0, 3, 16338, 'Unshipped'),
	(4,  4, '1', 'SKU-0042', 3, 'Pump seal 25mm',   1, 0, 1, 0, 0, 0, 0, 1,  2920, 'Created'),
	(5,  5, '1', 'SKU-0059', 4, 'Bearing 6203',     1, 0, 1, 0, 0, 0, 0, 1,  4176, 'Created'),
	(6,  6, '1', 'SKU-0042', 3, 'Pump seal 25mm',   2, 0, 2, 0, 0, 0, 0, 2,  5840, 'Created'),
	(7,  7, '1', 'SKU-0090', 6, 'Valve body A2',    3, 0, 0, 3, 0, 0, 0, 3, 17342, 'Acknowledged'),
	(8,  7, '2', 'SKU-0017', 1, 'O-ring kit',       1, 0, 0, 1, 0, 0, 0, 1,  5781, 'Acknowledged'),
	(9,  8, '1', 'SKU-0017', 1, 'O-ring kit',       3, 3, 0, 0, 0, 0, 0, 3, 20014, 'Pending'),
	(10, 9, '1', 'SKU-0017', 1, 'O-ring kit',       1, 0, 0, 0, 0, 0, 1, 1, 11528, 'InvoiceUnconfirmed'),
	(11, 10, '1', 'SKU-0059', 4, 'Bearing 6203',    4, 0, 0, 4, 0, 0, 0, 4, 15771, 'Acknowledged'),
	(12, 11, '1', 'EVIL' || char(27) || '[2J', NULL, 'no such thing', 3, 0, 0, 3, 0, 0, 0, 0, 3042, 'Unshipped'),
	(13, 12, '1', 'SKU-0038', 2, 'Gasket set 40mm', 2, 0, 0, 0, 0, 2, 0, 0,  7285, 'Shipped');

INSERT INTO person (order_id, key_id, sealed, masked, purge_ms) VALUES
	(2, 1, x'00', 'E*** M***, DE', @+40d), (4, 1, x'00', 'J*** D***, IL', @+40d);

INSERT INTO shipment (id, order_id, package, carrier, tracking, url, shipped_ms, source, confirm, confirm_ms) VALUES
	(1, 2, '1', 'dhl', '00340434161094', '', @-15h, 'operator', 'ACCEPTED', @-15h),
	(2, 7, '1', 'speedy', 'SP123', 'https://speedy.example/SP123', @-15h, 'operator', 'REJECTED', @-15h);

INSERT INTO change (fact, fact_id, field, old, new, valid_ms, known_ms, actor, trace) VALUES
	('orders', 2, 'state', NULL, 'NEW', @-37h54m, @-37h53m, 'channel:amazon-eu', 't-poll-2'),
	('orders', 2, 'state', 'NEW', 'PACKED', @-1d, @-17m, 'channel:amazon-eu', 't-poll-2'),
	('orders', 2, 'confirm', '', 'ACCEPTED', @-15h, @-15h, 'uid:1000 op2', 't-ship-2');

-- SKU-0042 as its timeline tells it: counted, sold on both, sold once more than there was.
INSERT INTO change (fact, fact_id, field, old, new, valid_ms, known_ms, actor, trace, attempt_id) VALUES
	('item', 3, 'available', '0', '12', @-2h, @-2h, 'file:counts.csv', 't-count-1', NULL),
	('item', 3, 'available', '12', '8', @-107m, @-107m, 'channel:amazon-eu', 't-poll-2', 4),
	('item', 3, 'available', '8', '2', @-56m, @-56m, 'channel:walmart-us', 't-poll-1', 1),
	('offer', 1, 'target', '2', '0', @-28m, @-28m, 'rule:stock', 't-push-42', NULL),
	('offer', 2, 'target', '3', '0', @-28m, @-28m, 'rule:stock', 't-push-42', NULL),
	('item', 3, 'available', '2', '0', @-29m, @-28m, 'channel:amazon-eu', 't-poll-2', 4),
	('item', 3, 'available', '0', '-1', @-25m, @-25m, 'channel:walmart-us', 't-poll-7', 7),
	('orders', 4, 'state', NULL, 'NEW', @-48m, @-25m, 'channel:walmart-us', 't-poll-7', 7),
	('item', 3, 'available', '-1', '-3', @-14m, @-14m, 'channel:walmart-us', 't-poll-7', 7),
	('orders', 6, 'state', NULL, 'NEW', @-15m, @-14m, 'channel:walmart-us', 't-poll-7', 7);

-- ---- failures ----

INSERT INTO inbox (id, account_id, verb, class, subject, path, text, effect, remedy, state, fragment, attempt_id, count, first_ms, last_ms) VALUES
	(1, 1, 'orders', 'SCHEMA', '1796277083030', 'list.elements.order[3].shippingInfo', 'estimatedShipDate is missing', '', '', 'parked', 2, 7, 7, @-2h46m, @-9s),
	(2, 2, 'orders', 'ENUM', '113-0505955-7', 'orders[4].orderStatus', 'a state we do not know: InvoiceUnconfirmed', '', '', 'parked', 2, 4, 1, @-17m, @-17m),
	(3, 2, 'stock_list', 'MAPPING', 'OLD-77', '', 'no item of ours has this SKU', '', '', 'parked', NULL, 5, 2, @-2d, @-12m);

UPDATE inbox SET unlike = '0' || char(9) || 'shippingInfo.estimatedShipDate' || char(9) || char(9) || 'number' || char(10) ||
	'1' || char(9) || 'shippingInfo.shipBy' || char(9) || 'text' || char(9) || char(10), unlike_to = '20 of the same reply that were understood' WHERE id = 1;
UPDATE inbox SET unlike = '', unlike_to = '4 of earlier replies that were understood', unlike_attempt = 1 WHERE id = 2;

INSERT INTO job (id, account_id, verb, subject, subject_id, lane, writes, key, payload, state, frozen, due_ms, fails, tries, fault, text, owner, trace, made_ms, state_ms) VALUES
	(1, 1, 'ship', 'shipment:2', 7, 2, 1, 'ship-2', 'shipment=2' || char(10) || 'carrier=speedy' || char(10) || 'tracking=SP123', 'inflight', 0, @-15h, 1, 1, 'REFUSED', 'the carrier is not in their list', 'op2', 't-ship-7', @-15h, @-15h),
	(2, 2, 'stock', 'offer:2', 2, 0, 1, 'stock-2-4', 'sku=SKU-0042' || char(10) || 'qty=0', 'waiting', 0, @+2m, 4, 4, 'BUSY', 'they said slow down', '', 't-push-42', @-28m, @-27m);
UPDATE job SET state = 'failed' WHERE id = 1;
INSERT INTO attempt_job (attempt_id, job_id, fault, text) VALUES (2, 1, 'REFUSED', 'the carrier is not in their list'), (3, 2, 'BUSY', 'they said slow down');

INSERT INTO alert (id, key, kind, severity, account_id, subject, text, next, opened_ms, last_ms, acked_by, acked_ms) VALUES
	(207, 'auth:3', 'auth', 'CRIT', 3, '', 'authentication failing', 'probe 07:59:30Z', @-6m12s, @-6m12s, '', 0),
	(205, 'word:InvoiceUnconfirmed', 'unknown_word', 'WARN', 2, '113-0505955-7', 'a state we do not know: InvoiceUnconfirmed', '', @-17m, @-17m, 'ops-a', @-10m),
	(208, 'oversold:3', 'oversold', 'WARN', NULL, 'SKU-0042', 'SKU-0042 is oversold by 3', '', @-14m, @-14m, '', 0);
INSERT INTO incident (id, key, kind, severity, account_id, subject, text, card, owner, opened_ms, acked_by, acked_ms) VALUES
	(207, 'account 3', 'auth', 'CRIT', 3, '', 'authentication failing', 'auth', 'integration', @-6m12s, '', 0),
	(205, 'kind unknown_word 2', 'unknown_word', 'WARN', 2, '113-0505955-7', 'a state we do not know: InvoiceUnconfirmed', 'format', 'integration', @-17m, 'uid:1001 ops-a', @-10m),
	(208, 'kind oversold 0', 'oversold', 'WARN', NULL, 'SKU-0042', 'SKU-0042 is oversold by 3', 'oversold', 'operations', @-14m, '', 0);
INSERT INTO incident (id, key, kind, severity, account_id, subject, text, card, owner, opened_ms, acked_by, acked_ms, over_ms, closed_ms, closed_by, cause) VALUES
	(112, 'account 3', 'auth', 'CRIT', 3, '', 'authentication failing', 'auth', 'integration', @-9d, 'uid:1000 op2', @-8d23h55m, @-8d23h48m, @-8d23h48m, 'uid:1000 op2', 'client secret had expired; rotated');
UPDATE alert SET incident_id = id;
INSERT INTO alert (id, key, kind, severity, account_id, subject, text, next, opened_ms, last_ms, incident_id) VALUES
	(209, 'blind walmart-ca', 'sync', 'WARN', 3, 'orders', 'walmart-ca: its newest orders are not known: no quantity is raised anywhere meanwhile', 'reads go on by themselves', @-3m, @-3m, 207);
INSERT INTO incident_step (incident_id, step, good, result, actor, at_ms) VALUES
	(207, 1, 0, '401 walmart.orders.list AUTH they do not know us, 6m20s ago', 'uid:1001 ops-a', @-5m);

INSERT INTO message (at_ms, level, text, subject) VALUES
	(@-6m12s, 'CRIT', 'I-207 walmart-ca: 401 x3, breaker OPEN, probe 07:59:30', 'alert:207');

-- ---- sending: how long it takes, and a feed that takes longer than they do as a rule ----

INSERT INTO latency (account_id, route, what, day, bucket, n) VALUES
	(1, 'single', 'accept', @-1h / 86400000, 105, 240), (1, 'single', 'seen', @-1h / 86400000, 242, 230), (1, 'single', 'lost', @-1h / 86400000, 0, 2),
	(1, 'feed', 'accept', @-1h / 86400000, 120, 3), (1, 'feed', 'seen', @-1h / 86400000, 279, 4480), (1, 'feed', 'lost', @-1h / 86400000, 0, 20);
INSERT INTO feed (id, account_id, state, ref, why, items, good, made_ms, sent_ms, ended_ms, second_ms) VALUES
	(6, 1, 'ended', 'F-6', '4500 wait: single calls would take 22 min, a feed is live 12 min later than a call', 4500, 4500, @-6h, @-6h, @-5h34m, 0),
	(7, 1, 'working', 'F-7', '212 wait, bulk_over is 25: a feed', 212, 0, @-64m, @-64m, 0, @-34m);

-- ---- zero-outs: one that the channel did not take, one that is over ----

INSERT INTO intent (id, asker, kind, state, actor, why, made_ms, trace) VALUES
	(901, 'asker-901', 'zero', 'done', 'uid:1000 op2', 'oversold', @-16m, 't-zero-1'), (902, 'asker-902', 'zero', 'done', 'uid:1000 op2', 'recall', @-3d, 't-zero-2');
INSERT INTO zero_out (id, scope, reason, actor, intent_id, made_ms, lifted_ms, lifted_by) VALUES
	(88, 'SKU-0038', 'recall of one batch', 'uid:1000 op2', 902, @-3d, @-2d, 'uid:1001 ops-a'),
	(91, '2 marked offers', 'oversell risk I-208', 'uid:1000 op2', 901, @-16m, 0, '');
INSERT INTO zero_row (zero_id, offer_id, prior, pushed, target, read_ms) VALUES (88, 6, 9, 9, 9, @-4d), (91, 1, 2, 2, 2, @-30m), (91, 2, 3, 3, 3, @-30m);
UPDATE zero_row SET right_ms = @-1d WHERE zero_id = 88;

-- ---- mappings ----

-- What is not clear: one in another case, one that shares a number with two items, a second SKU for one item, and a word about a SKU that is not listed.
INSERT INTO offer (id, account_id, marketplace, sku, item_id, title, seen, seen_ms, push_state, ver, known_ms) VALUES
	(7, 1, 'US', 'sku-0059', NULL, 'Bearing 6203', 7, @-20m, '', 0, @-20m),
	(8, 2, 'DE', 'B00KNIFE18', NULL, 'Messer 180mm', 2, @-12m, '', 0, @-12m);
INSERT INTO identity (account_id, sku, kind, value, gtin, fault, known_ms) VALUES
	(2, 'B00KNIFE18', 'ean', '4006381333931', '04006381333931', '', @-1d), (1, 'SKU-0075', 'ean', '4006381333931', '04006381333931', '', @-1d),
	(1, 'SKU-0017', 'ean', '4006381333931', '04006381333931', '', @-1d), (1, 'SKU-0090', 'upc', '3.6E+11', '', 'damaged by a spreadsheet', @-1d);
INSERT INTO mapping (account_id, sku, item_id, pack, source, actor, made_ms) VALUES (2, 'GONE-12', 4, 2, 'person', 'uid:1000 op2', @-9d);

-- ---- sources of truth that differ: a warehouse that counts more than the ERP believes, one that counts cartons ----

INSERT INTO account (id, name, channel, mode, marketplaces, base_url, state, state_text, state_ms, ok_ms, heard_ms, made_ms) VALUES
	(4, 'netsuite', 'netsuite', 'shadow', '', 'https://1234567.suitetalk.api.netsuite.com', 'ok', '', @-3d, @-40s, @-40s, @-40d),
	(5, 'cartoncloud', 'cartoncloud', 'shadow', '', 'https://api.cartoncloud.com', 'ok', '', @-3d, @-50s, @-50s, @-40d);
INSERT INTO place_source (place_id, account_id, code, heard_ms) VALUES (1, 4, '1', @-2h), (1, 5, 'MAIN', @-2h);
INSERT INTO reading (item_id, place_id, account_id, free, committed, was, was_ms, valid_ms, known_ms) VALUES
	(4, 1, 5, 18, 0, 18, 0, @-2h, @-2h), (4, 1, 4, 40, 0, 40, 0, @-3h, @-3h), (6, 1, 5, 12, 0, 15, @-5h, @-2h, @-2h), (6, 1, 4, 15, 0, 15, 0, @-3h, @-3h);
INSERT INTO conflict (id, item_id, place_id, account_id, other_id, free, other_free, decided, cause, why, since_ms, known_ms) VALUES
	(1, 4, 1, 5, 4, 18, 40, 18, 'UNKNOWN', 'no event explains it: count the shelf', @-2d, @-2h),
	(2, 6, 1, 5, 4, 12, 15, 12, 'CYCLE_COUNT', 'the warehouse found fewer: an inventory adjustment is missing there', @-5h, @-2h);

-- ---- reconciliation: a run of each end, one difference left to a person, a session half decided ----

INSERT INTO rec_run (id, account_id, whole, state, text, actor, planned_ms, began_ms, pulled_ms, ended_ms, pages, listed, compared, settling, drifting, alerting, corrected, undecided, unseen, trace) VALUES
	(11, 1, 1, 'COMPLETE', '', 'rule:reconcile', @-1d, @-1d, @-23h58m, @-23h57m, 2, 212, 3, 0, 2, 1, 1, 1, 0, 't-rec-11'),
	(12, 2, 0, 'PARTIAL', 'page 3 of 4 never came', 'rule:reconcile', @-4h, @-4h, @-3h58m, @-3h57m, 3, 300, 2, 1, 1, 0, 0, 0, 1, 't-rec-12'),
	(13, 2, 0, 'REFUSED', 'a pull takes 400 calls, 260 of the day are left for reading', 'rule:reconcile', @-10m, @-10m, 0, @-10m, 0, 0, 0, 0, 0, 0, 0, 0, 0, 't-rec-13'),
	(14, 1, 0, 'PULLING', '', 'uid:1000 op2', @-2m, @-2m, 0, 0, 1, 100, 0, 0, 0, 0, 0, 0, 0, 't-rec-14');
INSERT INTO rec_row (id, run_id, offer_id, kind, expected, observed, delta, pct, risk, cause, since_ms, observed_ms, action, text, alerts, verdict, verdict_ms, proof, decision, decided_by, decided_ms, at_ms) VALUES
	(1, 11, 3, 'drift', 10, 34, 24, 24000, 22, 'CHANNEL_EDIT', @-1d, @-1d, 'look', 'somebody edits it there again and again', 1, '', 0, '', '', '', 0, @-1d),
	(2, 11, 4, 'drift', 35, 31, -4, 1142, 0, 'IN_FLIGHT_ORDER', @-1d, @-1d, 'push', 'over 2 units or 5 %', 0, 'APPLIED', @-23h, 'read 35 at 08:59', 'rule', '', @-23h57m, @-1d);
INSERT INTO sitting (id, kind, account_id, filter, state, actor, whence, made_ms, touched_ms) VALUES
	(5, 'manual', NULL, 'risk>0', 'OPEN', 'uid:1000 op2', 'pts/3@ops1', @-31m, @-22m);
INSERT INTO sitting_row (sitting_id, n, offer_id, target, expected, observed, available, delta, cause, seen_ms, ver, decision, reason, decided_by, decided_ms) VALUES
	(5, 1, 3, 10, 10, 34, 12, 24, 'CHANNEL_EDIT', @-40m, 2, 'push', '', 'uid:1000 op2', @-23m),
	(5, 2, 2, 0, 0, 4, -3, 4, 'NOT_APPLIED', @-40m, 4, '', '', '', 0),
	(5, 3, 5, -1, 5, 8, 0, 3, 'MAPPING', @-40m, 1, '', '', '', 0);

-- ---- routines: yesterday's, today's, this week's ----

INSERT INTO task (id, name, day, rhythm, title, how, state, actor, note, made_ms, done_ms) VALUES
	(1, 'discrepancies', @ / 86400000 - 1, 'day', 'Review what reconciliation left to a person', ':reconcile, a d; or tallyman review', 'done', 'uid:1000 op2', '1 pushed, 1 accepted', @-1d, @-22h),
	(2, 'patterns', @ / 86400000 - 1, 'day', 'Find what drifts again and again and its root cause', 'tallyman reconcile patterns', 'missed', '', '', @-1d, @-8h),
	(3, 'discrepancies', @ / 86400000, 'day', 'Review what reconciliation left to a person', ':reconcile, a d; or tallyman review', 'open', '', '', @-8h, 0),
	(4, 'patterns', @ / 86400000, 'day', 'Find what drifts again and again and its root cause', 'tallyman reconcile patterns', 'open', '', '', @-8h, 0),
	(5, 'ghosts', @ / 86400000 - 4, 'mon', 'Look for listings of what is not sold any more', ':reconcile, the week''s whole run', 'done', 'uid:1001 ops-a', '', @-4d, @-3d),
	(6, 'mappings', @ / 86400000 - 4, 'mon', 'See that new mappings sell what they should', ':map, Young', 'skipped', 'uid:1001 ops-a', 'none are new', @-4d, @-3d);

-- ---- streams: one that is silent, one that is not, one that is new ----

INSERT INTO stream (account_id, name, first_ms, last_ms) VALUES (1, 'orders', @-4d, @-15m), (1, 'read orders', @-4d, @-9s), (1, 'write stock', @-4d, @-28m), (2, 'orders', @-4d, @-9h), (3, 'read orders', @-5h, @-9m);
INSERT INTO rhythm (account_id, name, hour, n) SELECT 1, 'orders', @ / 3600000 - i, 6 FROM (WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 96) SELECT i FROM c);
INSERT INTO rhythm (account_id, name, hour, n) SELECT 1, 'read orders', @ / 3600000 - i, 60 FROM (WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 96) SELECT i FROM c);
INSERT INTO rhythm (account_id, name, hour, n) SELECT 1, 'write stock', @ / 3600000 - i, 3 FROM (WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 96) SELECT i FROM c);
INSERT INTO rhythm (account_id, name, hour, n) SELECT 2, 'orders', @ / 3600000 - i, 2 FROM (WITH RECURSIVE c(i) AS (SELECT 9 UNION ALL SELECT i + 1 FROM c WHERE i < 96) SELECT i FROM c);
-- Rows of an audit that nobody chained: whoever walks it says so.
INSERT INTO audit (n, at_ms, actor, action, subject, detail, hash) VALUES
	(1, @-8h30m, 'uid:61000 ops-a', 'live', 'live 1 account walmart-us', 'd|looked at for a day|', zeroblob(32)),
	(2, @-3h, 'uid:61001 op2', 'login', 'console', 'pts/3 from 10.0.0.7 52211', zeroblob(32)),
	(3, @-2h, 'uid:61001 op2', 'reveal', 'order:5', 'the carrier asks', zeroblob(32)),
	(4, @-90m, 'uid:61002 ops', 'login', 'console', 'pts/4', zeroblob(32)),
	(5, @-80m, 'uid:61002 ops', 'refused', 'ship', 'READ-ONLY', zeroblob(32)),
	(6, @-16m, 'uid:61001 op2', 'zero', 'zero 2 offers amazon-eu ebay-us', 'd|oversell risk I-208|', zeroblob(32)),
	(7, @-5m, 'uid:61000 ops-a', 'policy', 'sku:SKU-0075 buffer = 8u/0%', 'd|recount noise|', zeroblob(32));
