/**
 * What int8 is compared with: float32 matrix products and convolutions of honest quality, at three
 * levels. Plain Java, written so that the compiler vectorizes it; the Vector API, register-tiled
 * and cache-blocked, images read where they lie; and native libraries, OpenBLAS with images
 * unrolled into rows for it and, where it is there, oneDNN.
 *
 * <p>Weights are laid out beforehand and their layout is not timed, as with int8. The float32 rows
 * do no bias and no activation, which the int8 rows do: whatever that hides is hidden in float32's
 * favour.
 *
 * <p>This package is the one place outside {@code kernels-vector} that names {@code
 * jdk.incubator.vector}: a float32 baseline of the same level has to be written with the same
 * means.
 */
package dev.octavo.bench.float32;
