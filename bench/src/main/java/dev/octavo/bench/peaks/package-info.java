/**
 * What this machine can do at most: the roofs under which results are looked at.
 *
 * <p>Arithmetic is measured with all operands in registers, so a peak is a limit of the CPU and not
 * of anybody's kernels. Float32 multiply-adds are measured through the Vector API at each width,
 * which is also the limit of the backends {@code vector-*}, whose int8 products are made of them.
 * The int8 instructions of the native tiers have no Java method; a small C program beside this
 * package, {@code src/main/c/peaks.c}, runs each of them in a process of its own. The alternative,
 * to call the best speed of our own kernels the peak, would have called every kernel perfect.
 *
 * <p>Memory is read in blocks that fit half of each cache, and one that fits none.
 */
package dev.octavo.bench.peaks;
