/**
 * The main job: networks and models as {@link dev.octavo.bench.suite.Suite}s of layers, each done
 * by every contender, within a budget of time.
 */
package dev.octavo.bench.suite;
