-- The store of tallyman. Current tables hold what is so; `change` says how it came to be so.
-- Times are epoch milliseconds UTC, money is minor units with its currency beside it, quantities are eaches.
-- Where rows are written by the thousand, a CHECK compares word by word: for IN with three words or more SQLite builds and drops a
-- small table at every row.

CREATE TABLE meta (
	key   TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One engine: the epoch grows at each start; an attempt of an older one is refused below.
CREATE TABLE lease (
	id         INTEGER PRIMARY KEY CHECK (id = 1),
	epoch      INTEGER NOT NULL,
	pid        INTEGER NOT NULL,
	started_ms INTEGER NOT NULL,
	beat_ms    INTEGER NOT NULL,
	before_ms  INTEGER NOT NULL DEFAULT 0, -- the last beat of the engine before it that lived for two minutes
	short      INTEGER NOT NULL DEFAULT 0  -- so many engines in a row before it did not
) STRICT;

-- Configuration in force: facts carry its id, so that a decision can be explained after the file has changed.
CREATE TABLE config (
	id    INTEGER PRIMARY KEY,
	hash  TEXT NOT NULL UNIQUE,
	text  TEXT NOT NULL,
	at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE account (
	id           INTEGER PRIMARY KEY,
	name         TEXT NOT NULL UNIQUE,
	channel      TEXT NOT NULL,
	mode         TEXT NOT NULL DEFAULT 'shadow' CHECK (mode IN ('shadow', 'live')),
	kind         TEXT NOT NULL DEFAULT 'seller' CHECK (kind IN ('seller', 'provider')), -- whose access it is: the seller's own, or a solution provider's for him
	enabled      INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
	marketplaces TEXT NOT NULL DEFAULT '',
	base_url     TEXT NOT NULL DEFAULT '',
	state        TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'ok', 'slow', 'auth', 'down', 'wrong', 'off')),
	state_text   TEXT NOT NULL DEFAULT '',
	state_ms     INTEGER NOT NULL DEFAULT 0,
	ok_ms        INTEGER NOT NULL DEFAULT 0,  -- last answer that was understood
	heard_ms     INTEGER NOT NULL DEFAULT 0,  -- orders are known up to here
	counts_ms    INTEGER NOT NULL DEFAULT -1, -- it tells of our stock, and did first then; 0: not yet; -1: it tells of none
	by_place     INTEGER NOT NULL DEFAULT 0 CHECK (by_place IN (0, 1)), -- in a reading for each place, not one of all
	gross        TEXT NOT NULL DEFAULT '' CHECK (gross IN ('', 'gross', 'net')), -- it takes its open units off what we say: shown by its own readings
	made_ms      INTEGER NOT NULL
) STRICT;

-- ---- stock ----

CREATE TABLE item (
	id        INTEGER PRIMARY KEY,
	sku       TEXT NOT NULL UNIQUE,
	title     TEXT NOT NULL DEFAULT '',
	counted   INTEGER NOT NULL DEFAULT 0,  -- sum over the places that count
	reserved  INTEGER NOT NULL DEFAULT 0,  -- open units of orders that no warehouse has taken off its own number yet
	held      INTEGER NOT NULL DEFAULT 0,  -- kept back or on the way between places, where it counts
	lent      INTEGER NOT NULL DEFAULT 0,  -- what open orders of kits want made of it
	made      INTEGER NOT NULL DEFAULT 0,  -- of a kit: what it is short of, and what its parts allow besides
	kit       INTEGER NOT NULL DEFAULT 0 CHECK (kit IN (0, 1)), -- it is put together of others
	available INTEGER NOT NULL DEFAULT 0,  -- counted - held - reserved - lent + made; below zero is oversold
	known_ms  INTEGER NOT NULL DEFAULT 0,
	made_ms   INTEGER NOT NULL
) STRICT;

CREATE INDEX item_folded ON item (lower(trim(sku))); -- for candidates only: a SKU is looked up as it is spelled
CREATE INDEX item_oversold ON item (available, id) WHERE available < 0;

CREATE INDEX item_kit ON item (sku) WHERE kit = 1;

-- What a kit is put together of when it is ordered.
CREATE TABLE kit (
	item_id INTEGER NOT NULL REFERENCES item (id),
	part_id INTEGER NOT NULL REFERENCES item (id) CHECK (part_id <> item_id),
	qty     INTEGER NOT NULL CHECK (qty BETWEEN 1 AND 10000),
	PRIMARY KEY (item_id, part_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX kit_part ON kit (part_id, item_id);

CREATE TABLE place (
	id         INTEGER PRIMARY KEY,
	name       TEXT NOT NULL UNIQUE,
	kind       TEXT NOT NULL CHECK (kind IN ('own', '3pl', 'dropship', 'fba', 'wfs')),
	account_id INTEGER REFERENCES account (id),
	counts     INTEGER NOT NULL DEFAULT 1 CHECK (counts IN (0, 1)), -- a person's word: its stock is for sale
	active     INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)), -- who tells of it says that it is in use
	stale      INTEGER NOT NULL DEFAULT 0 CHECK (stale IN (0, 1)),  -- not heard for longer than max_age_ms
	sells      INTEGER NOT NULL DEFAULT 1 CHECK (sells IN (0, 1)),  -- all of these, and not a pool of a channel's own: it is part of an item's sum
	swept      INTEGER,                                             -- sells became another: its items up to this one were thought over; NULL: all
	max_age_ms INTEGER NOT NULL DEFAULT 3600000,
	heard_ms   INTEGER NOT NULL DEFAULT 0,
	due_ms     INTEGER NOT NULL DEFAULT 0, -- it is near: stale then; 0: it is not, or it is there
	held_ms    INTEGER NOT NULL DEFAULT 0, -- a person says that its numbers hold until then
	held_by    TEXT NOT NULL DEFAULT '',
	serves     TEXT NOT NULL DEFAULT '',  -- accounts or channels with a space between, '': all
	node       TEXT NOT NULL DEFAULT ''   -- what a marketplace calls it
) STRICT;

-- Who tells of a place, and by which word. Several systems may tell of one and the same.
CREATE TABLE place_source (
	id         INTEGER PRIMARY KEY,
	place_id   INTEGER NOT NULL REFERENCES place (id),
	account_id INTEGER NOT NULL REFERENCES account (id),
	code       TEXT NOT NULL,
	name       TEXT NOT NULL DEFAULT '',
	heard_ms   INTEGER NOT NULL DEFAULT 0, -- a reading of it was taken, or found unchanged
	UNIQUE (account_id, code)
) STRICT;

CREATE INDEX place_source_place ON place_source (place_id);

