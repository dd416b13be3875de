#ifndef TALLYMAN_ZERO_ROW_H
#define TALLYMAN_ZERO_ROW_H
/*
 * zero_row.h: what the files of zero-outs ask of a row in the same words; w is zero_row, z is zero_out, f is offer. For zero*.c, and for feed_again.c, where
 * zeros lie that may be stopped.
 */

/* What the person had before his eyes: when it was begun, or when it was gone on with after a stop. */
#define ZERO_ROW_LOOKED "coalesce(w.looked, w.prior)"

/* Read once more just before its zero was said, it showed more than the person had seen, and nobody has said since that it goes all the same. */
#define ZERO_ROW_MOVED "(w.look_ms > 0 AND w.fresh_ms > 0 AND w.let_ms = 0 AND w.fresh > coalesce(" ZERO_ROW_LOOKED ", 0))"

/*
 * Its account is out of step, and a lapse's zero-out holds it at zero: half an hour is half an hour, and what somebody stopped, or has to look at because it moved, is
 * no exception. What is his stays his when the account comes back.
 */
#define ZERO_ROW_RULED \
	"EXISTS (SELECT 1 FROM lapse p JOIN zero_out u ON u.id = p.zero_id WHERE p.account_id = f.account_id AND p.ended_ms = 0 AND u.lifted_ms = 0)"

/* Somebody stopped it, and what was not said of it yet is not said. */
#define ZERO_ROW_STOPPED "(z.stopped_ms > 0 AND NOT " ZERO_ROW_RULED ")"

/* Let go of, it was once seen to show the number of then. That buyers have taken some of it since, so that another is wanted, is daily life. */
#define ZERO_ROW_RIGHT "(w.right_ms > 0)"

/* Held by this very one still. */
#define ZERO_ROW_HELD "f.hold LIKE 'zero-out Z-' || z.id || ':%'"

/* Of an open one: no reading begun after it shows nothing. Of a lifted one: it is held still, or no reading has shown the number of then. */
#define ZERO_ROW_PENDING \
	"(CASE WHEN z.lifted_ms = 0 THEN f.seen IS NULL OR f.seen > 0 OR f.seen_ms < z.made_ms " \
	"ELSE " ZERO_ROW_HELD " OR (f.hold = '' AND NOT " ZERO_ROW_RIGHT ") END)"

#endif
