package dev.octavo.example;

import java.util.Random;

/**
 * A dense layer in float32: out[o] = Σ_i weights[o][i] · in[i] + bias[o], and 0 instead of a
 * negative number where the layer has a ReLU.
 *
 * @param weights rows of inputs, one for each output
 * @param bias one for each output
 */
record FloatLayer(int inputs, int outputs, float[] weights, float[] bias, boolean relu) {
  /** A layer with random weights, as a network has before it is trained. */
  static FloatLayer random(int inputs, int outputs, boolean relu, Random random) {
    float[] weights = new float[outputs * inputs];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (random.nextGaussian() * Math.sqrt(2.0 / inputs));
    }
    float[] bias = new float[outputs];
    for (int o = 0; o < outputs; o++) {
      bias[o] = (float) (random.nextGaussian() * 0.1);
    }
    return new FloatLayer(inputs, outputs, weights, bias, relu);
  }

  float[] apply(float[] in) {
    float[] out = new float[outputs];
    for (int o = 0; o < outputs; o++) {
      float sum = bias[o];
      for (int i = 0; i < inputs; i++) {
        sum += weights[o * inputs + i] * in[i];
      }
      out[o] = relu ? Math.max(sum, 0) : sum;
    }
    return out;
  }

  int parameters() {
    return weights.length + bias.length;
  }
}
