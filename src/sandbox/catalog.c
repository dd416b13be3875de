/*
 * catalog.c: what the simulated seller sells.
 *
 * "Harbor & Pine", a shop for home, kitchen, garden, pets and the outdoors: families of
 * goods, each in several variants, until there are as many products as were asked for.
 */
#include "sandbox/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct family {
	const char *code, *name, *kind; /* kind: Amazon product type */
	int price_minor, weight_g, pace; /* pace: how well it sells, 1..9 */
	const char *variants;            /* one of the lists below */
};

#define COLOURS "SLT Slate|OAT Oat|MOS Moss|CLY Clay|INK Ink|SND Sand|RUS Rust|FOG Fog"
#define SIZES "S Small|M Medium|L Large|XL X-Large"
#define PACKS "1 Single|2 2-Pack|4 4-Pack|6 6-Pack"
#define SCENTS "CDR Cedar|LAV Lavender|CIT Citrus|FIG Fig|SEA Sea Salt|PIN Pine"
#define WOODS "OAK Oak|WAL Walnut|BAM Bamboo|ACA Acacia"

static const struct family families[] = {
	{ "HP-MUG14", "Stoneware Mug, 14 oz", "DRINKING_CUP", 1499, 420, 9, COLOURS },
	{ "HP-TOWEL", "Turkish Cotton Bath Towel", "TOWEL", 2499, 610, 8, COLOURS },
	{ "HP-CANDLE", "Soy Candle, 9 oz", "CANDLE", 1799, 480, 8, SCENTS },
	{ "HP-LEASH", "Rope Dog Leash, 5 ft", "PET_LEAD", 1999, 230, 7, COLOURS },
	{ "HP-BOTTLE", "Insulated Water Bottle, 24 oz", "BOTTLE", 2799, 390, 9, COLOURS },
	{ "HP-BOARD", "Cutting Board with Groove", "CUTTING_BOARD", 3299, 1450, 6, WOODS },
	{ "HP-SHEET", "Percale Sheet Set", "BED_LINEN_SET", 7999, 1900, 5, COLOURS },
	{ "HP-THROW", "Waffle Throw Blanket", "BLANKET", 4499, 980, 6, COLOURS },
	{ "HP-PLANT", "Ceramic Planter with Saucer", "PLANTER", 2699, 1300, 6, COLOURS },
	{ "HP-FILTER", "Refrigerator Water Filter", "WATER_FILTER", 2399, 340, 9, PACKS },
	{ "HP-BULB", "LED Bulb A19, Soft White", "LIGHT_BULB", 899, 90, 8, PACKS },
	{ "HP-HOOK", "Adhesive Wall Hooks", "HOOK", 1099, 120, 7, PACKS },
	{ "HP-JAR", "Glass Pantry Jar with Cork", "FOOD_STORAGE_CONTAINER", 1899, 720, 6, PACKS },
	{ "HP-BIN", "Woven Storage Bin", "STORAGE_BOX", 2999, 860, 5, SIZES },
	{ "HP-MAT", "Non-Slip Yoga Mat, 6 mm", "EXERCISE_MAT", 3999, 1200, 6, COLOURS },
	{ "HP-BAND", "Resistance Band Set", "RESISTANCE_BAND", 2199, 310, 6, PACKS },
	{ "HP-BOWL", "Slow Feeder Dog Bowl", "PET_FEEDER", 1599, 380, 7, COLOURS },
	{ "HP-BED", "Orthopedic Dog Bed", "PET_BED_MAT", 5999, 2600, 5, SIZES },
	{ "HP-TOY", "Knotted Rope Dog Toy", "PET_TOY", 1299, 240, 6, PACKS },
	{ "HP-TENT", "2-Person Trail Tent", "TENT", 11999, 2300, 2, COLOURS },
	{ "HP-LANTERN", "Rechargeable Camp Lantern", "LANTERN", 3499, 520, 5, PACKS },
	{ "HP-PAN", "Cast Iron Skillet", "SKILLET_PAN", 3699, 2900, 5, SIZES },
	{ "HP-KNIFE", "Chef's Knife, 8 in", "KITCHEN_KNIFE", 5499, 310, 4, WOODS },
	{ "HP-APRON", "Linen Apron with Pockets", "APRON", 3199, 290, 4, COLOURS },
	{ "HP-NAPKIN", "Cloth Napkins", "NAPKIN", 2199, 260, 5, PACKS },
	{ "HP-RUG", "Flatweave Entry Rug, 2 x 3 ft", "RUG", 3899, 1700, 4, COLOURS },
	{ "HP-CURTAIN", "Linen-Look Curtain Panels", "CURTAIN", 4299, 1100, 4, COLOURS },
	{ "HP-LAMP", "Ceramic Table Lamp", "LAMP", 6499, 2100, 3, COLOURS },
	{ "HP-CLOCK", "Quiet Wall Clock, 10 in", "WALL_CLOCK", 2999, 640, 4, WOODS },
	{ "HP-FRAME", "Gallery Picture Frame", "PICTURE_FRAME", 1999, 560, 5, WOODS },
	{ "HP-BASKET", "Laundry Basket with Lid", "LAUNDRY_HAMPER", 4499, 1500, 4, SIZES },
	{ "HP-SOAP", "Olive Oil Bar Soap", "SKIN_CLEANING_AGENT", 1199, 340, 7, SCENTS },
	{ "HP-DIFF", "Reed Diffuser, 6 oz", "HOME_FRAGRANCE", 2599, 430, 5, SCENTS },
	{ "HP-GLOVE", "Leather Garden Gloves", "GLOVES", 2299, 180, 5, SIZES },
	{ "HP-PRUNER", "Bypass Pruner", "PRUNER", 2799, 260, 4, PACKS },
	{ "HP-HOSE", "Expandable Garden Hose", "GARDEN_HOSE", 3999, 1600, 4, SIZES },
	{ "HP-SEED", "Bird Seed Blend", "WILD_BIRD_FOOD", 2499, 4500, 5, PACKS },
	{ "HP-FEEDER", "Copper Hummingbird Feeder", "BIRD_FEEDER", 3299, 610, 4, PACKS },
	{ "HP-COOLER", "Soft Cooler Bag, 20 Can", "COOLER", 4999, 900, 3, COLOURS },
	{ "HP-CHAIR", "Folding Camp Chair", "CAMP_CHAIR", 5499, 3100, 3, COLOURS },
	{ "HP-TRAY", "Serving Tray with Handles", "SERVING_TRAY", 3499, 1300, 4, WOODS },
	{ "HP-COFFEE", "Pour-Over Coffee Stand", "COFFEE_MAKER", 4799, 1200, 3, WOODS },
	{ "HP-GRIND", "Salt and Pepper Mill", "SPICE_MILL", 2899, 480, 4, WOODS },
	{ "HP-PILLOW", "Throw Pillow Cover, 18 in", "PILLOW_COVER", 1699, 210, 6, COLOURS },
};

