-- A seller with three accounts that are heard, and three products: one that sells everywhere, one that is short, one that nobody buys, one that was sold twice. The time is
-- 1793000000000 (2026-10-26T07:33:20Z); a day is 86400000.
UPDATE account SET ok_ms = 1792999990000, state = 'ok';
INSERT INTO account (id, name, channel, mode, state, state_text, ok_ms, heard_ms, state_ms, made_ms) VALUES
	(3, 'shop', 'shopify', 'live', 'ok', '', 1792999990000, 1792999980000, 1792990000000, 1);
INSERT INTO item (id, sku, title, counted, reserved, available, known_ms, made_ms) VALUES
	(20, 'HP-1', 'Lamp', 100, 0, 100, 1792999000000, 1), (21, 'HP-2', 'Tent', 6, 0, 6, 1792999000000, 1), (22, 'HP-3', 'Rug', 40, 0, 40, 1792999000000, 1),
	(23, 'HP-4', 'Stove', 0, 2, -2, 1792999000000, 1);
INSERT INTO stock (item_id, place_id, counted, told, valid_ms, known_ms) VALUES (20, 1, 100, 100, 1792999000000, 1792999000000), (21, 1, 6, 6, 1792999000000, 1792999000000),
	(22, 1, 40, 40, 1792999000000, 1792999000000), (23, 1, 0, 0, 1792999000000, 1792999000000);
INSERT INTO offer (id, account_id, sku, item_id, title, target, pushed, seen, seen_ms, push_state, known_ms) VALUES
	(201, 1, 'WM-1', 20, 'Lamp', 88, 88, 88, 1792999000000, 'APPLIED', 1), (202, 2, 'DE-1', 20, 'Lampe', 85, 85, 85, 1792999000000, 'APPLIED', 1),
	(203, 3, 'SH-1', 20, 'Lamp', 95, 95, 95, 1792999000000, 'APPLIED', 1),
	(211, 1, 'WM-2', 21, 'Tent', 1, 1, 1, 1792999000000, 'APPLIED', 1), (213, 3, 'SH-2', 21, 'Tent', 5, 5, 5, 1792999000000, 'APPLIED', 1),
	(223, 3, 'SH-3', 22, 'Rug', 38, 38, 38, 1792999000000, 'APPLIED', 1),
	(231, 1, 'WM-4', 23, 'Stove', 0, 0, 0, 1792999000000, 'APPLIED', 1), (233, 3, 'SH-4', 23, 'Stove', 0, 0, 0, 1792999000000, 'APPLIED', 1);
INSERT INTO observation (offer_id, seen, pushed, valid_ms, known_ms) VALUES
	(201, 88, NULL, 1791000000000, 1791000000000), (202, 85, NULL, 1791000000000, 1791000000000), (203, 95, NULL, 1791000000000, 1791000000000),
	(211, 5, NULL, 1791000000000, 1791000000000), (213, 9, NULL, 1791000000000, 1791000000000);
INSERT INTO move (item_id, place_id, qty, cause, ref, valid_ms, known_ms, actor) VALUES (20, 1, 160, 'count', '', 1792000000000, 1792000000000, 'file:counts.csv');
-- ten days of HP-1: four a day at Walmart, two at Amazon, one in the shop; and a Sunday on which the stove, of which there were six, sold out in the shop ten
-- minutes before Walmart sold three more
WITH RECURSIVE day (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM day WHERE n < 9)
INSERT INTO orders (id, account_id, ref, state, open, due_ms, placed_ms, updated_ms, known_ms)
SELECT 2000 + n * 10 + a, a, 'H-' || n || '-' || a, 'SHIPPED', 0, 1, 1793000000000 - n * 86400000 - a * 3600000, 1, 1793000000000 - n * 86400000
FROM day, (SELECT 1 AS a UNION SELECT 2 UNION SELECT 3) ORDER BY n DESC;
INSERT INTO order_line (order_id, ref, sku, item_id, qty, q_shipped)
SELECT id, '1', CASE account_id WHEN 1 THEN 'WM-1' WHEN 2 THEN 'DE-1' ELSE 'SH-1' END, 20, CASE account_id WHEN 1 THEN 4 ELSE 3 - account_id + 1 END,
	CASE account_id WHEN 1 THEN 4 ELSE 3 - account_id + 1 END FROM orders WHERE ref LIKE 'H-%' ORDER BY id;
INSERT INTO orders (id, account_id, ref, state, open, due_ms, placed_ms, updated_ms, known_ms) VALUES
	(2201, 3, 'T-1', 'SHIPPED', 0, 1, 1792900000000, 1, 1792900000000), (2202, 1, 'T-2', 'SHIPPED', 0, 1, 1792900600000, 1, 1792900600000),
	(2203, 3, 'T-3', 'SHIPPED', 0, 1, 1792800000000, 1, 1792800000000);
INSERT INTO order_line (order_id, ref, sku, item_id, qty, q_shipped, q_acked, reserves) VALUES (2201, '1', 'SH-4', 23, 5, 5, 0, 0),
	(2202, '1', 'WM-4', 23, 3, 1, 2, 2), (2203, '1', 'SH-2', 21, 2, 2, 0, 0);
-- three of something, and a buffer of five
INSERT INTO item (id, sku, title, counted, available, known_ms, made_ms) VALUES (24, 'HP-5', 'Kettle', 3, 3, 1792999000000, 1);
INSERT INTO stock (item_id, place_id, counted, told, valid_ms, known_ms) VALUES (24, 1, 3, 3, 1792999000000, 1792999000000);
INSERT INTO offer (id, account_id, sku, item_id, title, target, target_ms, pushed, seen, seen_ms, push_state, known_ms) VALUES
	(241, 1, 'WM-5', 24, 'Kettle', 0, 1792600000000, 0, 0, 1792999000000, 'APPLIED', 1);
-- HP-2 was decided twice yesterday: after it was counted, and after two were sold
INSERT INTO change (fact, fact_id, field, old, new, valid_ms, known_ms, actor) VALUES
	('item', 21, 'available', '0', '8', 1792990000000, 1792990000000, 'file:counts.csv'), ('offer', 211, 'target', '-1', '3', 1792990001000, 1792990001000, 'rule:stock'),
	('offer', 213, 'target', '-1', '7', 1792990001000, 1792990001000, 'rule:stock'), ('item', 21, 'available', '8', '6', 1792995000000, 1792995000000, 'channel:shop'),
	('offer', 211, 'target', '3', '1', 1792995001000, 1792995001000, 'rule:stock'), ('offer', 213, 'target', '7', '5', 1792995001000, 1792995001000, 'rule:stock');
