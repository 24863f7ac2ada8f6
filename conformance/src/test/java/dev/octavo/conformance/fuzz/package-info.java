/**
 * A fuzzer at the public door. {@link dev.octavo.conformance.fuzz.DoorFuzzTest} turns bytes into
 * one call, valid for the most part and hostile in places; every call must end in a documented
 * exception with nothing written, or in the oracle's bits.
 *
 * <pre>
 *   mvn verify                                                the corpus in src/test/resources, every time
 *   mvn verify -Pfuzz -Dfuzz.time=5m -pl conformance -am      new bytes, guided by coverage
 * </pre>
 *
 * <p>What the fuzzer finds it leaves in src/test/resources, where it becomes part of the corpus.
 * Nothing a fuzzer may ask for is too large to do: packed weights beyond {@link
 * dev.octavo.conformance.fuzz.DoorFuzzTest#LARGEST} are skipped, since an {@link
 * java.lang.OutOfMemoryError} would be honest there.
 */
package dev.octavo.conformance.fuzz;
