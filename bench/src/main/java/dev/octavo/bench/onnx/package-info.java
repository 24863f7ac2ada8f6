/**
 * Real quantized models: reads an ONNX file, finds its quantized matrix multiplies and convolutions
 * with the weights they carry, and says for each what it computes. The protobuf classes come from
 * Tribuo's {@code tribuo-util-onnx}.
 */
package dev.octavo.bench.onnx;
