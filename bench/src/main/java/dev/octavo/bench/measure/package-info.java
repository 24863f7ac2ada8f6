/**
 * Measuring: a {@link dev.octavo.bench.measure.Task} is a problem with its operands, a {@link
 * dev.octavo.bench.measure.Contender} something that can do it (a backend in int8, a baseline in
 * float32). After a {@link dev.octavo.bench.measure.WarmUp} a {@link
 * dev.octavo.bench.measure.Stopwatch} takes the times. No time is taken of a result that was not
 * checked before: see {@link dev.octavo.bench.measure.Reference}.
 */
package dev.octavo.bench.measure;
