/**
 * Other people's shared libraries, called through their C interfaces: what a peer or a float32
 * baseline stands on. Nothing here knows of tasks, backends or measurements.
 *
 * <p>The libraries are large and not ours to ship, so the plain build has none of them. The Maven
 * profile {@code peers} unpacks them into a folder, and the system property {@code octavo.peers}
 * names it; {@code ./octavo … --peers} does both. Without them every question here is answered by a
 * reason.
 */
package dev.octavo.bench.engines;
