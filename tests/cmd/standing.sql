-- What stands at zero, waits for a second person, or is out of step: Z-1 holds both offers, Z-2 was lifted, P-5 is proposed; walmart-us is said to be out.
INSERT INTO intent (id, asker, kind, state, actor, typed, why, result, made_ms, trace) VALUES
	(4, 'asker-4', 'zero', 'done', 'uid:1000 jo', 'zero 2 offers walmart-us amazon-de', '', 'held', 1792999100000, 'trace-zero'),
	(5, 'asker-5', 'zero', 'proposed', 'uid:1001 mo', 'zero 200 offers walmart-us', 'all of it', '', 1792999900000, 'trace-all');
INSERT INTO zero_out (id, scope, reason, actor, intent_id, made_ms) VALUES (1, 'SKU-0042', 'recall of ' || char(27) || '[1mone batch', 'uid:1000 jo', 4, 1792999100000);
INSERT INTO zero_out (id, scope, reason, actor, intent_id, made_ms, lifted_ms, lifted_by, freed_ms) VALUES (2, 'tag:summer', 'counted wrong', 'uid:1000 jo', 4, 1792990000000, 1792991000000, 'uid:1000 jo', 1792991000000);
INSERT INTO zero_row (zero_id, offer_id, prior, pushed) VALUES (1, 8, 3, 3), (1, 9, NULL, NULL);
UPDATE offer SET hold = 'zero-out Z-1: recall' WHERE id IN (8, 9);
INSERT INTO lapse (id, account_id, cause, state, text, since_ms, looked_ms, steady_ms, bad_ms, declared) VALUES
	(1, 1, 'platform', 'FAILING', 'their status page says so', 1792999000000, 1792999900000, 1792999000000, 1792999800000, 'uid:1000 jo'),
	(2, 2, 'write', 'FAILING', 'they do not know us', 1792999500000, 1792999900000, 1792999500000, 1792999800000, '');
-- One SKU at two of an account's places, of which one is ours by name.
UPDATE place SET node = '10' WHERE id = 1;
INSERT INTO offer (id, account_id, sku, node, item_id, title, target, target_ms, why, seen, seen_ms, known_ms) VALUES
	(20, 1, 'WM-9', '10', 5, 'Gift box', 3, 1792999010000, '3', 3, 1792999025000, 1), (21, 1, 'WM-9', '11', 5, 'Gift box', 4, 1792999010000, '4', 4, 1792999025000, 1);
