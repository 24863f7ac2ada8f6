/**
 * Other int8 engines, on the same tasks as our backends, in the same run. A peer is shown at its
 * best, with its weights packed beforehand, and held to the instruction set of the backend it is
 * compared with. What it computes is held to the exact answer like everyone's; when that is wrong
 * the tables say so, and show the time all the same, because the wrong answer is what its users get
 * at that speed.
 */
package dev.octavo.bench.peers;
