#ifndef TALLYMAN_NEAR_H
#define TALLYMAN_NEAR_H
/*
 * near.h: "did you mean": how far one short word is from another.
 */

/* Letters to insert, remove, replace or swap with their neighbour to make b of a; case does not matter. Words beyond 40 bytes are far (99). */
int near_distance(const char *a, const char *b);

/*
 * Remember the nearest of the words offered one after the other. Far ones (more than a third of
 * the letters wrong, and more than one) are no suggestion: *best stays NULL.
 */
struct near {
	const char *word; /* what was typed */
	const char *best; /* NULL: nothing is near */
	int distance;
};

/* Begin with what was typed; then each word that might have been meant. The words are not copied. */
struct near near_to(const char *word);
void near_offer(struct near *n, const char *candidate);

#endif