CREATE TABLE stock (
	item_id    INTEGER NOT NULL REFERENCES item (id),
	place_id   INTEGER NOT NULL REFERENCES place (id),
	counted    INTEGER NOT NULL CHECK (counted BETWEEN 0 AND 999999), -- what we believe: the last count less what left since
	told       INTEGER NOT NULL DEFAULT 0,                            -- what that count said
	held       INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),          -- a person keeps it back
	moving     INTEGER NOT NULL DEFAULT 0 CHECK (moving >= 0),        -- promised to another place, still counted here
	account_id INTEGER NOT NULL DEFAULT 0,                            -- whose reading decided it, 0: a person's
	valid_ms   INTEGER NOT NULL,
	known_ms   INTEGER NOT NULL,
	PRIMARY KEY (item_id, place_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX stock_place ON stock (place_id, item_id);

-- What each who tells of a place said last of an item there: beside stock, which is what was decided.
CREATE TABLE reading (
	id         INTEGER PRIMARY KEY,
	item_id    INTEGER NOT NULL REFERENCES item (id),
	place_id   INTEGER NOT NULL REFERENCES place (id),
	account_id INTEGER NOT NULL,                  -- 0: a person
	free       INTEGER NOT NULL,                  -- eaches, for sale by their own word
	committed  INTEGER NOT NULL DEFAULT 0,        -- what they took off for orders they have: explains, is never subtracted again
	was        INTEGER NOT NULL DEFAULT 0,        -- what they said before that
	was_ms     INTEGER NOT NULL DEFAULT 0,        -- until when
	valid_ms   INTEGER NOT NULL,
	known_ms   INTEGER NOT NULL,
	missing    INTEGER NOT NULL DEFAULT 0,        -- complete readings in a row that left it out
	missing_ms INTEGER NOT NULL DEFAULT 0,        -- of when the last of them is
	attempt_id INTEGER REFERENCES attempt (id),
	UNIQUE (item_id, place_id, account_id)
) STRICT;

-- A reading that comes in pages waits here until its last one: nothing of it is half applied.
CREATE TABLE staged (
	id         INTEGER PRIMARY KEY,
	account_id INTEGER NOT NULL REFERENCES account (id),
	reading    TEXT NOT NULL,
	place      TEXT NOT NULL DEFAULT '',
	sku        TEXT NOT NULL,
	title      TEXT NOT NULL DEFAULT '',
	unit       TEXT NOT NULL DEFAULT '',
	qty        INTEGER NOT NULL,
	committed  INTEGER NOT NULL DEFAULT 0,
	valid_ms   INTEGER NOT NULL DEFAULT 0,
	begun_ms   INTEGER NOT NULL,
	UNIQUE (account_id, reading, place, sku, unit)
) STRICT;

-- What the last reading that was held back for taking too much at once said of the goods it had fewer of: a second one may take as much.
CREATE TABLE doubted (
	id         INTEGER PRIMARY KEY,
	account_id INTEGER NOT NULL REFERENCES account (id),
	place      TEXT NOT NULL,
	sku        TEXT NOT NULL,
	counted    INTEGER NOT NULL,
	UNIQUE (account_id, place, sku)
) STRICT;

-- How far a source's tellings reach: dispatches are read before stock, stock before orders.
CREATE TABLE source (
	account_id INTEGER PRIMARY KEY REFERENCES account (id),
	begun_ms   INTEGER NOT NULL DEFAULT 0,        -- the dispatches being read now were asked for then; 0: none are
	upto_ms    INTEGER NOT NULL DEFAULT 0,        -- the last complete reading of them was begun then; 0: it never told any
	counts_ms  INTEGER NOT NULL DEFAULT 0,        -- and of counts
	awaited_ms INTEGER NOT NULL DEFAULT 0,        -- an engine began then, and has not heard all its places since; 0: it has
	awaited    INTEGER NOT NULL DEFAULT 0         -- so many places
) STRICT;

-- Eaches in one of their units of measure, as their own product list says.
CREATE TABLE product_unit (
	id         INTEGER PRIMARY KEY,
	account_id INTEGER NOT NULL REFERENCES account (id),
	sku        TEXT NOT NULL,
	unit       TEXT NOT NULL,
	eaches     INTEGER NOT NULL CHECK (eaches BETWEEN 1 AND 999999),
	known_ms   INTEGER NOT NULL,
	UNIQUE (account_id, sku, unit)
) STRICT;

-- What a source of truth does not sell any more, by its own product list.
CREATE TABLE discontinued (
	sku        TEXT NOT NULL,
	account_id INTEGER NOT NULL REFERENCES account (id),
	active     INTEGER NOT NULL CHECK (active IN (0, 1)), -- 1: they took it up again
	known_ms   INTEGER NOT NULL,
	PRIMARY KEY (sku, account_id)
) STRICT, WITHOUT ROWID;

-- Several systems tell the same place and differ: a row of its own, with the likeliest cause; it ends when they agree again.
CREATE TABLE conflict (
	id         INTEGER PRIMARY KEY,
	item_id    INTEGER NOT NULL REFERENCES item (id),
	place_id   INTEGER NOT NULL REFERENCES place (id),
	account_id INTEGER NOT NULL,                  -- who owns the number
	other_id   INTEGER NOT NULL,                  -- who says otherwise
	free       INTEGER NOT NULL,
	other_free INTEGER NOT NULL,
	decided    INTEGER NOT NULL,                  -- what is believed meanwhile
	cause      TEXT NOT NULL,
	why        TEXT NOT NULL,                     -- in words, with the document that is likely missing
	since_ms   INTEGER NOT NULL,
	known_ms   INTEGER NOT NULL,
	ended_ms   INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE UNIQUE INDEX conflict_one ON conflict (item_id, place_id, account_id, other_id) WHERE ended_ms = 0;
CREATE INDEX conflict_open ON conflict (since_ms, id) WHERE ended_ms = 0;

-- Stock is a sum of moves and counts; a count is the move from what we believed to what was found.
CREATE TABLE move (
	id        INTEGER PRIMARY KEY,
	item_id   INTEGER NOT NULL REFERENCES item (id),
	place_id  INTEGER REFERENCES place (id),
	qty       INTEGER NOT NULL,
	cause     TEXT NOT NULL CHECK (cause = 'count' OR cause = 'sale' OR cause = 'cancel' OR cause = 'dispatch' OR cause = 'return'
	                              OR cause = 'correction'),
	ref       TEXT NOT NULL DEFAULT '',
	valid_ms  INTEGER NOT NULL,
	known_ms  INTEGER NOT NULL,
	actor     TEXT NOT NULL,
	trace     TEXT NOT NULL DEFAULT '',
	config_id INTEGER REFERENCES config (id)
) STRICT;

CREATE INDEX move_item ON move (item_id, id);
CREATE INDEX move_dispatch ON move (item_id, place_id, valid_ms) WHERE cause = 'dispatch';

-- Items whose offers must be thought over again.
CREATE TABLE dirty (
	item_id  INTEGER PRIMARY KEY REFERENCES item (id),
	since_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX dirty_since ON dirty (since_ms, item_id);

-- What a person set for a SKU or a tag beside the configuration (trade/policy.h); cleared or replaced, it ends and stays.
CREATE TABLE policy_override (
	id       INTEGER PRIMARY KEY,
	scope    TEXT NOT NULL CHECK (scope IN ('sku', 'tag')),
	name     TEXT NOT NULL,                      -- our SKU, or the tag
	account  TEXT NOT NULL DEFAULT '',           -- '': on all
	key      TEXT NOT NULL,
	value    TEXT NOT NULL,
	cause    TEXT NOT NULL DEFAULT '',
	actor    TEXT NOT NULL,
	made_ms  INTEGER NOT NULL,
	ended_ms INTEGER NOT NULL DEFAULT 0,
	ended_by TEXT NOT NULL DEFAULT '',
	trace    TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE UNIQUE INDEX policy_override_one ON policy_override (scope, name, account, key) WHERE ended_ms = 0;

CREATE TRIGGER policy_override_stays BEFORE DELETE ON policy_override
BEGIN SELECT RAISE(ABORT, 'an override ends, and stays on record'); END;

CREATE TABLE item_tag (
	item_id INTEGER NOT NULL REFERENCES item (id),
	tag     TEXT NOT NULL,
	actor   TEXT NOT NULL,
	at_ms   INTEGER NOT NULL,
	PRIMARY KEY (item_id, tag)
) STRICT, WITHOUT ROWID;

CREATE INDEX item_tag_tag ON item_tag (tag, item_id);

CREATE TABLE offer (
	id           INTEGER PRIMARY KEY,
	account_id   INTEGER NOT NULL REFERENCES account (id),
	marketplace  TEXT NOT NULL DEFAULT '',
	node         TEXT NOT NULL DEFAULT '',
	sku          TEXT NOT NULL,                  -- the channel's spelling
	item_id      INTEGER REFERENCES item (id),   -- NULL: not mapped, never written
	pack         INTEGER NOT NULL DEFAULT 1 CHECK (pack BETWEEN 1 AND 10000), -- eaches in one of the listing's units
	mapped_ms    INTEGER NOT NULL DEFAULT 0,     -- since when, and by what: it is spelled alike, or somebody said so
	mapped_by    TEXT NOT NULL DEFAULT '' CHECK (mapped_by = '' OR mapped_by = 'spelling' OR mapped_by = 'person' OR mapped_by = 'import'),
	product_type TEXT NOT NULL DEFAULT '',
	ref          TEXT NOT NULL DEFAULT '',       -- their numbers: of the offer,
	listing      TEXT NOT NULL DEFAULT '',       -- of its listing,
	item_ref     TEXT NOT NULL DEFAULT '',       -- and of the thing whose stock it is
	block        TEXT NOT NULL DEFAULT '',       -- why the channel lets nobody write it, '' when it does
	flags        TEXT NOT NULL DEFAULT '',       -- words: 'continue' it sells below zero, 'ended', 'odd': blocked by a word that we do not know
	title        TEXT NOT NULL DEFAULT '',
	pool         TEXT NOT NULL DEFAULT 'own' CHECK (pool = 'own' OR pool = 'fba' OR pool = 'wfs' OR pool = 'auction'),
	target       INTEGER CHECK (target BETWEEN 0 AND 999999),
	target_ms    INTEGER NOT NULL DEFAULT 0,
	why          TEXT NOT NULL DEFAULT '',       -- the equation behind target, in words
	pushed       INTEGER CHECK (pushed BETWEEN 0 AND 999999),
	pushed_ms    INTEGER NOT NULL DEFAULT 0,
	push_route   TEXT NOT NULL DEFAULT '',       -- by single call, bulk or feed
	seen         INTEGER CHECK (seen BETWEEN 0 AND 999999),
	seen_ms      INTEGER NOT NULL DEFAULT 0,     -- when a read or a list last said so
	read_ms      INTEGER NOT NULL DEFAULT 0,     -- when it was itself read last: some lists tell only what lies behind it
	seen_attempt INTEGER REFERENCES attempt (id),
	reserved     INTEGER NOT NULL DEFAULT 0,     -- by that read: sold there and not shipped
	hold         TEXT NOT NULL DEFAULT '',       -- why it is held at zero
	waits        INTEGER NOT NULL DEFAULT 0,     -- it wants to show more, and waits until others show less
	push_state   TEXT NOT NULL DEFAULT '' CHECK (push_state = '' OR push_state = 'SETTLING' OR push_state = 'APPLIED'
	                                            OR push_state = 'NOT_APPLIED' OR push_state = 'OVERWRITTEN'
	                                            OR push_state = 'PARTLY'),
	settle_ms    INTEGER NOT NULL DEFAULT 0,     -- SETTLING until then
	ver          INTEGER NOT NULL DEFAULT 0,
	drift        INTEGER NOT NULL DEFAULT 0,     -- seen - pushed, zero while settling
	drift_ms     INTEGER NOT NULL DEFAULT 0,     -- since when
	cause        TEXT NOT NULL DEFAULT '' CHECK (cause = '' OR cause = 'CHANNEL_EDIT' OR cause = 'SETTLING'
	                                            OR cause = 'IN_FLIGHT_ORDER' OR cause = 'RETURN_FIRST' OR cause = 'NOT_APPLIED'
	                                            OR cause = 'MAPPING' OR cause = 'TRUTH_STALE' OR cause = 'UNKNOWN'),
	risk         INTEGER NOT NULL DEFAULT 0,     -- units shown beyond what is available: sorts the drift pane
	known_ms     INTEGER NOT NULL,
	UNIQUE (sku, account_id, marketplace, node),
	CHECK (pool = 'own' OR target IS NULL)       -- fulfilled by the channel: never written
) STRICT;

CREATE INDEX offer_item ON offer (item_id) WHERE item_id IS NOT NULL;
CREATE INDEX offer_unmapped ON offer (account_id, sku) WHERE item_id IS NULL;
CREATE INDEX offer_drift ON offer (risk, id) WHERE drift <> 0;
CREATE INDEX offer_drift_delta ON offer (abs(drift), id) WHERE drift <> 0;
CREATE INDEX offer_drift_age ON offer (drift_ms, id) WHERE drift <> 0;
CREATE INDEX offer_drift_sku ON offer (sku, id) WHERE drift <> 0;
CREATE INDEX offer_settling ON offer (settle_ms) WHERE push_state = 'SETTLING';
CREATE INDEX offer_zero_unseen ON offer (account_id, pushed_ms) WHERE push_state = 'SETTLING' AND hold <> '' AND pushed = 0;

-- Which item a SKU of an account stands for, where somebody said so. Without a row it is the item that is spelled alike.
CREATE TABLE mapping (
	account_id INTEGER NOT NULL REFERENCES account (id),
	sku        TEXT NOT NULL,                    -- the channel's spelling
	item_id    INTEGER NOT NULL REFERENCES item (id),
	pack       INTEGER NOT NULL DEFAULT 1 CHECK (pack BETWEEN 1 AND 10000),
	source     TEXT NOT NULL CHECK (source IN ('person', 'import')),
	actor      TEXT NOT NULL,
	made_ms    INTEGER NOT NULL,
	PRIMARY KEY (sku, account_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX mapping_item ON mapping (item_id);

-- The cross-reference: every number that anybody has for a SKU, as it was told.
CREATE TABLE identity (
	id         INTEGER PRIMARY KEY,
	account_id INTEGER NOT NULL REFERENCES account (id),
	sku        TEXT NOT NULL,
	kind       TEXT NOT NULL CHECK (kind IN ('asin', 'walmart_item', 'upc', 'ean', 'gtin', 'ebay_offer', 'ebay_listing',
	                                        'shopify_variant', 'shopify_item', 'netsuite', 'cartoncloud')),
	value      TEXT NOT NULL,
	gtin       TEXT NOT NULL DEFAULT '',         -- fourteen digits, where value is such a number and can be read
	fault      TEXT NOT NULL DEFAULT '',         -- what is wrong with value, in words
	known_ms   INTEGER NOT NULL,
	attempt_id INTEGER REFERENCES attempt (id),
	UNIQUE (sku, account_id, kind, value)
) STRICT;

CREATE INDEX identity_value ON identity (value, kind);
CREATE INDEX identity_gtin ON identity (gtin) WHERE gtin <> '';
CREATE INDEX identity_fault ON identity (id) WHERE fault <> '';

-- What an account's own readings say about whether it takes its open units off the number that we say (trade/gross.h).
CREATE TABLE gross_evidence (
	id         INTEGER PRIMARY KEY,
	account_id INTEGER NOT NULL REFERENCES account (id),
	sku        TEXT NOT NULL,
	says       TEXT NOT NULL CHECK (says IN ('gross', 'net')),
	pushed     INTEGER NOT NULL,
	reserved   INTEGER NOT NULL,
	sellable   INTEGER NOT NULL,
	at_ms      INTEGER NOT NULL,
	attempt_id INTEGER REFERENCES attempt (id),
	UNIQUE (account_id, sku)
) STRICT;

-- What a read showed, when it differed from what we knew or closed a push.
CREATE TABLE observation (
	id         INTEGER PRIMARY KEY,
	offer_id   INTEGER NOT NULL REFERENCES offer (id),
	seen       INTEGER NOT NULL,
	was        INTEGER,                           -- what the reads before it showed; NULL: it is the first
	was_ms     INTEGER NOT NULL DEFAULT 0,        -- the last of them: between then and valid_ms it became another
	pushed     INTEGER,
	verdict    TEXT NOT NULL DEFAULT '',
	valid_ms   INTEGER NOT NULL,
	known_ms   INTEGER NOT NULL,
	attempt_id INTEGER REFERENCES attempt (id)
) STRICT;

CREATE INDEX observation_offer ON observation (offer_id, id);

CREATE TRIGGER observation_is_written_once BEFORE UPDATE ON observation
BEGIN SELECT RAISE(ABORT, 'what was seen stays what was seen'); END;
CREATE TRIGGER observation_stays BEFORE DELETE ON observation
BEGIN SELECT RAISE(ABORT, 'what was seen stays what was seen'); END;

-- How fast an offer sells, thousandths of an each a day: reckoned from orders and readings, kept for a while (trade/pace.h).
CREATE TABLE pace (
	offer_id INTEGER PRIMARY KEY REFERENCES offer (id),
	velocity INTEGER NOT NULL,
	at_ms    INTEGER NOT NULL
) STRICT;

-- ---- orders ----

CREATE TABLE orders (
	id            INTEGER PRIMARY KEY,
	account_id    INTEGER NOT NULL REFERENCES account (id),
	ref           TEXT NOT NULL,
	other_ref     TEXT NOT NULL DEFAULT '',      -- the buyer's number where it is another
	marketplace   TEXT NOT NULL DEFAULT '',
	state         TEXT NOT NULL CHECK (state = 'PENDING' OR state = 'NEW' OR state = 'ACKED' OR state = 'RELEASED'
	                                  OR state = 'PICKING' OR state = 'PACKED' OR state = 'SHIPPED' OR state = 'DELIVERED'
	                                  OR state = 'CANCELLED' OR state = 'UNKNOWN'),
	raw_state     TEXT NOT NULL DEFAULT '',
	open          INTEGER NOT NULL CHECK (open IN (0, 1)),
	flags         INTEGER NOT NULL DEFAULT 0,    -- 1 hold, 2 cancel asked, 4 exception, 8 read only
	due_ms        INTEGER NOT NULL,              -- the next deadline that costs something; far away when none
	ack_by_ms     INTEGER NOT NULL DEFAULT 0,
	ship_by_ms    INTEGER NOT NULL DEFAULT 0,
	deliver_by_ms INTEGER NOT NULL DEFAULT 0,
	cancel_by_ms  INTEGER NOT NULL DEFAULT 0,
	placed_ms     INTEGER NOT NULL,
	updated_ms    INTEGER NOT NULL,              -- theirs: an older telling changes nothing
	known_ms      INTEGER NOT NULL,
	currency      TEXT NOT NULL DEFAULT '',
	total_minor   INTEGER NOT NULL DEFAULT 0,
	tax_minor     INTEGER NOT NULL DEFAULT 0,
	ship_minor    INTEGER NOT NULL DEFAULT 0,
	service       TEXT NOT NULL DEFAULT '',
	country       TEXT NOT NULL DEFAULT '',
	node          TEXT NOT NULL DEFAULT '',
	sku           TEXT NOT NULL DEFAULT '',      -- of the first line
	units         INTEGER NOT NULL DEFAULT 0,
	lines         INTEGER NOT NULL DEFAULT 0,
	confirm       TEXT NOT NULL DEFAULT '' CHECK (confirm = '' OR confirm = 'NOT_SENT' OR confirm = 'SENDING'
	                                             OR confirm = 'ACCEPTED' OR confirm = 'REJECTED' OR confirm = 'UNKNOWN'
	                                             OR confirm = 'APPLIED'),
	carrier       TEXT NOT NULL DEFAULT '',
	tracking      TEXT NOT NULL DEFAULT '',
	digest        INTEGER NOT NULL DEFAULT 0,    -- of everything told: the same telling again writes nothing
	attempt_id    INTEGER REFERENCES attempt (id),
	path          TEXT NOT NULL DEFAULT '',      -- where in that reply
	trace         TEXT NOT NULL DEFAULT '',
	proof_ms      INTEGER NOT NULL DEFAULT 0,    -- when another reply than the first told of it, to within hours; 0: none did, its number may be misread
	none_ms       INTEGER NOT NULL DEFAULT 0,    -- since when the account says that it has no such order; 0: it was told since
	struck_ms     INTEGER NOT NULL DEFAULT 0,    -- what was open of it is cancelled since then, because of that; 0: it stands
	UNIQUE (ref, account_id)
) STRICT;

-- One for each order of the queue. Partial: an order leaves them when it closes, so they stay as small as the queue.
CREATE INDEX orders_due ON orders (due_ms, id) WHERE open = 1;
CREATE INDEX orders_once ON orders (account_id, known_ms) WHERE open = 1 AND proof_ms = 0;

CREATE INDEX orders_account ON orders (account_id, due_ms, id) WHERE open = 1;
CREATE INDEX orders_sku ON orders (sku, id) WHERE open = 1;
CREATE INDEX orders_total ON orders (total_minor, id) WHERE open = 1;
CREATE INDEX orders_placed ON orders (placed_ms, id) WHERE open = 1;
CREATE INDEX orders_closed ON orders (placed_ms, id) WHERE open = 0;
CREATE INDEX orders_tracking ON orders (tracking) WHERE tracking <> '';
CREATE INDEX orders_new ON orders (id) WHERE state = 'NEW';
CREATE INDEX orders_other ON orders (other_ref) WHERE other_ref <> '';
CREATE INDEX orders_cancel_asked ON orders (account_id, due_ms, id) WHERE open = 1 AND flags & 2 <> 0;

CREATE TABLE order_line (
	id          INTEGER PRIMARY KEY,
	order_id    INTEGER NOT NULL REFERENCES orders (id),
	ref         TEXT NOT NULL,
	sku         TEXT NOT NULL,
	item_id     INTEGER REFERENCES item (id),
	title       TEXT NOT NULL DEFAULT '',
	qty         INTEGER NOT NULL CHECK (qty BETWEEN 0 AND 999999),
	q_pending   INTEGER NOT NULL DEFAULT 0 CHECK (q_pending >= 0),
	q_new       INTEGER NOT NULL DEFAULT 0 CHECK (q_new >= 0),
	q_acked     INTEGER NOT NULL DEFAULT 0 CHECK (q_acked >= 0),
	q_released  INTEGER NOT NULL DEFAULT 0 CHECK (q_released >= 0),
	q_picking   INTEGER NOT NULL DEFAULT 0 CHECK (q_picking >= 0),
	q_packed    INTEGER NOT NULL DEFAULT 0 CHECK (q_packed >= 0),
	q_shipped   INTEGER NOT NULL DEFAULT 0 CHECK (q_shipped >= 0),
	q_delivered INTEGER NOT NULL DEFAULT 0 CHECK (q_delivered >= 0),
	q_cancelled INTEGER NOT NULL DEFAULT 0 CHECK (q_cancelled >= 0),
	q_unknown   INTEGER NOT NULL DEFAULT 0 CHECK (q_unknown >= 0),
	pack        INTEGER NOT NULL DEFAULT 1 CHECK (pack BETWEEN 1 AND 10000), -- eaches in one of its units, when it was mapped
	reserves    INTEGER NOT NULL DEFAULT 0,      -- open eaches that our stock owes; 0 for what the channel ships itself
	taken       INTEGER NOT NULL DEFAULT 0 CHECK (taken IN (0, 1)), -- the warehouse had the order when it was last read: its number excludes them
	money       TEXT NOT NULL DEFAULT 'PAID' CHECK (money = 'UNPAID' OR money = 'AUTHORISED' OR money = 'PAID'
	                                               OR money = 'PART_REFUNDED' OR money = 'REFUNDED' OR money = 'VOIDED'
	                                               OR money = 'DISPUTED'),
	post        TEXT NOT NULL DEFAULT 'NONE' CHECK (post = 'NONE' OR post = 'RETURN_REQUESTED' OR post = 'RETURN_AUTHORISED'
	                                               OR post = 'RETURN_IN_TRANSIT' OR post = 'RETURN_RECEIVED'
	                                               OR post = 'RETURN_CLOSED' OR post = 'CLAIM_OPEN'),
	price_minor INTEGER NOT NULL DEFAULT 0,
	tax_minor   INTEGER NOT NULL DEFAULT 0,
	ship_minor  INTEGER NOT NULL DEFAULT 0,
	raw_state   TEXT NOT NULL DEFAULT '',
	carrier     TEXT NOT NULL DEFAULT '',        -- as they show it; several packages of one line: numbers with a space between
	tracking    TEXT NOT NULL DEFAULT '',
	handle      TEXT NOT NULL DEFAULT '',        -- what they want named when it is shipped, where that is not ref
	missed_ms   INTEGER NOT NULL DEFAULT 0,      -- since when tellings of its order lack it; 0: it was told with the last one
	UNIQUE (order_id, ref),
	CHECK (q_pending + q_new + q_acked + q_released + q_picking + q_packed + q_shipped + q_delivered + q_cancelled + q_unknown = qty)
) STRICT;

CREATE INDEX order_line_item ON order_line (item_id, id) WHERE item_id IS NOT NULL;
CREATE INDEX order_line_owed ON order_line (item_id, reserves) WHERE reserves > 0;
CREATE INDEX order_line_cancelled ON order_line (item_id) WHERE q_cancelled > 0;
CREATE INDEX order_line_unmapped ON order_line (sku) WHERE item_id IS NULL;

-- Our orders as a warehouse has them: since made_ms the units are off its own free quantity.
CREATE TABLE warehouse_order (
	id           INTEGER PRIMARY KEY,
	account_id   INTEGER NOT NULL REFERENCES account (id),
	ref          TEXT NOT NULL,                   -- the number of ours that it carries
	their_ref    TEXT NOT NULL DEFAULT '',
	order_id     INTEGER REFERENCES orders (id),  -- NULL: no order of that number is known, or several are
	place_id     INTEGER REFERENCES place (id),   -- NULL: not told, and they tell of several
	state        TEXT NOT NULL CHECK (state = 'RELEASED' OR state = 'PICKING' OR state = 'PACKED' OR state = 'SHIPPED'
	                                 OR state = 'CANCELLED' OR state = 'UNKNOWN'),
	raw_state    TEXT NOT NULL DEFAULT '',
	taken        INTEGER NOT NULL CHECK (taken IN (0, 1)), -- goods are set aside for it, or it left: not while it waits for stock or approval
	made_ms      INTEGER NOT NULL,
	updated_ms   INTEGER NOT NULL,
	gone_ms      INTEGER NOT NULL DEFAULT 0,
	cancelled_ms INTEGER NOT NULL DEFAULT 0,      -- since then the units are free again by its number
	carrier      TEXT NOT NULL DEFAULT '',
	tracking     TEXT NOT NULL DEFAULT '',
	shipment_id  INTEGER REFERENCES shipment (id),
	path         TEXT NOT NULL DEFAULT '',
	attempt_id   INTEGER REFERENCES attempt (id),
	known_ms     INTEGER NOT NULL,
	UNIQUE (ref, account_id, their_ref)
) STRICT;

CREATE INDEX warehouse_order_order ON warehouse_order (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX warehouse_order_nobody ON warehouse_order (account_id, place_id) WHERE order_id IS NULL AND taken = 1 AND cancelled_ms = 0 AND gone_ms = 0;
CREATE INDEX warehouse_order_left ON warehouse_order (account_id, gone_ms) WHERE shipment_id IS NULL AND gone_ms <> 0;
CREATE INDEX warehouse_order_made ON warehouse_order (account_id, made_ms);

CREATE TRIGGER warehouse_order_stays BEFORE DELETE ON warehouse_order
BEGIN SELECT RAISE(ABORT, 'a warehouse order is never deleted'); END;

-- What it set aside or sent, as it was told last; no row: it does not tell its lines.
CREATE TABLE warehouse_line (
	warehouse_order_id INTEGER NOT NULL REFERENCES warehouse_order (id),
	sku                TEXT NOT NULL,
	qty                INTEGER NOT NULL CHECK (qty >= 0), -- eaches
	PRIMARY KEY (warehouse_order_id, sku)
) STRICT, WITHOUT ROWID;

-- People's data: sealed, apart, purged on its own clock; the order stays.
CREATE TABLE person (
	order_id INTEGER PRIMARY KEY REFERENCES orders (id),
	key_id   INTEGER NOT NULL,                    -- of the day; 0: he was forgotten on purpose
	sealed   BLOB,
	masked   TEXT NOT NULL DEFAULT '',            -- what a screen shows: "J*** D***, IL"
	purge_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX person_purge ON person (purge_ms) WHERE sealed IS NOT NULL;
CREATE INDEX person_forgotten ON person (order_id) WHERE key_id = 0;

CREATE TRIGGER order_stays BEFORE DELETE ON orders
BEGIN SELECT RAISE(ABORT, 'an order is never deleted'); END;
CREATE TRIGGER order_line_stays BEFORE DELETE ON order_line
BEGIN SELECT RAISE(ABORT, 'an order keeps its lines'); END;

CREATE TABLE shipment (
	id         INTEGER PRIMARY KEY,
	order_id   INTEGER NOT NULL REFERENCES orders (id),
	package    TEXT NOT NULL,
	carrier    TEXT NOT NULL,                     -- canonical code of data/carriers.csv, or what was typed
	tracking   TEXT NOT NULL,
	url        TEXT NOT NULL DEFAULT '',
	service    TEXT NOT NULL DEFAULT '',
	shipped_ms INTEGER NOT NULL,
	source     TEXT NOT NULL CHECK (source IN ('operator', 'warehouse', 'channel')),
	confirm    TEXT NOT NULL CHECK (confirm IN ('NOT_SENT', 'SENDING', 'ACCEPTED', 'REJECTED', 'UNKNOWN', 'APPLIED')),
	confirm_ms INTEGER NOT NULL DEFAULT 0,
	intent_id  INTEGER REFERENCES intent (id),
	UNIQUE (order_id, package)
) STRICT;

CREATE TABLE shipment_line (
	shipment_id INTEGER NOT NULL REFERENCES shipment (id),
	line_id     INTEGER NOT NULL REFERENCES order_line (id),
	qty         INTEGER NOT NULL CHECK (qty > 0),
	elsewhere   INTEGER NOT NULL DEFAULT 0,       -- of the line, units that had left in no package of ours when it was noted
	PRIMARY KEY (shipment_id, line_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX shipment_tracking ON shipment (tracking);
CREATE INDEX shipment_draft ON shipment (carrier, shipped_ms) WHERE confirm = 'NOT_SENT' AND intent_id IS NULL;
CREATE INDEX shipment_line_line ON shipment_line (line_id);

CREATE TRIGGER shipment_not_more_than_ordered BEFORE INSERT ON shipment_line
WHEN (SELECT coalesce(sum(sl.qty), 0) FROM shipment_line sl JOIN shipment s ON s.id = sl.shipment_id
      WHERE sl.line_id = NEW.line_id AND s.confirm <> 'REJECTED') + NEW.qty
   > (SELECT qty - q_cancelled FROM order_line WHERE id = NEW.line_id)
BEGIN SELECT RAISE(ABORT, 'more units shipped than were ordered and not cancelled'); END;

CREATE TRIGGER shipment_comes_back_whole BEFORE UPDATE OF confirm ON shipment
WHEN OLD.confirm = 'REJECTED' AND NEW.confirm <> 'REJECTED' AND EXISTS (
	SELECT 1 FROM shipment_line sl JOIN order_line l ON l.id = sl.line_id WHERE sl.shipment_id = NEW.id
	AND sl.qty + (SELECT coalesce(sum(o.qty), 0) FROM shipment_line o JOIN shipment p ON p.id = o.shipment_id
	              WHERE o.line_id = sl.line_id AND p.id <> NEW.id AND p.confirm <> 'REJECTED') > l.qty - l.q_cancelled)
BEGIN SELECT RAISE(ABORT, 'the units of a rejected package went with another one'); END;

-- ---- decisions and what comes of them ----

CREATE TABLE intent (
	id         INTEGER PRIMARY KEY,
	asker      TEXT NOT NULL UNIQUE,              -- made by who asks: asking again after a lost answer is harmless
	kind       TEXT NOT NULL,
	account_id INTEGER REFERENCES account (id),
	subject    TEXT NOT NULL DEFAULT '',
	payload    TEXT NOT NULL DEFAULT '',
	digest     TEXT NOT NULL DEFAULT '',          -- of the plan that was shown
	typed      TEXT NOT NULL DEFAULT '',          -- the line that confirmed it
	state      TEXT NOT NULL CHECK (state IN ('proposed', 'filed', 'done', 'refused')),
	actor      TEXT NOT NULL,                     -- "uid:1000 jo", "rule:stock", "system"
	why        TEXT NOT NULL DEFAULT '',
	result     TEXT NOT NULL DEFAULT '',
	made_ms    INTEGER NOT NULL,
	done_ms    INTEGER NOT NULL DEFAULT 0,
	trace      TEXT NOT NULL,
	config_id  INTEGER REFERENCES config (id)
) STRICT;

CREATE INDEX intent_trace ON intent (trace);
CREATE INDEX intent_proposed ON intent (made_ms) WHERE state = 'proposed';

-- A zero-out: offers that somebody holds at nothing until somebody lets go. offer.hold says which one holds an offer.
CREATE TABLE zero_out (
	id        INTEGER PRIMARY KEY,
	scope     TEXT NOT NULL,                      -- in the words it was asked for
	reason    TEXT NOT NULL CHECK (reason <> ''),
	actor     TEXT NOT NULL,
	approver  TEXT NOT NULL DEFAULT '',           -- the second person, where one was needed
	intent_id INTEGER NOT NULL REFERENCES intent (id),
	made_ms   INTEGER NOT NULL,
	remind_ms INTEGER NOT NULL DEFAULT 0,         -- an open one alerts from then on
	until_ms  INTEGER NOT NULL DEFAULT 0,         -- it is lifted by itself then; 0: never
	counted   INTEGER NOT NULL DEFAULT 0 CHECK (counted IN (0, 1)), -- or when a count made since has found something of each of its items
	rule      TEXT NOT NULL DEFAULT '' CHECK (rule IN ('', 'truth', 'write', 'platform')), -- '': a person's; else why the engine began it (lapse)
	stopped_ms INTEGER NOT NULL DEFAULT 0,        -- somebody stopped it between two calls: what was not said yet is not said; 0: it goes on
	stopped_by TEXT NOT NULL DEFAULT '',
	lifted_ms INTEGER NOT NULL DEFAULT 0,
	lifted_by TEXT NOT NULL DEFAULT '',
	freed_ms  INTEGER NOT NULL DEFAULT 0          -- its offers are let go of a few at a time: when the last of them was
) STRICT;

CREATE INDEX zero_open ON zero_out (id) WHERE lifted_ms = 0;
CREATE INDEX zero_freeing ON zero_out (id) WHERE lifted_ms <> 0 AND freed_ms = 0;

-- What each offer showed before: written before anything is said.
CREATE TABLE zero_row (
	zero_id  INTEGER NOT NULL REFERENCES zero_out (id),
	offer_id INTEGER NOT NULL REFERENCES offer (id),
	prior    INTEGER,                             -- what they showed, NULL: never read
	pushed   INTEGER,
	target   INTEGER,
	read_ms  INTEGER NOT NULL DEFAULT 0,
	look_ms  INTEGER NOT NULL DEFAULT 0,          -- it was asked for once more before its zero is said; 0: that is said at once
	looked   INTEGER,                             -- what they showed when a person went on with it at look_ms, after a stop; NULL: it is as it was begun
	fresh    INTEGER,                             -- what they showed then
	fresh_ms INTEGER NOT NULL DEFAULT 0,
	unread_ms INTEGER NOT NULL DEFAULT 0,         -- no such reading came in time: its zero was said without then; 0: it was not
	let_ms   INTEGER NOT NULL DEFAULT 0,          -- they showed more than before, and a person said that it goes to zero all the same
	right_ms INTEGER NOT NULL DEFAULT 0,          -- let go of, they were first seen to show today's number; what it shows later is drift's; 0: not yet
	PRIMARY KEY (zero_id, offer_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX zero_row_offer ON zero_row (offer_id);
CREATE INDEX zero_row_returning ON zero_row (offer_id) WHERE right_ms = 0;
CREATE INDEX zero_row_looking ON zero_row (offer_id) WHERE look_ms > 0 AND fresh_ms = 0;

CREATE TRIGGER zero_row_stays BEFORE DELETE ON zero_row
BEGIN SELECT RAISE(ABORT, 'what was shown before a zero-out is kept'); END;

-- What was tried once more, by what had gone wrong before, and how often that helped (trade/retries.h).
CREATE TABLE retry_tally (
	account_id INTEGER NOT NULL REFERENCES account (id),
	verb       TEXT NOT NULL,
	fault      TEXT NOT NULL,
	hour       INTEGER NOT NULL,                  -- hours since 1970
	tries      INTEGER NOT NULL,
	helped     INTEGER NOT NULL,
	PRIMARY KEY (account_id, verb, fault, hour)
) STRICT, WITHOUT ROWID;

-- Items that a plan, not a sale, takes off sale: too many of them at once wait for a person (trade/planned.h).
CREATE TABLE planned_zero (
	item_id INTEGER PRIMARY KEY REFERENCES item (id),
	at_ms   INTEGER NOT NULL,
	waits   INTEGER NOT NULL DEFAULT 0 CHECK (waits IN (0, 1)),
	let_ms  INTEGER NOT NULL DEFAULT 0                -- it may go: there are few, or a person said so
) STRICT;

-- An account that cannot be kept in step with what there is: from the first failure until each number is seen right again (trade/lapse.h).
CREATE TABLE lapse (
	id         INTEGER PRIMARY KEY,
	account_id INTEGER NOT NULL REFERENCES account (id),
	cause      TEXT NOT NULL CHECK (cause IN ('truth', 'write', 'platform')),
	state      TEXT NOT NULL CHECK (state IN ('FAILING', 'ZEROED', 'READING', 'RESTORING', 'ENDED')),
	text       TEXT NOT NULL DEFAULT '',         -- what they answered last, or what is being waited for
	since_ms   INTEGER NOT NULL,                 -- the first failure
	lasted_ms  INTEGER NOT NULL DEFAULT 0,       -- since then, by the slower of two clocks
	looked_ms  INTEGER NOT NULL,                 -- both clocks at the last look
	steady_ms  INTEGER NOT NULL,
	bad_ms     INTEGER NOT NULL,                 -- the last failure
	good       INTEGER NOT NULL DEFAULT 0,       -- good cycles in a row
	good_ms    INTEGER NOT NULL DEFAULT 0,       -- the last of them
	waiting    INTEGER NOT NULL DEFAULT 0,       -- changes that wait to be said
	declared   TEXT NOT NULL DEFAULT '',         -- who said that the platform is out, '': nobody
	until_ms   INTEGER NOT NULL DEFAULT 0,       -- and until when; 0: until somebody says otherwise
	due_ms     INTEGER NOT NULL DEFAULT 0,       -- its offers go to zero then, and people are told; 0: not yet, or they are
	held_ms    INTEGER NOT NULL DEFAULT 0,       -- a person holds the zero off until then
	held_by    TEXT NOT NULL DEFAULT '',
	zero_id    INTEGER REFERENCES zero_out (id), -- what holds its offers
	zeroed_ms  INTEGER NOT NULL DEFAULT 0,
	mended_ms  INTEGER NOT NULL DEFAULT 0,       -- three good cycles; then read again:
	orders_ms  INTEGER NOT NULL DEFAULT 0,       -- its orders,
	stock_ms   INTEGER NOT NULL DEFAULT 0,       -- what there is,
	shown_ms   INTEGER NOT NULL DEFAULT 0,       -- what it shows
	ended_ms   INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE UNIQUE INDEX lapse_open ON lapse (account_id) WHERE ended_ms = 0;

CREATE TRIGGER lapse_steps BEFORE UPDATE OF state ON lapse
WHEN NOT (OLD.state = NEW.state OR (OLD.state = 'FAILING' AND NEW.state IN ('ZEROED', 'ENDED'))
          OR (OLD.state = 'ZEROED' AND NEW.state = 'READING') OR (OLD.state = 'READING' AND NEW.state IN ('ZEROED', 'RESTORING'))
          OR (OLD.state = 'RESTORING' AND NEW.state IN ('ZEROED', 'ENDED')))
BEGIN SELECT RAISE(ABORT, 'a lapse steps FAILING, ZEROED, READING, RESTORING, ENDED'); END;
CREATE TRIGGER lapse_stays BEFORE DELETE ON lapse
BEGIN SELECT RAISE(ABORT, 'a lapse is never deleted'); END;

CREATE TRIGGER intent_steps BEFORE UPDATE OF state ON intent
WHEN NOT (OLD.state = NEW.state OR (OLD.state = 'proposed' AND NEW.state IN ('filed', 'refused'))
          OR (OLD.state = 'filed' AND NEW.state IN ('done', 'refused')))
BEGIN SELECT RAISE(ABORT, 'an intent steps proposed, filed, done or refused'); END;

CREATE TRIGGER intent_is_what_was_decided BEFORE UPDATE OF asker, kind, account_id, subject, payload, digest, typed, actor, why, made_ms ON intent
BEGIN SELECT RAISE(ABORT, 'an intent does not change after it was made'); END;

CREATE TRIGGER intent_stays BEFORE DELETE ON intent
BEGIN SELECT RAISE(ABORT, 'an intent is never deleted'); END;

CREATE TABLE job (
	id         INTEGER PRIMARY KEY,
	account_id INTEGER NOT NULL REFERENCES account (id),
	verb       TEXT NOT NULL,
	subject    TEXT NOT NULL DEFAULT '',
	subject_id INTEGER NOT NULL DEFAULT 0,
	lane       INTEGER NOT NULL,                  -- 0 zero, 1 decrease, 2 ack and ship, 3 order reads, 4 increase, 5 the rest
	writes     INTEGER NOT NULL CHECK (writes IN (0, 1)),
	repeats    INTEGER NOT NULL DEFAULT 0,        -- a poll: goes back to waiting when it is done
	key        TEXT NOT NULL UNIQUE,
	payload    TEXT NOT NULL DEFAULT '',
	ver        INTEGER NOT NULL DEFAULT 0,
	state      TEXT NOT NULL DEFAULT 'waiting'
	           CHECK (state = 'waiting' OR state = 'inflight' OR state = 'sent' OR state = 'done' OR state = 'failed'
	                 OR state = 'unsure' OR state = 'superseded'),
	frozen     INTEGER NOT NULL DEFAULT 0,        -- an attempt was opened: payload and key stay
	due_ms     INTEGER NOT NULL,
	fails      INTEGER NOT NULL DEFAULT 0,        -- in a row
	tries      INTEGER NOT NULL DEFAULT 0,        -- attempts in all
	unsure_ms  INTEGER NOT NULL DEFAULT 0,        -- when the answer was lost: only a read begun later resolves it
	fault      TEXT NOT NULL DEFAULT '',
	text       TEXT NOT NULL DEFAULT '',
	owner      TEXT NOT NULL DEFAULT '',
	route      TEXT NOT NULL DEFAULT '' CHECK (route = '' OR route = 'single' OR route = 'bulk' OR route = 'feed'), -- how it was said
	route_why  TEXT NOT NULL DEFAULT '',
	feed_id    INTEGER REFERENCES feed (id),      -- in which feed: then its steps are that feed's
	intent_id  INTEGER REFERENCES intent (id),
	parent_id  INTEGER REFERENCES job (id),
	trace      TEXT NOT NULL,
	made_ms    INTEGER NOT NULL,
	state_ms   INTEGER NOT NULL
) STRICT;

-- Many quantities handed in at once. The stock jobs in it are inflight until they took the feed, then sent, and end as any does.
CREATE TABLE feed (
	id          INTEGER PRIMARY KEY,
	account_id  INTEGER NOT NULL REFERENCES account (id),
	marketplace TEXT NOT NULL DEFAULT '',
	state       TEXT NOT NULL CHECK (state = 'gathering' OR state = 'sending' OR state = 'unsure' OR state = 'taking' OR state = 'working'
	                                OR state = 'ended' OR state = 'dropped' OR state = 'unknown'),
	ref         TEXT NOT NULL DEFAULT '',         -- their number
	text        TEXT NOT NULL DEFAULT '',
	why         TEXT NOT NULL,                    -- why a feed
	items       INTEGER NOT NULL DEFAULT 0,
	good        INTEGER NOT NULL DEFAULT 0,
	bad         INTEGER NOT NULL DEFAULT 0,
	again       INTEGER NOT NULL DEFAULT 0,       -- said again, one by one
	made_ms     INTEGER NOT NULL,
	sent_ms     INTEGER NOT NULL DEFAULT 0,
	ended_ms    INTEGER NOT NULL DEFAULT 0,
	second_ms   INTEGER NOT NULL DEFAULT 0,       -- its decreases went the second path
	looked_ms   INTEGER NOT NULL DEFAULT 0,       -- unknown: its offers were looked at once more, in case it came late
	trace       TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE UNIQUE INDEX feed_ref ON feed (account_id, ref) WHERE ref <> '';
CREATE INDEX feed_open ON feed (account_id, state) WHERE ended_ms = 0;
CREATE INDEX feed_unlooked ON feed (account_id) WHERE state = 'unknown' AND looked_ms = 0;
CREATE INDEX feed_ended ON feed (account_id, ended_ms) WHERE state = 'ended';

CREATE TABLE feed_item (
	feed_id  INTEGER NOT NULL REFERENCES feed (id),
	msg      INTEGER NOT NULL,                    -- its number in the feed
	job_id   INTEGER NOT NULL REFERENCES job (id),
	offer_id INTEGER NOT NULL REFERENCES offer (id),
	sku      TEXT NOT NULL,
	node     TEXT NOT NULL DEFAULT '',
	type     TEXT NOT NULL DEFAULT '',
	qty      INTEGER NOT NULL,
	ver      INTEGER NOT NULL,
	result   TEXT NOT NULL DEFAULT '' CHECK (result = '' OR result = 'taken' OR result = 'refused' OR result = 'again'),
	text     TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (feed_id, msg)
) STRICT, WITHOUT ROWID;

CREATE INDEX feed_item_sku ON feed_item (feed_id, sku);
CREATE INDEX feed_item_offer ON feed_item (offer_id, qty) WHERE result = '';
CREATE INDEX feed_item_open ON feed_item (feed_id, msg) WHERE result = '';

CREATE TRIGGER feed_respects_a_hold BEFORE INSERT ON feed_item
WHEN NEW.qty > 0 AND EXISTS (SELECT 1 FROM offer o WHERE o.id = NEW.offer_id AND o.hold <> '')
BEGIN SELECT RAISE(ABORT, 'the offer is held at zero: nothing else is handed in for it'); END;

CREATE TRIGGER feed_stays BEFORE DELETE ON feed
BEGIN SELECT RAISE(ABORT, 'a feed is never deleted'); END;

CREATE UNIQUE INDEX job_waiting ON job (account_id, verb, subject) WHERE state = 'waiting';
CREATE INDEX job_lane ON job (account_id, verb, lane, due_ms, id) WHERE state = 'waiting';
CREATE INDEX job_due ON job (account_id, writes, due_ms) WHERE state = 'waiting';
CREATE INDEX job_spoken ON job (account_id, verb, subject) WHERE state IN ('inflight', 'unsure');
-- OR, not IN: only so is it seen that state = 'sent' asks for a part of it
CREATE INDEX job_busy ON job (state, state_ms) WHERE state = 'inflight' OR state = 'sent' OR state = 'unsure' OR state = 'failed';
CREATE INDEX job_trace ON job (trace);
CREATE INDEX job_failing ON job (state_ms) WHERE state = 'waiting' AND fails >= 3;
-- what was said and is not proved: few of any kind but stock
CREATE INDEX job_unproved ON job (verb, state_ms) WHERE state IN ('sent', 'unsure');
CREATE INDEX job_subject ON job (subject_id, verb); -- whole: subject_id = ? would not use a part of it
CREATE INDEX job_feed ON job (feed_id, id) WHERE feed_id IS NOT NULL;

CREATE TRIGGER job_steps BEFORE UPDATE OF state ON job
WHEN NOT (OLD.state = NEW.state
          OR (OLD.state = 'waiting'  AND NEW.state IN ('inflight', 'superseded', 'failed'))
          OR (OLD.state = 'inflight' AND NEW.state IN ('waiting', 'sent', 'done', 'failed', 'unsure', 'superseded'))
          OR (OLD.state = 'sent'     AND NEW.state IN ('done', 'failed', 'superseded'))
          OR (OLD.state = 'unsure'   AND NEW.state IN ('waiting', 'done', 'failed', 'superseded'))
          OR (OLD.state = 'failed'   AND NEW.state IN ('waiting', 'done', 'superseded'))
          OR (OLD.state = 'done'     AND NEW.state = 'waiting' AND OLD.repeats = 1))
BEGIN SELECT RAISE(ABORT, 'a job does not step that way'); END;

CREATE TRIGGER job_keeps_what_was_said BEFORE UPDATE OF key, payload, ver, account_id, verb, subject ON job
WHEN OLD.frozen = 1 AND (OLD.key <> NEW.key OR OLD.payload <> NEW.payload OR OLD.ver <> NEW.ver OR OLD.account_id <> NEW.account_id
                         OR OLD.verb <> NEW.verb OR OLD.subject <> NEW.subject)
BEGIN SELECT RAISE(ABORT, 'a job that was attempted keeps its payload and key'); END;

CREATE TRIGGER job_stays_frozen BEFORE UPDATE OF frozen ON job
WHEN OLD.frozen = 1 AND NEW.frozen = 0
BEGIN SELECT RAISE(ABORT, 'a job that was attempted stays frozen'); END;

CREATE TRIGGER job_says_a_zero_unread AFTER UPDATE OF state ON job WHEN NEW.state = 'inflight' AND NEW.verb = 'stock' AND NEW.lane = 0
BEGIN UPDATE zero_row SET unread_ms = NEW.state_ms WHERE offer_id = NEW.subject_id AND look_ms > 0 AND fresh_ms = 0 AND unread_ms = 0;
      -- nor is it read any more for that: where a reading costs much, hundreds that nobody waits for would leave no call for orders
      UPDATE job SET state = 'superseded', state_ms = NEW.state_ms WHERE subject_id = NEW.subject_id AND verb = 'stock-read' AND lane = 0 AND state = 'waiting'
      AND EXISTS (SELECT 1 FROM zero_row w WHERE w.offer_id = NEW.subject_id AND w.unread_ms = NEW.state_ms); END;

CREATE TRIGGER job_stays BEFORE DELETE ON job
BEGIN SELECT RAISE(ABORT, 'a job is never deleted'); END;

-- Raw bytes, both ways: sealed, once by content; the row outlives the bytes.
CREATE TABLE body (
	id       INTEGER PRIMARY KEY,
	hash     BLOB NOT NULL UNIQUE,
	key_id   INTEGER NOT NULL,
	sealed   BLOB,
	size     INTEGER NOT NULL,
	purge_ms INTEGER NOT NULL
) STRICT;

-- In a bundle: what crossed the wire, with people's data blotted out. A store that is worked in has none.
CREATE TABLE bundle_body (
	body_id INTEGER PRIMARY KEY,
	text    TEXT NOT NULL
) STRICT;

-- In a bundle that was made with them: who its orders go to, in the open. A store that is worked in has none: there they are sealed.
CREATE TABLE bundle_buyer (
	order_id INTEGER PRIMARY KEY,
	masked   TEXT NOT NULL, -- "J*** D***, IL"
	text     TEXT NOT NULL
) STRICT;

CREATE INDEX body_purge ON body (purge_ms) WHERE sealed IS NOT NULL;

-- One request: every effect of ours leads here, and from here to the bytes.
CREATE TABLE attempt (
	id          INTEGER PRIMARY KEY,
	epoch       INTEGER NOT NULL,
	account_id  INTEGER NOT NULL REFERENCES account (id),
	verb        TEXT NOT NULL,
	op          TEXT NOT NULL,
	writes      INTEGER NOT NULL CHECK (writes IN (0, 1)),
	method      TEXT NOT NULL,
	url         TEXT NOT NULL,
	credential  TEXT NOT NULL,                    -- which one was used: its fingerprint, never itself
	correlation TEXT NOT NULL UNIQUE,
	their_id    TEXT NOT NULL DEFAULT '',
	trace       TEXT NOT NULL,
	request_id  INTEGER REFERENCES body (id),
	reply_id    INTEGER REFERENCES body (id),
	status      INTEGER NOT NULL DEFAULT 0,
	fault       TEXT NOT NULL DEFAULT '',
	text        TEXT NOT NULL DEFAULT '',
	opened_ms   INTEGER NOT NULL,
	closed_ms   INTEGER NOT NULL DEFAULT 0,
	idle        INTEGER NOT NULL DEFAULT 0 CHECK (idle IN (0, 1)) -- a poll that was understood and told nothing new: nothing points to it
) STRICT;

CREATE INDEX attempt_idle ON attempt (closed_ms) WHERE idle = 1;
CREATE INDEX attempt_their ON attempt (their_id) WHERE their_id <> '';
CREATE INDEX attempt_trace ON attempt (trace);
CREATE INDEX attempt_account ON attempt (account_id, id);
CREATE INDEX attempt_of_orders ON attempt (reply_id) WHERE reply_id IS NOT NULL AND verb IN ('orders', 'order', 'parcels', 'dispatches', 'ack', 'ship', 'cancel');
CREATE INDEX attempt_open ON attempt (id) WHERE closed_ms = 0;

CREATE TRIGGER attempt_of_the_newest_engine BEFORE INSERT ON attempt
WHEN NEW.epoch IS NOT (SELECT epoch FROM lease WHERE id = 1)
BEGIN SELECT RAISE(ABORT, 'a newer engine has this store: nothing is sent'); END;

CREATE TRIGGER attempt_shadow_writes_nothing BEFORE INSERT ON attempt
WHEN NEW.writes = 1 AND (SELECT mode FROM account WHERE id = NEW.account_id) <> 'live'
BEGIN SELECT RAISE(ABORT, 'a shadow account says nothing'); END;

CREATE TRIGGER attempt_is_idle_when_it_was_understood BEFORE UPDATE ON attempt
WHEN NEW.idle = 1 AND (NEW.writes = 1 OR NEW.closed_ms = 0 OR NEW.fault <> '')
BEGIN SELECT RAISE(ABORT, 'only a read that was understood can have told nothing new'); END;

-- Such a poll goes when the raw bodies do, at least a day old, and a count of its day stays (poll_day). Every other attempt stays.
CREATE TRIGGER attempt_stays BEFORE DELETE ON attempt
WHEN NOT (OLD.idle = 1 AND OLD.closed_ms < (SELECT beat_ms FROM lease WHERE id = 1) - 86400000)
BEGIN SELECT RAISE(ABORT, 'an attempt is never deleted, but an old poll that told nothing'); END;

-- Polls that told nothing new and whose rows are gone, by day of UTC.
CREATE TABLE poll_day (
	account_id INTEGER NOT NULL REFERENCES account (id),
	verb       TEXT NOT NULL,
	op         TEXT NOT NULL,
	day        INTEGER NOT NULL, -- since the epoch
	calls      INTEGER NOT NULL,
	first_ms   INTEGER NOT NULL,
	last_ms    INTEGER NOT NULL,
	PRIMARY KEY (account_id, verb, op, day)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER poll_day_stays BEFORE DELETE ON poll_day
BEGIN SELECT RAISE(ABORT, 'what was counted of a day stays'); END;

CREATE TABLE attempt_job (
	attempt_id INTEGER NOT NULL REFERENCES attempt (id),
	job_id     INTEGER NOT NULL REFERENCES job (id),
	fault      TEXT NOT NULL DEFAULT '',
	text       TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (attempt_id, job_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX attempt_job_job ON attempt_job (job_id, attempt_id);

-- The latch: whatever path it comes by, a held offer is told nothing but zero.
CREATE TRIGGER attempt_respects_a_hold BEFORE INSERT ON attempt_job
WHEN EXISTS (SELECT 1 FROM job j JOIN offer f ON f.id = j.subject_id WHERE j.id = NEW.job_id AND j.verb = 'stock' AND f.hold <> ''
             AND char(10) || j.payload NOT LIKE '%' || char(10) || 'qty=0' || char(10) || '%')
BEGIN SELECT RAISE(ABORT, 'the offer is held at zero: nothing else is said of it'); END;

CREATE TRIGGER attempt_freezes_its_jobs AFTER INSERT ON attempt_job
BEGIN UPDATE job SET frozen = 1 WHERE id = NEW.job_id AND frozen = 0 AND repeats = 0; END;

-- What they said and we did not understand: parked, with where it stood; the same thing again is counted, not repeated.
CREATE TABLE inbox (
	id         INTEGER PRIMARY KEY,
	account_id INTEGER NOT NULL REFERENCES account (id),
	verb       TEXT NOT NULL,
	class      TEXT NOT NULL,                     -- SCHEMA, ENUM, ITEM, FEED, MAPPING, FILE ...
	subject    TEXT NOT NULL DEFAULT '',          -- the order, SKU or feed concerned; # and a hash of its bytes when it has no name
	path       TEXT NOT NULL DEFAULT '',          -- where in the reply
	text       TEXT NOT NULL,
	effect     TEXT NOT NULL DEFAULT '',
	remedy     TEXT NOT NULL DEFAULT '',
	state      TEXT NOT NULL CHECK (state IN ('parked', 'retried', 'understood', 'archived')),
	owner      TEXT NOT NULL DEFAULT '',
	fragment   INTEGER REFERENCES body (id),      -- the element itself
	attempt_id INTEGER REFERENCES attempt (id),
	count      INTEGER NOT NULL DEFAULT 1,
	first_ms   INTEGER NOT NULL,
	last_ms    INTEGER NOT NULL,
	dry_build  TEXT NOT NULL DEFAULT '',          -- the reply that was kept, parsed once more by this program and configuration, nothing written:
	dry_good   INTEGER NOT NULL DEFAULT 0,        -- would it be understood now?
	dry_text   TEXT NOT NULL DEFAULT '',          -- what it came to
	unlike     TEXT,                              -- what its shape has different from those that were understood, no value of it: KIND TAB PATH TAB WORDS a line; NULL: not compared
	unlike_to  TEXT NOT NULL DEFAULT '',          -- what it was compared with
	unlike_attempt INTEGER NOT NULL DEFAULT 0,    -- the newest reply among those that is kept for ever, 0: none is
	UNIQUE (account_id, verb, class, subject)
) STRICT;

CREATE INDEX inbox_mapping ON inbox (subject) WHERE class = 'MAPPING';
CREATE INDEX inbox_open ON inbox (last_ms, id) WHERE state IN ('parked', 'retried');

CREATE TRIGGER inbox_stays BEFORE DELETE ON inbox
BEGIN SELECT RAISE(ABORT, 'the inbox loses nothing: archive it'); END;

-- How far a list of theirs has been read.
CREATE TABLE cursor (
	account_id INTEGER NOT NULL REFERENCES account (id),
	verb       TEXT NOT NULL,
	subject    TEXT NOT NULL DEFAULT '',
	since_ms   INTEGER NOT NULL DEFAULT 0,        -- everything before is known
	until_ms   INTEGER NOT NULL DEFAULT 0,        -- end of the window being read
	page       TEXT NOT NULL DEFAULT '',          -- theirs; '' at the window's start
	pages      INTEGER NOT NULL DEFAULT 0,        -- read in this window
	settled    INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1)), -- nothing before until_ms is told late any more
	upto_ms    INTEGER NOT NULL DEFAULT 0,        -- a list that goes upwards in time has come so far; 0: not told
	step_ms    INTEGER NOT NULL DEFAULT 0,        -- and its last page went so far at once
	known_ms   INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (account_id, verb, subject)
) STRICT, WITHOUT ROWID;

-- ---- how fast, and whether at all ----

CREATE TABLE bucket (
	account_id  INTEGER NOT NULL REFERENCES account (id),
	name        TEXT NOT NULL,
	credit      INTEGER NOT NULL,                 -- tokens times window_ms: no fraction is lost
	filled_ms   INTEGER NOT NULL,
	rate        INTEGER NOT NULL,
	window_ms   INTEGER NOT NULL,
	burst       INTEGER NOT NULL,
	hold_ms     INTEGER NOT NULL DEFAULT 0,       -- their own word: not before
	daily       INTEGER NOT NULL DEFAULT 0,       -- calls allowed a day, 0: uncounted
	day_used    INTEGER NOT NULL DEFAULT 0,
	day_ends_ms INTEGER NOT NULL DEFAULT 0,
	calls       INTEGER NOT NULL DEFAULT 0,
	throttled   INTEGER NOT NULL DEFAULT 0,
	reserve_pct INTEGER NOT NULL DEFAULT 0,       -- of a day kept for decreases and zeros; of the bucket half as much
	verbs       TEXT NOT NULL DEFAULT '',         -- what drinks from it, and how much a call: 'stock:1 stock-read:1'
	told_rate   INTEGER NOT NULL DEFAULT 0,       -- what they themselves last told it gains, in told_window_ms; 0: nothing yet
	told_window_ms INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (account_id, name)
) STRICT, WITHOUT ROWID;

-- What was spent of it, by the hour: in which lane, and whether a person had decided it.
CREATE TABLE spend (
	account_id INTEGER NOT NULL REFERENCES account (id),
	bucket     TEXT NOT NULL,
	hour       INTEGER NOT NULL,                  -- since 1970
	lane       INTEGER NOT NULL,
	person     INTEGER NOT NULL CHECK (person = 0 OR person = 1),
	calls      INTEGER NOT NULL,
	tokens     INTEGER NOT NULL,
	PRIMARY KEY (account_id, bucket, hour, lane, person)
) STRICT, WITHOUT ROWID;

-- How often a subject (a listing) was changed, by the hour: some platforms allow so many a day (data/revisions.csv).
CREATE TABLE revision (
	account_id INTEGER NOT NULL REFERENCES account (id),
	subject    TEXT NOT NULL,
	hour       INTEGER NOT NULL,                  -- since 1970
	n          INTEGER NOT NULL CHECK (n > 0),
	PRIMARY KEY (account_id, subject, hour)
) STRICT, WITHOUT ROWID;
CREATE INDEX revision_hour ON revision (hour);

CREATE TABLE breaker (
	account_id INTEGER NOT NULL REFERENCES account (id),
	name       TEXT NOT NULL,
	state      TEXT NOT NULL CHECK (state IN ('closed', 'open', 'half')),
	fails      INTEGER NOT NULL DEFAULT 0,
	good       INTEGER NOT NULL DEFAULT 0,
	since_ms   INTEGER NOT NULL DEFAULT 0,
	probe_ms   INTEGER NOT NULL DEFAULT 0,
	ok_ms      INTEGER NOT NULL DEFAULT 0,
	fault      TEXT NOT NULL DEFAULT '',
	text       TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (account_id, name)
) STRICT, WITHOUT ROWID;

-- How long it takes, in buckets of a sixteenth of an octave (trade/latency.h): 'accept' from asked to answered, 'seen' from accepted to shown by a
-- read; 'lost' counts what was accepted and never shown. By the day, so that a month can be told.
CREATE TABLE latency (
	account_id INTEGER NOT NULL REFERENCES account (id),
	route      TEXT NOT NULL,
	what       TEXT NOT NULL CHECK (what = 'accept' OR what = 'seen' OR what = 'lost' OR what = 'queue'),
	day        INTEGER NOT NULL,                  -- days since 1970
	bucket     INTEGER NOT NULL,
	n          INTEGER NOT NULL,
	PRIMARY KEY (account_id, route, what, day, bucket)
) STRICT, WITHOUT ROWID;

-- What was asked and what it was for: changes decided, calls made, calls spared because the answer is known, the same question asked again too soon.
CREATE TABLE call_tally (
	account_id INTEGER NOT NULL REFERENCES account (id),
	hour       INTEGER NOT NULL,                  -- hours since 1970
	op         TEXT NOT NULL,
	events     INTEGER NOT NULL DEFAULT 0,
	calls      INTEGER NOT NULL DEFAULT 0,
	hits       INTEGER NOT NULL DEFAULT 0,
	repeats    INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (account_id, hour, op)
) STRICT, WITHOUT ROWID;
-- ---- reconciliation: what accounts show beside what they were last told ----

-- One complete pull of an account's list, and what came of comparing it.
CREATE TABLE rec_run (
	id         INTEGER PRIMARY KEY,
	account_id INTEGER NOT NULL REFERENCES account (id),
	whole      INTEGER NOT NULL CHECK (whole IN (0, 1)), -- ghosts, young mappings and what is not listed any more are looked for too
	state      TEXT NOT NULL CHECK (state IN ('PULLING', 'COMPARING', 'COMPLETE', 'PARTIAL', 'REFUSED')),
	text       TEXT NOT NULL DEFAULT '',      -- why it is partial or refused
	actor      TEXT NOT NULL,
	planned_ms INTEGER NOT NULL,              -- when it should have begun
	began_ms   INTEGER NOT NULL,
	pulled_ms  INTEGER NOT NULL DEFAULT 0,
	ended_ms   INTEGER NOT NULL DEFAULT 0,
	upto       INTEGER NOT NULL DEFAULT 0,    -- offers up to this one are compared
	pages      INTEGER NOT NULL DEFAULT 0,
	listed     INTEGER NOT NULL DEFAULT 0,    -- their list had so many
	compared   INTEGER NOT NULL DEFAULT 0,    -- offers of ours that it showed
	settling   INTEGER NOT NULL DEFAULT 0,    -- of those, skipped: a push is under way
	drifting   INTEGER NOT NULL DEFAULT 0,
	alerting   INTEGER NOT NULL DEFAULT 0,
	corrected  INTEGER NOT NULL DEFAULT 0,
	undecided  INTEGER NOT NULL DEFAULT 0,    -- left to a person
	unseen     INTEGER NOT NULL DEFAULT 0,    -- offers of ours that it did not show
	ghosts     INTEGER NOT NULL DEFAULT 0,
	young      INTEGER NOT NULL DEFAULT 0,
	trace      TEXT NOT NULL,
	config_id  INTEGER REFERENCES config (id)
) STRICT;

CREATE INDEX rec_run_account ON rec_run (account_id, id);
CREATE UNIQUE INDEX rec_run_open ON rec_run (account_id) WHERE state = 'PULLING' OR state = 'COMPARING';

CREATE TRIGGER rec_run_steps BEFORE UPDATE OF state ON rec_run
WHEN NOT (OLD.state = NEW.state OR (OLD.state = 'PULLING' AND NEW.state = 'COMPARING')
          OR (OLD.state = 'COMPARING' AND NEW.state IN ('COMPLETE', 'PARTIAL')))
BEGIN SELECT RAISE(ABORT, 'a run pulls, then compares, then ends'); END;
CREATE TRIGGER rec_run_stays BEFORE DELETE ON rec_run
BEGIN SELECT RAISE(ABORT, 'a run is never deleted'); END;

-- The lists of a run: one, or one for each marketplace.
CREATE TABLE rec_walk (
	run_id   INTEGER NOT NULL REFERENCES rec_run (id),
	subject  TEXT NOT NULL,
	begun_ms INTEGER NOT NULL DEFAULT 0,      -- its first page was asked for then; 0: not yet
	done_ms  INTEGER NOT NULL DEFAULT 0,
	pages    INTEGER NOT NULL DEFAULT 0,
	listed   INTEGER NOT NULL DEFAULT 0,
	unread   INTEGER NOT NULL DEFAULT 0,      -- listings that we did not understand
	total    INTEGER NOT NULL DEFAULT -1,     -- how many there are by their own word; -1: they do not tell
	PRIMARY KEY (run_id, subject)
) STRICT, WITHOUT ROWID;

-- One difference that was found: what was expected, what was shown, why, and what became of it.
CREATE TABLE rec_row (
	id          INTEGER PRIMARY KEY,
	run_id      INTEGER REFERENCES rec_run (id), -- NULL: found between two runs, and could not wait
	offer_id    INTEGER NOT NULL REFERENCES offer (id),
	kind        TEXT NOT NULL CHECK (kind = 'drift' OR kind = 'ghost' OR kind = 'young' OR kind = 'unseen'),
	expected    INTEGER NOT NULL,               -- what was last intended and accepted, less sales since
	observed    INTEGER NOT NULL,
	delta       INTEGER NOT NULL,               -- above zero they show more than they may
	pct         INTEGER NOT NULL,               -- of what was expected, hundredths of a percent
	risk        INTEGER NOT NULL DEFAULT 0,     -- eaches shown beyond what is there
	cause       TEXT NOT NULL DEFAULT '',
	since_ms    INTEGER NOT NULL,               -- a difference that lasts has the same from run to run
	observed_ms INTEGER NOT NULL,
	attempt_id  INTEGER REFERENCES attempt (id), -- the reply that showed it
	action      TEXT NOT NULL CHECK (action = 'none' OR action = 'wait' OR action = 'push' OR action = 'map' OR action = 'zero'
	                                OR action = 'look'),
	text        TEXT NOT NULL DEFAULT '',       -- why that
	alerts      INTEGER NOT NULL DEFAULT 0 CHECK (alerts IN (0, 1)),
	job_id      INTEGER REFERENCES job (id),    -- what corrects it
	verdict     TEXT NOT NULL DEFAULT '' CHECK (verdict = '' OR verdict = 'PENDING' OR verdict = 'APPLIED' OR verdict = 'NOT_APPLIED'
	                                           OR verdict = 'OVERWRITTEN'),
	verdict_ms  INTEGER NOT NULL DEFAULT 0,
	proof       TEXT NOT NULL DEFAULT '',       -- the verdict in words
	decision    TEXT NOT NULL DEFAULT '' CHECK (decision = '' OR decision = 'rule' OR decision = 'gone' OR decision = 'again'
	                                           OR decision = 'accept' OR decision = 'push' OR decision = 'hold' OR decision = 'remap'
	                                           OR decision = 'ignore'), -- '': a person is wanted
	decided_by  TEXT NOT NULL DEFAULT '',
	decided_ms  INTEGER NOT NULL DEFAULT 0,
	reason      TEXT NOT NULL DEFAULT '',
	at_ms       INTEGER NOT NULL
) STRICT;

CREATE INDEX rec_row_run ON rec_row (run_id, id);
CREATE INDEX rec_row_offer ON rec_row (offer_id, id);
CREATE INDEX rec_row_at ON rec_row (at_ms) WHERE kind = 'drift';
CREATE INDEX rec_row_undecided ON rec_row (risk, id) WHERE decision = '';
CREATE INDEX rec_row_pending ON rec_row (id) WHERE verdict = 'PENDING';

CREATE TRIGGER rec_row_is_what_was_found BEFORE UPDATE OF run_id, offer_id, kind, expected, observed, delta, cause, since_ms, observed_ms ON rec_row
BEGIN SELECT RAISE(ABORT, 'what was found stays what was found'); END;
CREATE TRIGGER rec_row_stays BEFORE DELETE ON rec_row
BEGIN SELECT RAISE(ABORT, 'a difference is never deleted'); END;

-- A person goes through differences one after another: a frozen copy, so that nothing moves under the hand and a lost line loses nothing.
CREATE TABLE sitting (
	id         INTEGER PRIMARY KEY,
	kind       TEXT NOT NULL CHECK (kind IN ('manual', 'review')),
	account_id INTEGER REFERENCES account (id),
	filter     TEXT NOT NULL DEFAULT '',
	state      TEXT NOT NULL CHECK (state IN ('OPEN', 'ENDED', 'LEFT')),
	actor      TEXT NOT NULL,
	whence     TEXT NOT NULL DEFAULT '',        -- terminal and host of who was there last
	made_ms    INTEGER NOT NULL,
	touched_ms INTEGER NOT NULL,
	ended_ms   INTEGER NOT NULL DEFAULT 0,
	audit_n    INTEGER NOT NULL DEFAULT 0,      -- the audit's head when it ended
	audit_head TEXT NOT NULL DEFAULT '',
	digest     TEXT NOT NULL DEFAULT ''         -- of its rows, then
) STRICT;

CREATE UNIQUE INDEX sitting_open ON sitting (actor, kind) WHERE state = 'OPEN';

CREATE TRIGGER sitting_stays BEFORE DELETE ON sitting
BEGIN SELECT RAISE(ABORT, 'a session is never deleted'); END;
CREATE TRIGGER sitting_ends_once BEFORE UPDATE ON sitting WHEN OLD.state <> 'OPEN'
BEGIN SELECT RAISE(ABORT, 'a session that has ended stays as it is'); END;

CREATE TABLE sitting_row (
	sitting_id INTEGER NOT NULL REFERENCES sitting (id),
	n          INTEGER NOT NULL,
	offer_id   INTEGER NOT NULL REFERENCES offer (id),
	rec_row_id INTEGER REFERENCES rec_row (id),
	target     INTEGER NOT NULL,                -- -1: none yet
	expected   INTEGER NOT NULL,                -- -1: nothing was ever accepted
	observed   INTEGER NOT NULL,                -- -1: never read
	available  INTEGER NOT NULL,
	delta      INTEGER NOT NULL,
	cause      TEXT NOT NULL DEFAULT '',
	seen_ms    INTEGER NOT NULL,
	ver        INTEGER NOT NULL,
	decision   TEXT NOT NULL DEFAULT '' CHECK (decision IN ('', 'accept', 'push', 'hold', 'remap', 'ignore')),
	reason     TEXT NOT NULL DEFAULT '',
	item       TEXT NOT NULL DEFAULT '',        -- remap: our SKU,
	pack       INTEGER NOT NULL DEFAULT 1,      -- and how many are in one
	decided_by TEXT NOT NULL DEFAULT '',
	decided_ms INTEGER NOT NULL DEFAULT 0,
	done_ms    INTEGER NOT NULL DEFAULT 0,      -- the decision was carried out
	job_id     INTEGER REFERENCES job (id),
	result     TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (sitting_id, n)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER sitting_row_is_frozen BEFORE UPDATE OF offer_id, target, expected, observed, available, delta, cause, seen_ms, ver ON sitting_row
BEGIN SELECT RAISE(ABORT, 'a session shows what was so when it began'); END;
CREATE TRIGGER sitting_row_is_done_once BEFORE UPDATE OF decision, reason, item, pack, done_ms ON sitting_row WHEN OLD.done_ms <> 0
BEGIN SELECT RAISE(ABORT, 'what was carried out stays decided'); END;

-- ---- for people ----

-- A routine of a day or a week (data/tasks.csv), and who did it.
CREATE TABLE task (
	id      INTEGER PRIMARY KEY,
	name    TEXT NOT NULL,
	day     INTEGER NOT NULL,                     -- since 1970, UTC
	rhythm  TEXT NOT NULL,                        -- day, or the weekday that a week's is made for
	title   TEXT NOT NULL,
	how     TEXT NOT NULL,
	state   TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'skipped', 'missed')),
	actor   TEXT NOT NULL DEFAULT '',
	note    TEXT NOT NULL DEFAULT '',
	made_ms INTEGER NOT NULL,
	done_ms INTEGER NOT NULL DEFAULT 0,
	UNIQUE (name, day)
) STRICT;

CREATE INDEX task_open ON task (day, id) WHERE state = 'open';

CREATE TRIGGER task_stays BEFORE DELETE ON task
BEGIN SELECT RAISE(ABORT, 'a task is never deleted'); END;
CREATE TRIGGER task_says_who BEFORE UPDATE OF state ON task WHEN NEW.state IN ('done', 'skipped') AND NEW.actor = ''
BEGIN SELECT RAISE(ABORT, 'a task is done by somebody'); END;

-- A shift handed over: the report that was signed, and who took it.
CREATE TABLE handover (
	id         INTEGER PRIMARY KEY,
	from_ms    INTEGER NOT NULL,
	to_ms      INTEGER NOT NULL CHECK (to_ms >= from_ms),
	actor      TEXT NOT NULL,                     -- who signed it over
	heir       TEXT NOT NULL CHECK (heir <> ''),  -- to whom, as he was named
	report     TEXT NOT NULL,
	hash       TEXT NOT NULL,                     -- its SHA-256, which stands in the audit as well
	audit_n    INTEGER NOT NULL,
	audit_head TEXT NOT NULL,
	taken_by   TEXT NOT NULL DEFAULT '',
	taken_ms   INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TRIGGER handover_is_signed BEFORE UPDATE ON handover
WHEN OLD.taken_ms <> 0 OR NEW.taken_by = '' OR NEW.id <> OLD.id OR NEW.from_ms <> OLD.from_ms OR NEW.to_ms <> OLD.to_ms OR NEW.actor <> OLD.actor OR NEW.heir <> OLD.heir
     OR NEW.report <> OLD.report OR NEW.hash <> OLD.hash OR NEW.audit_n <> OLD.audit_n OR NEW.audit_head <> OLD.audit_head
BEGIN SELECT RAISE(ABORT, 'what was signed stays: it is taken once'); END;
CREATE TRIGGER handover_stays BEFORE DELETE ON handover
BEGIN SELECT RAISE(ABORT, 'a handover is never deleted'); END;

CREATE TABLE alert (
	id         INTEGER PRIMARY KEY,
	key        TEXT NOT NULL,
	kind       TEXT NOT NULL,
	severity   TEXT NOT NULL CHECK (severity IN ('CRIT', 'WARN', 'info')),
	account_id INTEGER REFERENCES account (id),
	subject    TEXT NOT NULL DEFAULT '',
	text       TEXT NOT NULL,
	next       TEXT NOT NULL DEFAULT '',          -- what happens by itself, or what to do
	count      INTEGER NOT NULL DEFAULT 1,
	opened_ms  INTEGER NOT NULL,
	last_ms    INTEGER NOT NULL,
	acked_by   TEXT NOT NULL DEFAULT '',
	acked_ms   INTEGER NOT NULL DEFAULT 0,
	closed_ms  INTEGER NOT NULL DEFAULT 0,
	root       INTEGER NOT NULL DEFAULT 0,        -- the higher, the more it explains of what is folded with it
	incident_id INTEGER REFERENCES incident (id)  -- what it is folded into
) STRICT;

CREATE UNIQUE INDEX alert_open ON alert (key) WHERE closed_ms = 0;
CREATE INDEX alert_incident ON alert (incident_id, id);
CREATE INDEX alert_kind ON alert (kind, last_ms) WHERE closed_ms = 0;

-- How bad it was told to be, from when on, and in which words then: alert.text is of today.
CREATE TABLE alert_turn (
	id         INTEGER PRIMARY KEY,
	alert_id   INTEGER NOT NULL REFERENCES alert (id),
	at_ms      INTEGER NOT NULL,
	severity   TEXT NOT NULL,
	text       TEXT NOT NULL
) STRICT;

CREATE INDEX alert_turn_alert ON alert_turn (alert_id, id);

CREATE TRIGGER alert_began AFTER INSERT ON alert
BEGIN INSERT INTO alert_turn (alert_id, at_ms, severity, text) VALUES (NEW.id, NEW.opened_ms, NEW.severity, NEW.text); END;

CREATE TRIGGER alert_turned AFTER UPDATE OF severity ON alert WHEN NEW.severity <> OLD.severity
BEGIN INSERT INTO alert_turn (alert_id, at_ms, severity, text) VALUES (NEW.id, NEW.last_ms, NEW.severity, NEW.text); END;

-- How often each was seen, by the minute; a day of it is kept.
CREATE TABLE alert_minute (
	alert_id   INTEGER NOT NULL REFERENCES alert (id),
	minute     INTEGER NOT NULL,
	n          INTEGER NOT NULL,
	PRIMARY KEY (alert_id, minute)
) STRICT, WITHOUT ROWID;

-- Raised, and not long enough yet to be told (debounce of data/alerts.csv).
CREATE TABLE alert_early (
	key        TEXT NOT NULL PRIMARY KEY,
	kind       TEXT NOT NULL,
	severity   TEXT NOT NULL,
	account_id INTEGER,
	subject    TEXT NOT NULL,
	text       TEXT NOT NULL,
	next       TEXT NOT NULL,
	since_ms   INTEGER NOT NULL,
	last_ms    INTEGER NOT NULL,
	tell_ms    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a person works on: alerts of one cause, folded; its number is that of the alert it began with. Acknowledged is not closed.
CREATE TABLE incident (
	id         INTEGER PRIMARY KEY,
	key        TEXT NOT NULL,
	kind       TEXT NOT NULL,
	severity   TEXT NOT NULL CHECK (severity IN ('CRIT', 'WARN', 'info')), -- the worst it had
	account_id INTEGER REFERENCES account (id),
	subject    TEXT NOT NULL DEFAULT '',
	text       TEXT NOT NULL,
	card       TEXT NOT NULL DEFAULT '',          -- its runbook
	owner      TEXT NOT NULL DEFAULT '',
	opened_ms  INTEGER NOT NULL,
	acked_by   TEXT NOT NULL DEFAULT '',
	acked_ms   INTEGER NOT NULL DEFAULT 0,
	over_ms    INTEGER NOT NULL DEFAULT 0,        -- since when none of its alerts is open
	risk_minor INTEGER NOT NULL DEFAULT 0,        -- what it put at risk by risk_ms, as it was reckoned then (exposure_meter.h)
	risk_units INTEGER NOT NULL DEFAULT 0,
	risk_currency TEXT NOT NULL DEFAULT '',
	risk_ms    INTEGER NOT NULL DEFAULT 0,
	closed_ms  INTEGER NOT NULL DEFAULT 0,
	closed_by  TEXT NOT NULL DEFAULT '',
	cause      TEXT NOT NULL DEFAULT ''           -- in one line, for who comes next
) STRICT;

CREATE UNIQUE INDEX incident_open ON incident (key) WHERE closed_ms = 0;
CREATE INDEX incident_kind ON incident (kind, id);
CREATE INDEX incident_closed ON incident (closed_ms, id) WHERE closed_ms <> 0;

CREATE TRIGGER incident_says_why_it_closed BEFORE UPDATE OF closed_ms ON incident WHEN NEW.closed_ms <> 0 AND (NEW.cause = '' OR NEW.closed_by = '')
BEGIN SELECT RAISE(ABORT, 'an incident is closed with its cause'); END;
CREATE TRIGGER incident_stays_closed BEFORE UPDATE ON incident WHEN OLD.closed_ms <> 0
BEGIN SELECT RAISE(ABORT, 'an incident that was closed stays as it is'); END;
CREATE TRIGGER incident_stays BEFORE DELETE ON incident
BEGIN SELECT RAISE(ABORT, 'an incident is never deleted'); END;

-- Steps of its runbook that somebody took, with what was seen then.
CREATE TABLE incident_step (
	id          INTEGER PRIMARY KEY,
	incident_id INTEGER NOT NULL REFERENCES incident (id),
	step        INTEGER NOT NULL,
	good        INTEGER NOT NULL CHECK (good IN (0, 1)),
	result      TEXT NOT NULL CHECK (result <> ''),
	actor       TEXT NOT NULL,
	at_ms       INTEGER NOT NULL
) STRICT;

CREATE INDEX incident_step_of ON incident_step (incident_id, step, id);

CREATE TRIGGER incident_step_is_written_once BEFORE UPDATE ON incident_step
BEGIN SELECT RAISE(ABORT, 'what was found stays what was found'); END;
CREATE TRIGGER incident_step_stays BEFORE DELETE ON incident_step
BEGIN SELECT RAISE(ABORT, 'what was found stays what was found'); END;

-- A kind of alert that a person does not want to be told of for a while: it is shown and counted all the same.
CREATE TABLE alert_mute (
	id         INTEGER PRIMARY KEY,
	kind       TEXT NOT NULL,
	account_id INTEGER REFERENCES account (id),   -- NULL: of all
	until_ms   INTEGER NOT NULL,
	why        TEXT NOT NULL CHECK (why <> ''),
	actor      TEXT NOT NULL,
	made_ms    INTEGER NOT NULL,
	CHECK (until_ms <= made_ms + 14400000)        -- four hours at most
) STRICT;

CREATE INDEX alert_mute_kind ON alert_mute (kind, until_ms);

-- What the hooks are to say. Kept until it was said, and after.
CREATE TABLE notice (
	id          INTEGER PRIMARY KEY,
	hook        TEXT NOT NULL CHECK (hook IN ('program', 'mail', 'webhook')),
	incident_id INTEGER REFERENCES incident (id), -- NULL: a test
	event       TEXT NOT NULL CHECK (event IN ('opened', 'worse', 'again', 'unheard', 'acked', 'over', 'closed', 'test')),
	text        TEXT NOT NULL,                    -- JSON
	state       TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent')),
	tries       INTEGER NOT NULL DEFAULT 0,
	due_ms      INTEGER NOT NULL,
	result      TEXT NOT NULL DEFAULT '',
	made_ms     INTEGER NOT NULL,
	sent_ms     INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX notice_due ON notice (due_ms, id) WHERE state = 'waiting';
CREATE INDEX notice_incident ON notice (incident_id, id);

CREATE TRIGGER notice_stays BEFORE DELETE ON notice
BEGIN SELECT RAISE(ABORT, 'what somebody is to be told is never dropped'); END;

-- How often each stream of an account is heard: one row an hour, kept for five weeks, so that silence can be held against the same hour of the week.
CREATE TABLE stream (
	account_id INTEGER NOT NULL REFERENCES account (id),
	name       TEXT NOT NULL,                     -- 'orders', 'read orders', 'write stock'
	first_ms   INTEGER NOT NULL,
	last_ms    INTEGER NOT NULL,
	PRIMARY KEY (account_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE rhythm (
	account_id INTEGER NOT NULL REFERENCES account (id),
	name       TEXT NOT NULL,
	hour       INTEGER NOT NULL,                  -- since 1970
	n          INTEGER NOT NULL CHECK (n > 0),
	PRIMARY KEY (account_id, name, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
	id      INTEGER PRIMARY KEY,
	at_ms   INTEGER NOT NULL,
	level   TEXT NOT NULL CHECK (level IN ('CRIT', 'WARN', 'info')),
	text    TEXT NOT NULL,
	subject TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE note (
	id      INTEGER PRIMARY KEY,
	subject TEXT NOT NULL,
	text    TEXT NOT NULL,
	actor   TEXT NOT NULL,
	at_ms   INTEGER NOT NULL
) STRICT;

CREATE INDEX note_subject ON note (subject, id);

-- What the frame and the tabs show; never counted on the way of a key.
CREATE TABLE counter (
	name  TEXT NOT NULL PRIMARY KEY,
	value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO counter (name, value) VALUES ('orders', 0), ('orders.open', 0), ('orders.late', 0), ('orders.due', 0), ('orders.new', 0),
	('drift', 0), ('inbox', 0), ('jobs.failed', 0), ('jobs.unsure', 0), ('jobs.waiting', 0), ('alerts.CRIT', 0), ('alerts.WARN', 0), ('alerts.info', 0),
	('incidents.CRIT', 0), ('incidents.WARN', 0), ('incidents.info', 0);

CREATE TRIGGER count_order AFTER INSERT ON orders
BEGIN UPDATE counter SET value = value + 1 WHERE name = 'orders';
      UPDATE counter SET value = value + 1 WHERE name = 'orders.open' AND NEW.open = 1; END;
CREATE TRIGGER count_order_open AFTER UPDATE OF open ON orders WHEN OLD.open <> NEW.open
BEGIN UPDATE counter SET value = value + NEW.open - OLD.open WHERE name = 'orders.open'; END;
CREATE TRIGGER count_drift AFTER UPDATE OF drift ON offer WHEN (OLD.drift <> 0) <> (NEW.drift <> 0)
BEGIN UPDATE counter SET value = value + (NEW.drift <> 0) - (OLD.drift <> 0) WHERE name = 'drift'; END;
CREATE TRIGGER count_inbox AFTER INSERT ON inbox WHEN NEW.state IN ('parked', 'retried')
BEGIN UPDATE counter SET value = value + 1 WHERE name = 'inbox'; END;
CREATE TRIGGER count_inbox_state AFTER UPDATE OF state ON inbox
BEGIN UPDATE counter SET value = value + (NEW.state IN ('parked', 'retried')) - (OLD.state IN ('parked', 'retried')) WHERE name = 'inbox'; END;
CREATE TRIGGER count_job_new AFTER INSERT ON job WHEN NEW.state = 'waiting' AND NEW.repeats = 0
BEGIN UPDATE counter SET value = value + 1 WHERE name = 'jobs.waiting'; END;
CREATE TRIGGER count_job AFTER UPDATE OF state ON job WHEN OLD.state <> NEW.state
BEGIN UPDATE counter SET value = value + (NEW.state = 'waiting') - (OLD.state = 'waiting')
      WHERE name = 'jobs.waiting' AND NEW.repeats = 0 AND 'waiting' IN (OLD.state, NEW.state);
      UPDATE counter SET value = value + (NEW.state = 'failed') - (OLD.state = 'failed') WHERE name = 'jobs.failed' AND 'failed' IN (OLD.state, NEW.state);
      UPDATE counter SET value = value + (NEW.state = 'unsure') - (OLD.state = 'unsure') WHERE name = 'jobs.unsure' AND 'unsure' IN (OLD.state, NEW.state); END;
CREATE TRIGGER count_alert AFTER INSERT ON alert WHEN NEW.closed_ms = 0
BEGIN UPDATE counter SET value = value + 1 WHERE name = 'alerts.' || NEW.severity; END;
CREATE TRIGGER count_alert_severity AFTER UPDATE OF severity ON alert WHEN OLD.severity <> NEW.severity AND OLD.closed_ms = 0
BEGIN UPDATE counter SET value = value + (name = 'alerts.' || NEW.severity) - (name = 'alerts.' || OLD.severity)
      WHERE name IN ('alerts.' || NEW.severity, 'alerts.' || OLD.severity); END;
CREATE TRIGGER count_alert_closed AFTER UPDATE OF closed_ms ON alert WHEN OLD.closed_ms = 0 AND NEW.closed_ms <> 0
BEGIN UPDATE counter SET value = value - 1 WHERE name = 'alerts.' || OLD.severity; END;
CREATE TRIGGER count_incident AFTER INSERT ON incident WHEN NEW.closed_ms = 0 AND NEW.over_ms = 0
BEGIN UPDATE counter SET value = value + 1 WHERE name = 'incidents.' || NEW.severity; END;
CREATE TRIGGER count_incident_change AFTER UPDATE OF severity, over_ms, closed_ms ON incident
BEGIN UPDATE counter SET value = value - 1 WHERE name = 'incidents.' || OLD.severity AND OLD.closed_ms = 0 AND OLD.over_ms = 0;
      UPDATE counter SET value = value + 1 WHERE name = 'incidents.' || NEW.severity AND NEW.closed_ms = 0 AND NEW.over_ms = 0; END;

-- ---- history ----

-- One row for each field of a fact that became another: who, when it was so, when we learnt it, why, under which configuration.
CREATE TABLE change (
	id         INTEGER PRIMARY KEY,
	fact       TEXT NOT NULL,
	fact_id    INTEGER NOT NULL,
	field      TEXT NOT NULL,
	old        TEXT,
	new        TEXT,
	valid_ms   INTEGER NOT NULL,
	known_ms   INTEGER NOT NULL,
	actor      TEXT NOT NULL,
	trace      TEXT NOT NULL DEFAULT '',
	config_id  INTEGER REFERENCES config (id),
	attempt_id INTEGER REFERENCES attempt (id) -- the reply it was learnt from
) STRICT;

CREATE INDEX change_fact ON change (fact_id, fact, id);

CREATE TRIGGER change_is_written_once BEFORE UPDATE ON change
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER change_stays BEFORE DELETE ON change
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;

CREATE TRIGGER move_is_written_once BEFORE UPDATE ON move
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER move_stays BEFORE DELETE ON move
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

-- Which secret an account uses, named by its fingerprint: the calendar of what ends when. Never the secret.
CREATE TABLE secret (
	account_id   INTEGER NOT NULL REFERENCES account (id),
	key          TEXT NOT NULL,                   -- client_secret
	source       TEXT NOT NULL,                   -- vault:walmart.secret
	fingerprint  TEXT NOT NULL,
	since_ms     INTEGER NOT NULL,
	expires_ms   INTEGER NOT NULL DEFAULT 0,      -- 0: nothing is known to end it
	old          TEXT NOT NULL DEFAULT '',        -- the one before, while it is valid as well
	old_until_ms INTEGER NOT NULL DEFAULT 0,
	assumed      INTEGER NOT NULL DEFAULT 0 CHECK (assumed IN (0, 1)), -- expires_ms is reckoned from the first use here: nobody said when it was made
	PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;

-- hash(n) = SHA-256(hash(n-1), n, at, actor, action, subject, detail), each field with its length before it.
CREATE TABLE audit (
	n       INTEGER PRIMARY KEY,
	at_ms   INTEGER NOT NULL,
	actor   TEXT NOT NULL,
	action  TEXT NOT NULL,
	subject TEXT NOT NULL,
	detail  TEXT NOT NULL,
	hash    BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- who did what when, without what the engine itself wrote: when a person was last here (trade/since.h)
CREATE INDEX audit_people ON audit (n) WHERE substr(actor, 1, 4) = 'uid:';

CREATE INDEX audit_people_at ON audit (at_ms) WHERE substr(actor, 1, 4) = 'uid:';

CREATE TRIGGER audit_is_written_once BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
