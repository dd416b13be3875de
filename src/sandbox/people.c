#include "sandbox/people.h"

#include "base/clock.h"

#include <string.h>

/* Names that have broken terminals, spreadsheets and databases; each is somebody's order in the demo. */
static const char *const odd_names[ODD_PEOPLE] = {
	"山田 太郎",
	"김서연",
	"Zoe\xcc\x88 Ma\xcc\x81rquez",              /* combining diaeresis and acute */
	"Nguye\xcc\x82\xcc\x83n Thi\xcc\xa3 Hoa",   /* two marks on one letter */
	"🌻 Sunny Alvarez",
	"\U0001F469\u200D\U0001F469\u200D\U0001F467 Kim Family", /* joined by ZWJ */
	"Mallory \x1b[31mRed\x1b[0m\x1b]0;owned\x07",            /* colours, then the window's title */
	"Trudy \xc2\x9b" "2J Clark",                             /* an 8-bit CSI: clear the screen */
	"Robert'); DROP TABLE orders;--",
	"=HYPERLINK(\"http://x.example\";\"Eve\")",
	"\u202E" "drawkcaB eoJ",                                 /* right-to-left override */
	"محمد الأحمد",
	"Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschaferswessenschafe Hubert Blaine",
	"Li\u200Bsa\u00A0O\u2019Neil",                           /* zero-width and no-break space */
};

static const char *const first_names[] = {
	"Ada",   "Aaron",  "Alicia", "Andre",  "Beatriz", "Ben",   "Carla", "Chloe",   "Curtis", "Dana",  "Derek",  "Elena",
	"Emma",  "Farid",  "Fiona",  "Grace",  "Hannah",  "Henry", "Imani", "Isaac",   "Jamal",  "Jane",  "Joanna", "Jose",
	"Kayla", "Kevin",  "Laura",  "Leo",    "Lucia",   "Luis",  "Maria", "Marcus",  "Mei",    "Naomi", "Nathan", "Noor",
	"Olga",  "Oscar",  "Pablo",  "Paula",  "Priya",   "Ray",   "Rosa",  "Samuel",  "Sara",   "Sean",  "Teresa", "Tom",
	"Uma",   "Victor", "Wendy",  "Xavier", "Yolanda", "Zach",
};

static const char *const last_names[] = {
	"Adams",   "Alvarez", "Baker",  "Bennett", "Brooks", "Campbell", "Castillo", "Chen",   "Clark",  "Cruz",   "Davis",
	"Diaz",    "Edwards", "Evans",  "Flores",  "Foster", "Garcia",   "Gomez",    "Gray",   "Green",  "Hall",   "Harris",
	"Hayes",   "Hughes",  "Jackson", "James",  "Jones",  "Kelly",    "Kim",      "Lee",    "Lewis",  "Lopez",  "Martin",
	"Miller",  "Moore",   "Morgan", "Murphy",  "Nguyen", "Okafor",   "Ortiz",    "Parker", "Patel",  "Perez",  "Ramos",
	"Reed",    "Rivera",  "Ross",   "Sanchez", "Scott",  "Singh",    "Smith",    "Taylor", "Torres", "Turner", "Walker",
	"Washington", "White", "Wilson", "Wong",   "Young",
};

static const char *const streets[] = {
	"Maple Ave", "Oak St",     "2nd St",    "Cedar Ln",  "Main St",   "Elm St",     "Washington Blvd", "Lakeview Dr",
	"Hill Rd",   "Pine St",    "Sunset Dr", "Park Ave",  "Mill Rd",   "River Rd",   "Church St",       "Highland Ave",
	"Prairie Ln", "Juniper Ct", "Quail Run", "Bayview Rd",
};

struct town {
	const char *country, *city, *state, *postal; /* the beginning of the postal code; the rest follows from the number */
};

static const struct town towns[] = {
	{ "US", "Portland", "OR", "972" },     { "US", "Columbus", "OH", "432" },     { "US", "Austin", "TX", "787" },
	{ "US", "Madison", "WI", "537" },      { "US", "Tampa", "FL", "336" },        { "US", "Boise", "ID", "837" },
	{ "US", "Raleigh", "NC", "276" },      { "US", "Omaha", "NE", "681" },        { "US", "Sacramento", "CA", "958" },
	{ "US", "Albany", "NY", "122" },       { "US", "Tucson", "AZ", "857" },       { "US", "Des Moines", "IA", "503" },
	{ "US", "Lexington", "KY", "405" },    { "US", "Spokane", "WA", "992" },      { "US", "Richmond", "VA", "232" },
	{ "US", "Saint Paul", "MN", "551" },   { "CA", "Toronto", "ON", "M5V" },      { "CA", "Vancouver", "BC", "V6B" },
	{ "CA", "Calgary", "AB", "T2P" },      { "CA", "Halifax", "NS", "B3J" },      { "MX", "Guadalajara", "JAL", "441" },
	{ "MX", "Monterrey", "NLE", "640" },   { "MX", "Ciudad de México", "CMX", "066" },
};

#define PICK(list) list[rng_below(&r, (int64_t)(sizeof list / sizeof *list))]

static const struct town *town_pick(struct rng *r, const char *country)
{
	for (;;) {
		const struct town *t = &towns[rng_below(r, (int64_t)(sizeof towns / sizeof *towns))];

		if (strncmp(t->country, country, 2) == 0)
			return t;
	}
}

struct person person_make(struct arena *a, uint32_t number, const char *country, const char *domain)
{
	struct rng r = rng_seeded(number);
	const char *first = PICK(first_names), *last = PICK(last_names);
	const struct town *town = town_pick(&r, country);
	int house = 1 + (int)rng_below(&r, 9800), rest = (int)rng_below(&r, 90);
	struct person p = { .city = town->city, .state = town->state };

	p.name = number < ODD_PEOPLE ? odd_names[number] : arena_printf(a, "%s %s", first, last);
	p.address1 = arena_printf(a, "%d %s", house, PICK(streets));
	p.address2 = rng_below(&r, 4) == 0 ? arena_printf(a, "Apt %d", 1 + (int)rng_below(&r, 400)) : NULL;
	p.phone = arena_printf(a, "555%07d", (int)rng_below(&r, 10000000));
	if (strcmp(town->country, "CA") == 0)
		p.postal_code = arena_printf(a, "%s %dH%d", town->postal, rest / 10, rest % 10);
	else
		p.postal_code = arena_printf(a, "%s%02d", town->postal, rest + 10);
	p.email = arena_printf(a, "%08X%08X@%s", (unsigned)(rng_next(&r) >> 32), (unsigned)number, domain);
	return p;
}
