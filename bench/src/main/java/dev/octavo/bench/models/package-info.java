/**
 * Networks everyone knows, as lists of layers. Each network is one readable text file beside this
 * package, with the paper it was taken from and the published counts that a test holds it to.
 *
 * <p>Counting follows the published tables. Parameters are the weights, the biases, and two numbers
 * (scale and shift) for each channel with batch normalization; its running mean and variance are
 * statistics, not parameters, and at inference all four fold into the weights and one bias.
 * Multiply-adds are those of the convolutions and dense layers.
 */
package dev.octavo.bench.models;
