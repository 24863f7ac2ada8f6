package dev.octavo.vector;

/** The loops of one vector width, and the workspaces that they share. */
final class Width {
  final int bits;
  final Lanes lanes;
  final Gemm gemm;
  final FewRows fewRows;
  final Requantizer requantizer;
  final Depthwise depthwise;
  final Quantizer quantizer;
  final Pool pool = new Pool();

  Width(int bits) {
    this.bits = bits;
    this.lanes = WidthCopy.of(Lanes.class, PlainLanes.class, bits);
    this.gemm = WidthCopy.of(Gemm.class, bits == 512 ? Gemm8x2.class : Gemm4x2.class, bits);
    this.fewRows = WidthCopy.of(FewRows.class, FewRowsLanes.class, bits);
    this.requantizer = WidthCopy.of(Requantizer.class, RequantizerLanes.class, bits);
    this.depthwise = WidthCopy.of(Depthwise.class, DepthwiseLanes.class, bits);
    this.quantizer = WidthCopy.of(Quantizer.class, QuantizerLanes.class, bits);
  }
}
