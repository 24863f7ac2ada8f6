package dev.octavo.conformance.contract;

import dev.octavo.ConvSpec;
import dev.octavo.DequantizeSpec;
import dev.octavo.DynamicQuantizeSpec;
import dev.octavo.FakeQuantizeSpec;
import dev.octavo.GemmSpec;
import dev.octavo.Plan;
import dev.octavo.QuantizeSpec;
import dev.octavo.RequantizeSpec;
import dev.octavo.Spec;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The grammar of kernel names:
 *
 * <pre>
 *   name    = product "_" type type type "_" mr "x" nr "x" kr "_" isa      lhs, rhs, output (or s32)
 *           | step "_" type type "_" isa                                   input, output
 *   product = "gemm" | "gemv" | "conv" | "grouped" | "winograd" | "depthwise"
 *   step    = "requantize" | "quantize" | "dequantize" | "dynamicquantize" | "fakequantize"
 *   type    = "u8" | "s8" | "s32" | "f32"
 *   isa     = one word of lower-case letters and digits, beginning with a letter
 * </pre>
 */
final class KernelName {
  private static final String TYPE = "(?:u8|s8|s32|f32)";
  private static final Pattern PRODUCT =
      Pattern.compile(
          "(gemm|gemv|conv|grouped|winograd|depthwise)_("
              + TYPE
              + "{3})_(\\d+)x(\\d+)x(\\d+)_([a-z][a-z0-9]*)");
  private static final Pattern STEP =
      Pattern.compile(
          "(requantize|quantize|dequantize|dynamicquantize|fakequantize)_("
              + TYPE
              + "{2})_([a-z][a-z0-9]*)");

  private KernelName() {}

  /** What is wrong with the kernel name of a plan for a spec; empty if nothing is. */
  static Optional<String> fault(Plan plan, Spec spec) {
    String types = spec.inputType().code() + rhs(spec) + spec.outputType().code();
    // A kernel may give sums that another finishes: then its own output is s32.
    String products = spec.inputType().code() + rhs(spec) + "s32";
    Matcher name = (rhs(spec).isEmpty() ? STEP : PRODUCT).matcher(plan.kernel());
    if (!name.matches()) {
      return Optional.of(plan.kernel() + " is no kernel name");
    }
    if (!operations(spec).matcher(name.group(1)).matches()) {
      return Optional.of(plan.kernel() + " is not the name of a kernel for " + spec);
    }
    if (!name.group(2).equals(types) && !name.group(2).equals(products)) {
      return Optional.of(plan.kernel() + " works on " + types);
    }
    String tile = plan.mr() + "x" + plan.nr() + "x" + plan.kr();
    if (!rhs(spec).isEmpty()
        && !tile.equals(name.group(3) + "x" + name.group(4) + "x" + name.group(5))) {
      return Optional.of(plan.kernel() + " has the tile " + tile);
    }
    return Optional.empty();
  }

  private static String rhs(Spec spec) {
    return switch (spec) {
      case GemmSpec g -> g.rhsType().code();
      case ConvSpec c -> c.rhsType().code();
      default -> "";
    };
  }

  /** A 1×1 convolution may be run by a GEMM kernel, and a depthwise one by its own. */
  private static Pattern operations(Spec spec) {
    return Pattern.compile(
        switch (spec) {
          case GemmSpec g -> "gemm|gemv";
          case ConvSpec c -> "conv|grouped|winograd|depthwise|gemm|gemv";
          case RequantizeSpec r -> "requantize";
          case QuantizeSpec q -> "quantize";
          case DequantizeSpec d -> "dequantize";
          case DynamicQuantizeSpec d -> "dynamicquantize";
          case FakeQuantizeSpec f -> "fakequantize";
        });
  }
}
