-- What ends soon, what holds everything, and somebody who should be forgotten; the time is 2026-10-26T07:33:20Z.
INSERT INTO secret (account_id, key, source, fingerprint, since_ms, expires_ms) VALUES
	(1, 'client_secret', 'vault:walmart.secret', '0123456789ab', 1790000000000, 1793518400000),
	(2, 'client_secret', 'file:/etc/tallyman/amazon.secret', 'ba9876543210', 1790000000000, 1792900000000),
	(2, 'refresh_token', 'vault:amazon.refresh', 'aaaabbbbcccc', 1790000000000, 1800000000000);
INSERT INTO meta (key, value) VALUES ('held', 'the store was put back: its audit ends at row 7, and had come to 12')
	ON CONFLICT (key) DO UPDATE SET value = excluded.value;
UPDATE person SET sealed = x'00', purge_ms = 1792990000000 WHERE order_id = (SELECT min(order_id) FROM person);
INSERT INTO alert (id, key, kind, severity, account_id, text, opened_ms, last_ms, closed_ms) VALUES
	(90, 'spare walmart-us', 'secret', 'WARN', 1, 'walmart-us: one of its two secrets was refused', 1792992000000, 1792992000000, 0);
