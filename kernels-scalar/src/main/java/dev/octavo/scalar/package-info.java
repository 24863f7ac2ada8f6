/**
 * The backend {@code scalar}: every spec, in loops that can be read aloud.
 *
 * <p>It is the plain-Java row of every benchmark and the fallback of every machine, so it computes
 * the definitions as they stand. Operands are widened to int and their zero points subtracted, a
 * strip at a time; then a GEMM <em>is</em> the textbook sum, a convolution is a GEMM whose lhs rows
 * are the patches of the image under the window, and padding is 0.
 *
 * <pre>
 *   rows of a strip ──▶ lhs − zl ─┐
 *                                 ├─▶ Tile ──▶ acc ──▶ OutputStage ──▶ dst
 *   filter by filter ─▶ rhs − zr ─┘
 * </pre>
 *
 * <p>Begin with {@link dev.octavo.scalar.ProductKernel} and {@link dev.octavo.scalar.Tile}; the
 * elementwise kernels begin with {@link dev.octavo.scalar.ElementwiseKernel}. Everything that is
 * looped over lies in plain arrays, {@link dev.octavo.scalar.Pool} says why; memory segments are
 * only copied from and to.
 */
package dev.octavo.scalar;