enum { FAMILIES = sizeof families / sizeof *families };

int gtin_check(const char *digits, int n)
{
	int sum = 0;

	for (int i = 0; i < n; i++)
		sum += (digits[n - 1 - i] - '0') * (i % 2 == 0 ? 3 : 1);
	return (10 - sum % 10) % 10;
}

/* The i-th "CODE Words" of a list divided by |. false: it has fewer. */
static bool variant_get(const char *list, int i, char code[8], char words[24])
{
	for (; i > 0; i--) {
		list = strchr(list, '|');
		if (!list)
			return false;
		list++;
	}
	return sscanf(list, "%7[^ ] %23[^|]", code, words) == 2;
}

/* Which family and variant product i is: first every family's first variant, then every second one, then the whole again as series 2, 3 ... */
static const struct family *family_of(int i, char sku[40], char words[24])
{
	int series = 1;

	for (int variant = 0;; variant++) {
		bool any = false;

		for (int f = 0; f < FAMILIES; f++) {
			char code[8];

			if (!variant_get(families[f].variants, variant, code, words))
				continue;
			any = true;
			if (i-- > 0)
				continue;
			if (series == 1)
				snprintf(sku, 40, "%s-%s", families[f].code, code);
			else
				snprintf(sku, 40, "%s-%s-%d", families[f].code, code, series);
			return &families[f];
		}
		if (!any) {
			variant = -1;
			series++;
		}
	}
}

