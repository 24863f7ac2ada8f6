/**
 * Native backends, C behind {@code java.lang.foreign}.
 *
 * <p>Start Java with {@code --enable-native-access=dev.octavo.panama}, or {@code =ALL-UNNAMED} on
 * the class path. Without it JDK 25 loads the library all the same and prints a warning; under
 * {@code --illegal-native-access=deny} the backends are unusable, and their reason says so.
 */
module dev.octavo.panama {
  requires dev.octavo.api;

  provides dev.octavo.spi.BackendProvider with
      dev.octavo.panama.NativeProvider;
}
