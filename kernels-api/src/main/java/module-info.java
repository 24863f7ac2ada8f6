/**
 * The public contract of Octavo: specs, kernels, selection of backends, and the norm.
 *
 * <p>A host needs two types to begin with: {@link dev.octavo.Backends} and one of the {@link
 * dev.octavo.Spec} records. Backends are found through {@link java.util.ServiceLoader}.
 */
module dev.octavo.api {
  exports dev.octavo;
  exports dev.octavo.spi;

  uses dev.octavo.spi.BackendProvider;
}