static uint32_t gtin_make(struct world *w, int i)
{
	char digits[16]; /* UPC-A: 0 is an ordinary number system, then our company's prefix and the item */

	snprintf(digits, sizeof digits, "0852%07d", 3174001 + i);
	digits[11] = (char)('0' + gtin_check(digits, 11));
	digits[12] = '\0';
	return world_text(w, digits);
}

static uint32_t asin_make(struct world *w, int i)
{
	static const char alphabet[] = "0123456789BCDFGHJKLMNPQRSTVWXYZ";
	char asin[11] = "B0";
	uint64_t x = (uint64_t)i * 2654435761u + 7919;

	for (int k = 2; k < 10; k++, x /= 31)
		asin[k] = alphabet[x % 31];
	return world_text(w, asin);
}

static void listing_add(struct world *w, int product, enum place place)
{
	struct listing *l;

	w->listing = world_room(w->listing, w->listings, &w->listing_cap, sizeof *w->listing);
	l = &w->listing[w->listings];
	l->product = product;
	l->place = (int32_t)place;
	l->lead_days = 1;
	l->changed_ms = w->opt.epoch_ms - 30 * (int64_t)DAY_MS;
	w->product[product].listing[place] = w->listings++;
}

/* Most of the catalogue; some of it was listed long ago and never moved to the Inventory API, a few pieces are auctioned. */
static void offer_at_ebay(struct world *w, int i)
{
	if (w->opt.demo && i % 37 == 11)
		listing_add(w, i, EBAY_OLD);
	else if (i % 7 != 4)
		listing_add(w, i, EBAY_US);
	if (w->opt.demo && i % 41 == 9)
		listing_add(w, i, EBAY_AUCTION);
}

/* The seller's own shop has everything, some of it in both his locations; what he can have made again goes on selling at zero. */
static void offer_at_shopify(struct world *w, int i)
{
	listing_add(w, i, SHOPIFY_MAIN);
	if (w->opt.demo && i % 29 == 6)
		w->listing[w->listings - 1].flags |= LISTING_CONTINUE;
	if (i % 4 == 1)
		listing_add(w, i, SHOPIFY_WEST);
}

/* Most goods stand everywhere; some only here or there, a few in the platforms' own warehouses. */
static void product_offer(struct world *w, int i, struct rng *r)
{
	bool wfs = w->opt.demo && i % 23 == 7, fba = w->opt.demo && i % 11 == 5;

	if (wfs)
		listing_add(w, i, WALMART_WFS);
	else if (i % 19 != 3)
		listing_add(w, i, WALMART_MAIN);
	if (!wfs && i % 5 == 0)
		listing_add(w, i, WALMART_WEST);
	listing_add(w, i, fba ? AMAZON_FBA : AMAZON_US);
	if (rng_below(r, 100) < 55)
		listing_add(w, i, AMAZON_CA);
	if (rng_below(r, 100) < 30)
		listing_add(w, i, AMAZON_MX);
	if (w->opt.sells & 1u << EBAY)
		offer_at_ebay(w, i);
	if (w->opt.sells & 1u << SHOPIFY)
		offer_at_shopify(w, i);
}

/* What is left of a product's free units when the seller has kept back what he keeps on that platform. */
static int kept_back(int left, enum platform platform)
{
	static const struct {
		int units, percent;
	} keeps[PLATFORMS] = { [WALMART] = { 5, 12 }, [AMAZON] = { 5, 15 }, [EBAY] = { 3, 10 }, [SHOPIFY] = { 0, 5 } };
	int keep = (left * keeps[platform].percent + 99) / 100;

	keep = keep > keeps[platform].units ? keep : keeps[platform].units;
	return left > keep ? left - keep : 0;
}

/* Goods in two places of one platform: a third of them in the west. */
static int west_third(int left, bool both, bool west)
{
	return !both ? left : west ? left / 3 : left - left / 3;
}

