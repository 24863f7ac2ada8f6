/**
 * What is computed, before any question of who computes it: a {@link
 * dev.octavo.bench.problem.Problem} is a matrix product or a convolution with its extents, a {@link
 * dev.octavo.bench.problem.Variant} its number formats. The command line, the layer lists and the
 * ONNX reader all end here, and all measuring begins here.
 */
package dev.octavo.bench.problem;
