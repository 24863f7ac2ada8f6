/**
 * The backends {@code vector-128}, {@code vector-256} and {@code vector-512}: the Vector API.
 *
 * <pre>
 *   VectorProvider ─▶ VectorBackend ─▶ Machine        which width is worth choosing here, and why not
 *     (no incubating type up to here)
 *                          └─▶ Kernels ─▶ Width       the loops of one width, made by {@link WidthCopy}
 *
 *   GemmKernel  ConvKernel ─▶ ProductKernel ─▶ Gemm, Pairs, FewRows ─▶ OutputStage ─▶ Requantizer
 *   DepthwiseKernel ────────▶ Depthwise ─────────────────────────┘
 *   the elementwise kernels ─▶ ElementwiseKernel ─▶ Requantizer, Quantizer
 * </pre>
 *
 * <p>Begin with {@link Gemm}, which says how a float32 multiply-add makes exact integer products,
 * {@link Pairs}, which makes them of 16-bit integers, and {@link ProductKernel}, the loops around
 * them. Everything that is looped over lies in the plain arrays of a {@link Workspace}; memory
 * segments are only copied from and to, so that heap and native operands run the same code.
 */
package dev.octavo.vector;
