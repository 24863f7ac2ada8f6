/**
 * Where problems come from. Uniformly random operands find next to nothing in a library like this:
 * products that saturate, sums that leave 24 bits and accumulators on a rounding tie are all rare
 * by chance. So every choice is made from the values at which something happens:
 *
 * <ul>
 *   <li>extents around every backend's own tiles ({@link dev.octavo.conformance.problems.Tiles}),
 *       and deep, shallow, narrow, single-row and empty ones
 *   <li>operands at the ends of their type, alone, mixed and in pairs ({@link
 *       dev.octavo.conformance.problems.Fill})
 *   <li>accumulators moved onto ties, to ±2<sup>24</sup> and to the ends of int32, by a bias chosen
 *       for it ({@link dev.octavo.conformance.problems.Aim})
 *   <li>multipliers that are powers of two, next to 1, tiny, huge, and at the limits of their kind
 *       ({@link dev.octavo.conformance.problems.MultiplierChoice})
 * </ul>
 *
 * <p>A {@link dev.octavo.conformance.problems.Draft} holds these choices and a seed, not the data:
 * it prints on a few lines, and jqwik shrinks it choice by choice.
 */
package dev.octavo.conformance.problems;
