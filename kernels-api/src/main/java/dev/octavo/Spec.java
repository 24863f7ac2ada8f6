package dev.octavo;

/**
 * What the weights decide: everything about a computation except the extents and the data of its
 * input. A {@link Backend} turns a spec (and weights, for {@link GemmSpec} and {@link ConvSpec})
 * into a {@link Kernel}. Specs are immutable values that check themselves.
 */
public sealed interface Spec
    permits GemmSpec,
        ConvSpec,
        RequantizeSpec,
        QuantizeSpec,
        DequantizeSpec,
        DynamicQuantizeSpec,
        FakeQuantizeSpec {
  /** The element type of the input that a run reads. */
  ElementType inputType();

  /** The element type of the output that a run writes. */
  ElementType outputType();
}