/* What the seller had published before the simulation: Canada and Mexico half of it. */
static void product_publish(struct world *w, int i)
{
	for (enum place p = 0; p < PLACES; p++) {
		struct product *it = &w->product[i];
		int left = kept_back(product_sellable(w, i), place_facts[p].platform);
		struct listing *l;

		if (it->listing[p] < 0)
			continue;
		l = &w->listing[it->listing[p]];
		if (place_facts[p].apart)
			left = place_facts[p].pool ? 14 * product_daily(w, i) : p == EBAY_AUCTION ? 1 : 6;
		else if (p == AMAZON_CA || p == AMAZON_MX)
			left /= 2;
		else if (place_facts[p].platform == WALMART)
			left = west_third(left, it->listing[WALMART_WEST] >= 0, p == WALMART_WEST);
		else if (place_facts[p].platform == SHOPIFY)
			left = west_third(left, it->listing[SHOPIFY_WEST] >= 0, p == SHOPIFY_WEST);
		l->shown = l->said = l->total = l->offered = left;
	}
}

/* "HP-MUG14-SLT-2" is of family "HP-MUG14" in series "2". */
static void family_words(const char *sku, size_t *code, const char **series)
{
	const char *dash = strchr(sku, '-'), *variant = dash ? strchr(dash + 1, '-') : NULL, *more = variant ? strchr(variant + 1, '-') : NULL;

	*code = variant ? (size_t)(variant - sku) : strlen(sku);
	*series = more ? more + 1 : "";
}

/* The first product of the same family and series; a series is no longer than a few hundred products. */
static int family_head(const struct world *w, int i)
{
	enum { SERIES_MAX = 400 };
	const char *sku = world_str(w, w->product[i].sku), *series;
	size_t code;

	family_words(sku, &code, &series);
	for (int k = i > SERIES_MAX ? i - SERIES_MAX : 0; k < i; k++) {
		const char *other = world_str(w, w->product[k].sku), *its;
		size_t n;

		family_words(other, &n, &its);
		if (n == code && strncmp(sku, other, n) == 0 && strcmp(series, its) == 0)
			return k;
	}
	return i;
}

/* A few products sell most. */
static void product_make(struct world *w, int i)
{
	struct rng r = rng_seeded(w->opt.seed * 1000003u + (uint64_t)i);
	char sku[40], words[24], name[120];
	const struct family *f = family_of(i, sku, words);
	struct product *p;

	w->product = world_room(w->product, w->products, &w->product_cap, sizeof *w->product);
	p = &w->product[w->products++];
	snprintf(name, sizeof name, "Harbor & Pine %s, %s", f->name, words);
	p->sku = world_text(w, sku);
	p->name = world_text(w, name);
	p->kind = world_text(w, f->kind);
	p->gtin = gtin_make(w, i);
	p->asin = asin_make(w, i);
	p->price_minor = f->price_minor + (int32_t)rng_below(&r, 4) * 100;
	p->weight_g = f->weight_g;
	p->rate = 1 + f->pace * f->pace * 40 / (8 + (int32_t)rng_below(&r, 60));
	for (enum place place = 0; place < PLACES; place++)
		p->listing[place] = -1;
	p->group = strcmp(f->variants, COLOURS) == 0 ? family_head(w, i) : -1;
	product_offer(w, i, &r);
}

/* ---- a case and a set ---- */

static const struct bundle {
	const char *sku, *name, *kind, *part[PARTS];
	int each[PARTS], price_minor, weight_g, rate;
	int left; /* units of its first part at the start: of twenty eaches three cases of six can be seen; 0: as many as of anything */
} bundles[] = {
	{ "HP-PRUNER-CASE6", "Harbor & Pine Bypass Pruner, Case of 6", "PRUNER", { "HP-PRUNER-1", NULL }, { 6, 0 }, 15999, 1560, 2, 20 },
	{ "HP-GIFT-BATH", "Harbor & Pine Bath Gift Set: Towel and Two Soaps", "TOWEL", { "HP-TOWEL-SLT", "HP-SOAP-CDR" }, { 1, 2 }, 4499, 1290, 6, 0 },
};

