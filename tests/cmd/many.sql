-- More orders than buyers are shown at once.
INSERT INTO orders (account_id, ref, state, open, due_ms, placed_ms, updated_ms, known_ms)
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT 1, 'M-' || i, 'ACKED', 1, 1793086400000 + i, 1792980000000, 1792980000000, 1792980000000 FROM n;
