/**
 * The conformance suite: what makes "the same bits on every CPU" a tested statement. It is a
 * library, so that whoever writes a backend can hold it to the same contracts as ours are held to.
 *
 * <pre>
 *   problems    drafts: a problem in a few words, drawn around every backend's own tiles and next to rounding ties
 *       │
 *       ▼
 *    Problem ──▶ oracle      exact arithmetic from the written definition; shares no code with norm or provider
 *       │           │
 *       ▼           ▼
 *     Trial      Answer      every backend that runs here, under any {@link dev.octavo.conformance.Circumstances}
 *       │
 *       ▼
 *   Diagnosis    first bad cell, neighbours, who agrees with whom, plans, how to run it again
 *
 *   contract     the promises, as interfaces of properties: implement one in an empty class, and it runs
 *   vectors      cases whose answers other people's software computed
 * </pre>
 *
 * <p><b>Everything is compared exactly.</b> Integers have no epsilon, and neither have floats here:
 * each operation of a float output is rounded by itself, so its bits are as determined as an
 * integer's (but for the payload of a NaN).
 *
 * <p><b>An answer is the whole output segment</b>, with what lies between its rows. Before a run
 * every cell holds the complement of what it must hold afterwards, so a cell that is not written is
 * never right by luck; native operands end at an inaccessible page ({@link
 * dev.octavo.conformance.GuardArena}), so an access too far is a crash; and what was running when a
 * crash took the JVM away is in {@code target/conformance-black-box.txt}.
 *
 * <p><b>What was skipped counts as failed</b> if it was asked for: see {@link
 * dev.octavo.conformance.Coverage}.
 *
 * <p>An outside provider writes no more than this (and may override {@code backends()}):
 *
 * <pre>{@code
 * class OurGemmTest implements GemmContract {}
 * }</pre>
 */
package dev.octavo.conformance;
