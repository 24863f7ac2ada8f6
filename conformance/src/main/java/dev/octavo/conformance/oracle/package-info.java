/**
 * The oracles: each operation computed exactly from its written definition, slowly, on one screen.
 * Sums are taken in 64 bits and reduced modulo 2<sup>32</sup> once, at the end; numbers are
 * integers times powers of two, of any size, and are rounded where the definition rounds and
 * nowhere else.
 *
 * <p>Why not simply the norm? Because the norm is what is tested. It is Java with Java's float
 * operators and 64-bit shifts; an oracle that shared them would share their mistakes. So nothing
 * here uses a floating-point operator, and nothing here is used outside this module.
 */
package dev.octavo.conformance.oracle;
