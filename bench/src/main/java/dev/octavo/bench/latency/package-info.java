/**
 * How long a garbage collection has to wait for a kernel. Native code on heap operands cannot be
 * interrupted, and neither can a counted loop that the compiler left without a poll: whoever wants
 * to stop all threads waits for them, and all other threads wait with it. So one thread runs large
 * kernels on heap operands, another one asks for safepoints all the time ({@link
 * dev.octavo.bench.latency.Disturber}), and the JVM's own flight recorder tells how long each took
 * to reach ({@link dev.octavo.bench.latency.SafepointRecording}).
 */
package dev.octavo.bench.latency;
