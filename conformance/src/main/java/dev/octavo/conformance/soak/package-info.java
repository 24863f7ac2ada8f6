/**
 * Endless random problems: the contracts' generators and oracles for as long as one cares to wait.
 *
 * <p>A soak is a seed and a number. Problem {@code i} of a seed is drawn from a generator of its
 * own, whatever was drawn before it and on however many threads, so that two numbers are the way
 * back to any failure ({@link dev.octavo.conformance.soak.Draw}; the tiles of the machine's
 * backends decide the sizes, so it must be the same kind of machine). Most problems are small, some
 * 0.1 ms of work for each backend, since the mistakes in a kernel are at its edges; one in 256 has
 * the size of a network's layer, and its sums are not computed again but certified ({@link
 * dev.octavo.conformance.soak.Certificate}).
 *
 * <p>It is the contract's arbitraries that draw, outside of any property: jqwik's shrinking trees
 * are lazy, and a draw costs 6 µs once the generators are kept. So the soak has no generators of
 * its own that could fall behind.
 */
package dev.octavo.conformance.soak;
