/**
 * Outside truth: readers for cases whose answers somebody else's software computed. CMSIS-NN's unit
 * tests (made by running TensorFlow Lite, kept as JSON) pin {@link
 * dev.octavo.Recipe#FIXED_POINT_DOUBLE_ROUNDING}; ONNX's node tests pin the integer operators. A
 * case becomes one or more {@link dev.octavo.conformance.Problem}s with a given answer; what no
 * spec describes is reported as unsupported, with the reason, and never as passed.
 */
package dev.octavo.conformance.vectors;