static void bundle_make(struct world *w, const struct bundle *b)
{
	int at = w->products;
	struct product *p;

	for (int k = 0; k < PARTS && b->each[k]; k++)
		if (product_by_sku(w, b->part[k]) < 0)
			return; /* a small catalogue */
	w->product = world_room(w->product, w->products, &w->product_cap, sizeof *w->product);
	p = &w->product[w->products++];
	p->sku = world_text(w, b->sku);
	p->name = world_text(w, b->name);
	p->kind = world_text(w, b->kind);
	p->gtin = gtin_make(w, at);
	p->asin = asin_make(w, at);
	p->price_minor = b->price_minor;
	p->weight_g = b->weight_g;
	p->rate = b->rate;
	p->group = -1;
	for (int k = 0; k < PARTS && b->each[k]; k++) {
		p->part[k] = product_by_sku(w, b->part[k]);
		p->each[k] = b->each[k];
	}
	for (enum place place = 0; place < PLACES; place++)
		p->listing[place] = -1;
	listing_add(w, at, WALMART_MAIN);
	listing_add(w, at, AMAZON_US);
	if (w->opt.sells & 1u << EBAY)
		listing_add(w, at, EBAY_US);
	if (w->opt.sells & 1u << SHOPIFY)
		listing_add(w, at, SHOPIFY_MAIN);
}

int product_daily(const struct world *w, int product)
{
	int64_t wish = 0, all = w->listings ? w->weight[w->listings - 1] : 1;
	int64_t a_day = w->opt.orders_a_day > 0 ? w->opt.orders_a_day : 10 * (int64_t)w->products;

	for (enum place p = 0; p < PLACES; p++)
		if (w->product[product].listing[p] >= 0)
			wish += (int64_t)w->product[product].rate * place_facts[p].share;
	return 1 + (int)(wish * a_day * 5 / (4 * all)); /* an order has about 5/4 units */
}

/* What a bundle says of its first part; 0: none does. */
static int left_for_bundle(const struct world *w, int i)
{
	for (size_t b = 0; w->opt.bundles && b < sizeof bundles / sizeof *bundles; b++)
		if (bundles[b].left && strcmp(bundles[b].part[0], world_str(w, w->product[i].sku)) == 0)
			return bundles[b].left;
	return 0;
}

/* Stock covers one to four weeks; some goods are nearly gone. */
static void product_stock(struct world *w, int i)
{
	struct rng r = rng_seeded(w->opt.seed * 7368787u + (uint64_t)i);
	int cover = product_daily(w, i) * (7 + (int)rng_below(&r, 22));

	if (w->opt.demo && i % 17 == 4)
		cover = (int)rng_below(&r, 9);
	cover = left_for_bundle(w, i) ? left_for_bundle(w, i) : cover;
	w->product[i].shelf = w->product[i].owed + cover;
}

void catalog_weigh(struct world *w)
{
	int64_t sum = 0;

	w->weight = realloc(w->weight, (size_t)(w->listings ? w->listings : 1) * sizeof *w->weight);
	if (!w->weight)
		abort();
	for (int i = 0; i < w->listings; i++) {
		const struct listing *l = &w->listing[i];

		sum += (int64_t)w->product[l->product].rate * place_facts[l->place].share;
		w->weight[i] = sum;
	}
}

void catalog_fill(struct world *w)
{
	for (int i = 0; i < w->opt.skus; i++)
		product_make(w, i);
	for (size_t i = 0; w->opt.bundles && i < sizeof bundles / sizeof *bundles; i++)
		bundle_make(w, &bundles[i]);
	catalog_weigh(w);
}

void catalog_stock(struct world *w)
{
	for (int i = 0; i < w->products; i++) {
		if (!product_bundled(&w->product[i])) {
			product_stock(w, i);
			depots_stock(w, i);
		}
		product_publish(w, i);
		product_judge(w, i);
	}
}

int product_by_sku(const struct world *w, const char *sku)
{
	for (int i = 0; i < w->products; i++)
		if (strcmp(world_str(w, w->product[i].sku), sku) == 0)
			return i;
	return -1;
}

int64_t price_at(const struct world *w, int product, enum place place)
{
	return (int64_t)w->product[product].price_minor * place_facts[place].price_pct / 100;
}
