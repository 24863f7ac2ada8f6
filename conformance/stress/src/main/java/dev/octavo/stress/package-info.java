/**
 * What threads may do to each other with one kernel, under jcstress: it makes the threads meet at
 * the same instruction, thousands of times, interpreted and compiled. A kernel is immutable but for
 * what it remembers of shapes, so it may be shared, may be passed on by a race, and may lose its
 * arena, which is an exception and nothing worse.
 *
 * <p>All backends that run here take part, in turn: state number {@code i} of a test is backend
 * {@code i} modulo their number. The longer story, with every spec, is {@code ConcurrencyContract}.
 */
package dev.octavo.stress;
