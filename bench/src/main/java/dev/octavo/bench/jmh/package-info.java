/**
 * JMH suites, written once for every backend: the backend, the shape and where the operands live
 * are parameters, filled at run time by {@link dev.octavo.bench.jmh.Suites} from the backends that
 * are usable and from the shape sets. Each suite compares its result with the right one before
 * anything is timed.
 *
 * <p>They answer what {@code octavo time} does not: spread over forks, bytes allocated in each call
 * (JMH's GC profiler), and whatever else JMH's profilers see.
 */
package dev.octavo.bench.jmh;
