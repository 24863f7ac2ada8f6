/** The backends {@code vector-128}, {@code vector-256} and {@code vector-512}: the Vector API. */
module dev.octavo.vector {
  requires dev.octavo.api;
  requires jdk.incubator.vector;

  provides dev.octavo.spi.BackendProvider with
      dev.octavo.vector.VectorProvider;
}
