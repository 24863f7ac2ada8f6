/**
 * Two results against each other: what became faster or slower, and whether that is more than the
 * noise of the machine.
 *
 * <p>The difficulty is not to find differences but to leave out those that mean nothing. Samples of
 * one run lie close together and say little of how far the next run will be off; a run has over a
 * thousand measurements, of which some differ by chance; and a machine may be slower as a whole. So
 *
 * <ul>
 *   <li>each measurement is the median of its turns, and its own uncertainty comes from resampling
 *       turns, not single samples;
 *   <li>the noise between runs is estimated from the two results themselves: most measurements have
 *       not changed, and a robust spread of their ratios tells how far unchanged ones lie apart; no
 *       measurement is taken to be more certain than that;
 *   <li>what the float32 baselines of a layer and its neighbours became slower by is taken for the
 *       machine at that moment and divided out;
 *   <li>intervals are wide enough to hold for all rows together (Bonferroni), and an alarm needs
 *       the whole interval to lie beyond the threshold;
 *   <li>each backend is judged over all its layers and over each family of them, where the noise
 *       averages out: that is where small regressions show;
 *   <li>a single layer is not judged by two runs alone. Where its operands happen to lie, or how
 *       the JIT compiler happened to decide, can change its time by half for the length of a
 *       process. Such layers are named, and count only when each side has four runs and every one
 *       after is slower than any before.
 * </ul>
 */
package dev.octavo.bench.compare;
