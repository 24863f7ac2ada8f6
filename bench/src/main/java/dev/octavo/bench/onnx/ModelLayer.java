package dev.octavo.bench.onnx;

import dev.octavo.ConvSpec;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.Spec;
import dev.octavo.Weights;
import dev.octavo.bench.measure.Task;
import dev.octavo.bench.problem.Problem;

/**
 * A quantized product or convolution of a model, with the model's own weights.
 *
 * @param name of its node
 * @param op its operator; {@code QDQ Conv} and the like for one between quantizing nodes
 * @param problem with as many rows, or as large an image, as it gets
 * @param spec what it computes
 * @param weights and bias, as the file holds them
 */
public record ModelLayer(String name, String op, Problem problem, Spec spec, Weights weights) {

  /** The layer as a task, with an input made up for it. */
  public Task task() {
    return Activations.task(this);
  }

  /** The number formats, as variants are written. */
  public String variant() {
    ElementType rhs = spec instanceof GemmSpec s ? s.rhsType() : ((ConvSpec) spec).rhsType();
    return spec.inputType().code() + rhs.code() + spec.outputType().code();
  }
}
