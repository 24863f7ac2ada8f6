package dev.octavo.panama;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.spi.BackendProvider;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Brings the native backends: the table of the loaded library, and for what is not in it, or where
 * there is no library, the same ids with the reason.
 *
 * <p>The setting {@code octavo.native.forbid} (or the environment variable {@code
 * OCTAVO_NATIVE_FORBID}) lists CPU features to treat as absent, for tests: {@code
 * avx2,avxvnni,avx512vnni,amx}.
 */
public final class NativeProvider implements BackendProvider {
  /** {@code enum octavo_feature}. */
  enum Feature {
    AVX2(1),
    AVXVNNI(2),
    AVX512VNNI(4),
    AMX(8);

    final long bit;

    Feature(long bit) {
      this.bit = bit;
    }
  }

  /** The rows that a library for x86-64 has; a test compares them with the table in C. */
  enum Row {
    SCALAR("native-scalar", 50),
    AVX2("native-avx2", 400),
    AVXVNNI("native-avxvnni", 500),
    AVX512VNNI("native-avx512vnni", 600),
    AMX("native-amx", 700);

    final String id;
    final int rank;

    Row(String id, int rank) {
      this.id = id;
      this.rank = rank;
    }
  }

  private static final class Found {
    static final List<Backend> BACKENDS =
        list(NativeLibrary.get(), NativeLibrary.setting("octavo.native.forbid"));
  }

  /** For {@link java.util.ServiceLoader}. */
  public NativeProvider() {}

  @Override
  public List<Backend> backends() {
    return Found.BACKENDS;
  }

  static List<Backend> list(NativeLibrary library, String forbid) {
    List<Backend> backends = new ArrayList<>();
    String reason = library.reason();
    if (library.loaded()) {
      reason = library.origin() + " was built without it";
      try {
        addTable(backends, forbid);
      } catch (LinkageError e) {
        backends.clear();
        reason = library.origin() + " cannot be linked: " + rootCause(e);
      }
    }
    for (Row row : Row.values()) {
      if (backends.stream().noneMatch(b -> b.id().equals(row.id))) {
        backends.add(new NativeBackend(-1, row.id, row.rank, new Availability.Unusable(reason)));
      }
    }
    backends.sort(Comparator.comparingInt(Backend::rank));
    return List.copyOf(backends);
  }

  private static void addTable(List<Backend> backends, String forbid) {
    try {
      int count = (int) Abi.BACKEND_COUNT.invokeExact();
      for (int i = 0; i < count; i++) {
        String id = Abi.string((MemorySegment) Abi.BACKEND_ID.invokeExact(i));
        int rank = (int) Abi.BACKEND_RANK.invokeExact(i);
        backends.add(new NativeBackend(i, id, rank, availability(i, forbid)));
      }
    } catch (Throwable t) {
      throw Abi.unchecked(t);
    }
  }

  private static Availability availability(int index, String forbid) throws Throwable {
    long forbidden = 0;
    for (String word : forbid == null ? new String[0] : forbid.split(",")) {
      Feature feature = feature(word.trim());
      if (feature == null) {
        return new Availability.Unusable(
            "octavo.native.forbid=" + forbid + " names no CPU feature: there are " + features());
      }
      forbidden |= feature.bit;
    }
    String status = Abi.string((MemorySegment) Abi.BACKEND_STATUS.invokeExact(index, forbidden));
    if (status.isEmpty()) {
      return Availability.USABLE;
    }
    return status.startsWith("emulated: ")
        ? new Availability.Emulated(status.substring("emulated: ".length()))
        : new Availability.Unusable(
            status.startsWith("forbidden") ? status + ": octavo.native.forbid=" + forbid : status);
  }

  private static Feature feature(String word) {
    return Arrays.stream(Feature.values())
        .filter(f -> f.name().equalsIgnoreCase(word))
        .findFirst()
        .orElse(null);
  }

  private static String features() {
    return Arrays.stream(Feature.values())
        .map(f -> f.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  private static Throwable rootCause(Throwable t) {
    return t.getCause() == null ? t : rootCause(t.getCause());
  }
}
