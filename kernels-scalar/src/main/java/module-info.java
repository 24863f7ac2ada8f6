/** The backend {@code scalar}: plain Java, usable everywhere, readable aloud. */
module dev.octavo.scalar {
  requires dev.octavo.api;

  provides dev.octavo.spi.BackendProvider with
      dev.octavo.scalar.ScalarProvider;
}
