package dev.octavo.conformance;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Backends;
import dev.octavo.GemmSpec;
import dev.octavo.spi.BackendProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/**
 * The vector backends have two multiplies and take the one that is faster here; {@link
 * GemmConformanceTest} and {@link ConvConformanceTest} meet only that one. These backends take the
 * other, so that {@link OtherMultiplyGemmTest} and {@link OtherMultiplyConvTest} hold both to the
 * contracts on every machine.
 */
final class OtherMultiply {
  private static final String MULTIPLY = "octavo.vector.multiply";

  private static final GemmSpec SPEC = GemmSpec.of(64, 64);

  static final List<Backend> BACKENDS = others();

  private OtherMultiply() {}

  private static List<Backend> others() {
    List<Backend> others = new ArrayList<>();
    for (Backend usual : Backends.list()) {
      if (usual.id().startsWith("vector-")
          && !(usual.availability() instanceof Availability.Unusable)) {
        usual.plan(SPEC); // decides, once and for all
        Backend other = with("int16", usual.id());
        boolean same = other.plan(SPEC).kernel().equals(usual.plan(SPEC).kernel());
        others.add(same ? with("float32", usual.id()) : other);
      }
    }
    return others;
  }

  /** A second backend of an id, which has decided for a multiply. */
  private static Backend with(String multiply, String id) {
    String before = System.getProperty(MULTIPLY);
    System.setProperty(MULTIPLY, multiply);
    try {
      Backend backend =
          ServiceLoader.load(BackendProvider.class).stream()
              .flatMap(provider -> provider.get().backends().stream())
              .filter(b -> b.id().equals(id))
              .findFirst()
              .orElseThrow();
      backend.plan(SPEC);
      return backend;
    } finally {
      if (before == null) {
        System.clearProperty(MULTIPLY);
      } else {
        System.setProperty(MULTIPLY, before);
      }
    }
  }
}
