package dev.octavo;

import java.util.Objects;
import java.util.Optional;

/**
 * What will really run: for logs, tests and benchmark results.
 *
 * @param backend the backend's id
 * @param kernel the kernel's name, {@code <op>_<types>_<mr>x<nr>x<kr>_<isa>}, for example {@code
 *     gemm_u8s8s32_6x32x4_avx512vnni}; elementwise kernels have no tile, {@code
 *     requantize_s32u8_avx2}
 * @param mr rows of the register tile, 1 for elementwise kernels
 * @param nr columns of the register tile, elements at a time for elementwise kernels
 * @param kr depth of one step, 1 for elementwise kernels
 * @param layout the law of the packed weights; empty if there are none
 * @param packedBytes bytes that the kernel keeps, weights and all
 */
public record Plan(
    String backend,
    String kernel,
    int mr,
    int nr,
    int kr,
    Optional<PackedLayout> layout,
    long packedBytes) {
  public Plan {
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(kernel, "kernel");
    Objects.requireNonNull(layout, "layout");
  }
}
