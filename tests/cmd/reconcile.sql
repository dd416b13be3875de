-- Runs of every end, differences left to a person, a session half decided; the time is 2026-10-26T07:33:20Z.
INSERT INTO rec_run (id, account_id, whole, state, text, actor, planned_ms, began_ms, pulled_ms, ended_ms, pages, listed, compared, settling, drifting, alerting, corrected, undecided, unseen, trace) VALUES
	(11, 1, 1, 'COMPLETE', '', 'rule:reconcile', 1792913600000, 1792913600000, 1792913700000, 1792913760000, 2, 212, 3, 0, 2, 1, 1, 1, 0, 't-rec-11'),
	(12, 2, 0, 'PARTIAL', 'page 3 of 4 never came', 'rule:reconcile', 1792985600000, 1792985600000, 1792985700000, 1792985760000, 3, 300, 2, 1, 1, 0, 0, 0, 1, 't-rec-12'),
	(13, 2, 0, 'REFUSED', 'a pull takes 400 calls, 260 of the day are left for reading', 'rule:reconcile', 1792999400000, 1792999400000, 0, 1792999400000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 't-rec-13');
INSERT INTO rec_row (id, run_id, offer_id, kind, expected, observed, delta, pct, risk, cause, since_ms, observed_ms, action, text, alerts, verdict, verdict_ms, proof, decision, decided_by, decided_ms, at_ms) VALUES
	(1, 11, 8, 'drift', 0, 3, 3, 30000, 3, 'CHANNEL_EDIT', 1792913600000, 1792913600000, 'look', 'somebody edits it there again and again', 1, '', 0, '', '', '', 0, 1792913600000);
INSERT INTO sitting (id, kind, account_id, filter, state, actor, whence, made_ms, touched_ms) VALUES
	(5, 'manual', NULL, 'risk>0', 'OPEN', 'uid:1000 op2', 'pts/3@ops1', 1792998140000, 1792998680000);
INSERT INTO sitting_row (sitting_id, n, offer_id, target, expected, observed, available, delta, cause, seen_ms, ver, decision, reason, decided_by, decided_ms) VALUES
	(5, 1, 8, 0, 0, 3, -3, 3, 'NOT_APPLIED', 1792999025000, 0, '', '', '', 0);
