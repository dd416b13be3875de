-- The store that the command cases look at: two accounts, four orders, a little of everything, and words that want to do harm.
INSERT INTO lease (id, epoch, pid, started_ms, beat_ms) VALUES (1, 1, 4121, 1792999000000, 1792999990000);
INSERT INTO account (id, name, channel, mode, state, state_text, ok_ms, heard_ms, state_ms, made_ms) VALUES
	(1, 'walmart-us', 'walmart', 'live', 'ok', '', 1792999990000, 1792999980000, 1792990000000, 1),
	(2, 'amazon-de', 'amazon', 'shadow', 'auth', 'their token service does not know us', 1792990000000, 1792990000000, 1792991000000, 1);
INSERT INTO item (id, sku, title, counted, reserved, available, known_ms, made_ms) VALUES
	(4, 'SKU-0042', 'Pump seal 25mm', 12, 15, -3, 1792999000000, 1), (5, '=cmd|''/C calc''!A0', char(27) || '[31mred', 3, 0, 3, 1792999000000, 1);
INSERT INTO place (id, name, kind, max_age_ms) VALUES (1, 'warehouse', 'own', 3600000);
INSERT INTO stock (item_id, place_id, counted, valid_ms, known_ms) VALUES (4, 1, 12, 1792990000000, 1792990000000);
INSERT INTO move (item_id, place_id, qty, cause, ref, valid_ms, known_ms, actor) VALUES (4, 1, 12, 'count', 'counts.csv', 1792990000000, 1792990000000, 'file:counts.csv');
INSERT INTO attempt (id, epoch, account_id, verb, op, writes, method, url, credential, correlation, their_id, trace, status, fault, text, opened_ms, closed_ms) VALUES
	(9, 1, 1, 'orders', 'walmart.orders.list', 0, 'GET', '/v3/orders', 'a1b2c3d4e5f6', '0b5e6a1c-0000-4000-8000-000000000009', 'their-9', 'trace-poll', 200, 'OK', '', 1792999001000, 1792999001400),
	(10, 1, 1, 'ship', 'walmart.orders.ship', 1, 'POST', '/v3/orders/305-441/shipping', 'a1b2c3d4e5f6', 'corr-10', '', 'trace-ship', 0, 'UNSURE', 'no answer', 1792999009000, 1792999039000);
INSERT INTO orders (id, account_id, ref, other_ref, state, raw_state, open, flags, due_ms, ack_by_ms, ship_by_ms, placed_ms, updated_ms, known_ms, currency, total_minor,
	service, country, units, lines, sku, confirm, tracking, carrier, attempt_id, path, trace) VALUES
	(5, 1, '305-441', 'PO-77', 'NEW', 'Created', 1, 0, 1792998000000, 1792998000000, 1793086400000, 1792980000000, 1792981000000, 1792999001400, 'USD', 8420,
	'STANDARD', 'US', 3, 1, 'SKU-0042', '', '', '', 9, 'list.elements.order[0]', 'trace-poll'),
	(6, 2, '302-1187264', '', 'ACKED', 'Unshipped', 1, 2, 1793010000000, 0, 1793010000000, 1792970000000, 1792971000000, 1792990000000, 'EUR', 4190,
	'Standard', 'DE', 1, 1, '大阪-1', 'UNKNOWN', '', '', NULL, '', ''),
	(7, 1, '=HYPERLINK("http://x")', '', 'UNKNOWN', char(27) || ']0;owned' || char(7), 1, 4, 1793050000000, 0, 1793050000000, 1792960000000, 1792961000000, 1792990000000, 'USD', 100,
	'', 'US', 1, 1, '@SUM(1)', '', '', '', NULL, '', ''),
	(8, 1, '300-001', '', 'SHIPPED', 'Shipped', 0, 0, 4102444800000, 0, 0, 1792900000000, 1792950000000, 1792990000000, 'USD', 2920, '', 'US', 2, 1, 'SKU-0042', 'APPLIED', '1Z999', 'UPS', 9, '', '');
INSERT INTO order_line (id, order_id, ref, sku, item_id, title, qty, q_new, q_acked, q_unknown, q_shipped, reserves, price_minor) VALUES
	(6, 5, '1', 'SKU-0042', 4, 'Pump seal 25mm', 3, 3, 0, 0, 0, 3, 7920), (7, 6, '1', '大阪-1', NULL, '大阪 tea', 1, 0, 1, 0, 0, 0, 4190),
	(8, 7, '1', '@SUM(1)', NULL, '', 1, 0, 0, 1, 0, 0, 100), (9, 8, '1', 'SKU-0042', 4, 'Pump seal 25mm', 2, 0, 0, 0, 2, 0, 2920);
INSERT INTO person (order_id, key_id, masked, purge_ms) VALUES (5, 1, 'J*** D***, IL', 1);
INSERT INTO change (fact, fact_id, field, old, new, valid_ms, known_ms, actor, trace, attempt_id) VALUES
	('item', 4, 'available', '0', '12', 1792990000000, 1792990000000, 'file:counts.csv', '', NULL),
	('item', 4, 'available', '12', '-3', 1792999001400, 1792999001400, 'channel:walmart-us', 'trace-poll', 9),
	('orders', 5, 'state', NULL, 'NEW', 1792980000000, 1792999001400, 'channel:walmart-us', 'trace-poll', 9),
	('offer', 8, 'push_state', '', 'SETTLING', 1792999020000, 1792999020000, 'rule:stock', 'trace-stock', NULL),
	('offer', 8, 'drift', '0', '3', 1792999025000, 1792999025100, 'channel:walmart-us', '', 9);
