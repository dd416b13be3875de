-- The configuration that held, with a buffer of its own; what happened in the last minutes, behind the window of an incident that was over by then.
INSERT INTO config (id, hash, text, at_ms) VALUES (1, 'h', '[account walmart-us] channel = walmart' || char(10) || '[account walmart-us] buffer = 12u/0%' || char(10), 1792980000000);
INSERT INTO meta (key, value) VALUES ('config', '1');
UPDATE offer SET target = 5, target_ms = 1792999900000, why = '5', pushed = 5, pushed_ms = 1792999900000, seen = 5, seen_ms = 1792999910000, push_state = '', drift = 0, drift_ms = 0, risk = 0, cause = ''
	WHERE id = 8;
INSERT INTO observation (offer_id, seen, was, was_ms, pushed, verdict, valid_ms, known_ms, attempt_id) VALUES (8, 5, 3, 1792999025000, 5, '', 1792999910000, 1792999910000, NULL);
UPDATE place SET stale = 1 WHERE id = 1;
INSERT INTO change (fact, fact_id, field, old, new, valid_ms, known_ms, actor) VALUES
	('offer', 8, 'target', '0', '5', 1792999900000, 1792999900000, 'operator:jo'), ('offer', 8, 'pushed', '0', '5', 1792999900000, 1792999900000, 'rule:stock'),
	('offer', 8, 'push_state', 'NOT_APPLIED', '', 1792999910000, 1792999910000, 'rule:stock'), ('offer', 8, 'drift', '3', '0', 1792999910000, 1792999910000, 'channel:walmart-us'),
	('place', 1, 'stale', '0', '1', 1792999920000, 1792999920000, 'rule:stock');
