/**
 * Int8 GEMM, convolution and requantization, with the same bits on every CPU.
 *
 * <pre>
 *   Spec ──▶ Backend.prepare(spec, weights, arena) ──▶ Kernel ──▶ run(shape, input, output, …)
 *   what the weights decide      packs once             immutable   what the input decides
 * </pre>
 *
 * <p>Two ideas keep this small.
 *
 * <p><b>Exactness is algebra.</b> Accumulation is arithmetic modulo 2<sup>32</sup>, so any tiling,
 * order, vector width or rearrangement of the zero points gives the same bits, provided nothing
 * saturates or narrows on the way. Only the last step, from an accumulator to an output, can
 * honestly differ between libraries; it is written down once, in {@link dev.octavo.Norm}, and every
 * backend is held to it bit for bit.
 *
 * <p><b>A tier is a backend.</b> {@code scalar}, {@code vector-256}, {@code native-avx512vnni} are
 * entries of one flat list, {@link dev.octavo.Backends#list()}. Selecting, testing, benchmarking,
 * capping and explaining are all iteration over that list.
 *
 * <p>The library owns no thread and no mutable global state, and {@code run} allocates nothing.
 */
package dev.octavo;