INSERT INTO intent (id, asker, kind, state, actor, why, result, made_ms, trace) VALUES (3, 'asker-3', 'ship', 'done', 'uid:1000 jo', 'carrier came', 'queued', 1792999008000, 'trace-ship');
INSERT INTO job (id, account_id, verb, subject, subject_id, lane, writes, key, state, due_ms, tries, fails, fault, text, intent_id, trace, made_ms, state_ms) VALUES
	(12, 2, 'ship', 'shipment:2', 6, 2, 1, 'key-12', 'unsure', 1792999008000, 1, 1, 'UNSURE', 'no answer', 3, 'trace-ship', 1792999008000, 1792999039000),
	(13, 1, 'orders', '', 0, 3, 0, 'key-13', 'waiting', 1793000030000, 40, 0, '', '', NULL, 'trace-poll', 1792990000000, 1792999001400),
	(14, 1, 'stock', 'offer:8', 8, 0, 1, 'key-14', 'failed', 1792999020000, 1, 1, 'REFUSED', 'they do not know this SKU', NULL, 'trace-stock', 1792999020000, 1792999021000);
UPDATE counter SET value = 1 WHERE name IN ('jobs.unsure', 'jobs.failed');
INSERT INTO attempt_job (attempt_id, job_id) VALUES (10, 12);
INSERT INTO alert (id, key, kind, severity, account_id, text, next, opened_ms, last_ms) VALUES
	(7, 'auth amazon-de', 'auth', 'CRIT', 2, 'amazon-de: they do not know our secret', 'rotate the secret', 1792991000000, 1792991000000),
	(8, 'x', 'unknown_word', 'WARN', 1, 'a word we do not know: ' || char(27) || '[2J|late=0', 'look at it', 1792992000000, 1792992000000);
INSERT INTO incident (id, key, kind, severity, account_id, text, card, owner, opened_ms) VALUES
	(7, 'account 2', 'auth', 'CRIT', 2, 'amazon-de: they do not know our secret', 'auth', 'integration', 1792991000000),
	(8, 'kind unknown_word 1', 'unknown_word', 'WARN', 1, 'a word we do not know: ' || char(27) || '[2J|late=0', 'format', 'integration', 1792992000000);
UPDATE alert SET incident_id = id;
INSERT INTO note (subject, text, actor, at_ms) VALUES ('order:5', 'carrier strike', 'uid:1000 jo', 1792999030000);
INSERT INTO message (id, at_ms, level, text, subject) VALUES (1, 1792991000000, 'CRIT', 'amazon-de: 401 x3', 'account:2');
INSERT INTO inbox (id, account_id, verb, class, subject, path, text, effect, remedy, state, count, first_ms, last_ms, attempt_id) VALUES
	(7, 1, 'orders', 'ENUM', '305-442', 'list.elements.order[1].status', 'a word we do not know', 'the order is not shown', 'retry when it is known', 'parked', 2, 1792999002000, 1792999003000, 9);
INSERT INTO offer (id, account_id, sku, item_id, title, target, target_ms, why, pushed, pushed_ms, seen, seen_ms, seen_attempt, push_state, drift, drift_ms, risk, cause, known_ms) VALUES
	(8, 1, 'WM-42', 4, 'Pump seal 25mm', 0, 1792999010000, '-3 available, so 0', 0, 1792999020000, 3, 1792999025000, 9, 'NOT_APPLIED', 3, 1792999025000, 3, 'NOT_APPLIED', 1),
	(9, 2, 'DE-42', 4, 'Pumpendichtung', 0, 1792999010000, '-3 available, so 0', NULL, 0, NULL, 0, NULL, '', 0, 0, 0, '', 1);
UPDATE counter SET value = 1 WHERE name = 'drift';
INSERT INTO observation (offer_id, seen, was, was_ms, pushed, verdict, valid_ms, known_ms, attempt_id) VALUES
	(8, 3, NULL, 0, NULL, '', 1792995000000, 1792995000100, 9), (8, 3, 3, 1792998000000, 0, 'NOT_APPLIED', 1792999025000, 1792999025100, 9);
INSERT INTO latency (account_id, route, what, day, bucket, n) VALUES
	(1, 'single', 'accept', 20752, 105, 40), (1, 'single', 'seen', 20752, 242, 30), (1, 'single', 'seen', 20752, 262, 8), (1, 'single', 'lost', 20752, 0, 2), (1, 'feed', 'accept', 20752, 120, 1);
INSERT INTO feed (id, account_id, state, ref, text, why, items, good, bad, made_ms, sent_ms, trace) VALUES
	(3, 1, 'working', 'F-3', '', '30 wait, bulk_over is 25: a feed', 2, 0, 1, 1792998000000, 1792998001000, 'trace-feed');
INSERT INTO feed_item (feed_id, msg, job_id, offer_id, sku, qty, ver, result, text) VALUES
	(3, 1, 14, 8, 'WM-42', 0, 0, 'refused', 'no such SKU ' || char(27) || '[2J'), (3, 2, 14, 8, 'WM-43', 7, 0, '', '');
INSERT INTO call_tally (account_id, hour, op, events, calls, hits, repeats) VALUES
	(1, 498055, 'walmart.inventory.put', 90, 40, 0, 0), (1, 498055, 'walmart.feeds.create', 0, 1, 0, 0), (1, 498055, 'walmart.orders.list', 0, 30, 10, 1);
INSERT INTO bucket (account_id, name, credit, filled_ms, rate, window_ms, burst, calls) VALUES (1, 'walmart.orders.list', 300000000, 1793000000000, 5000, 60000, 5000, 40);
INSERT INTO breaker (account_id, name, state, fails, since_ms, probe_ms, fault, text) VALUES (2, 'auth', 'open', 3, 1792991000000, 1793000090000, 'AUTH', 'they do not know us');
