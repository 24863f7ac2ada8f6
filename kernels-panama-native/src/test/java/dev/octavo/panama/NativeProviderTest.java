package dev.octavo.panama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Backends;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NativeProviderTest {
  @Test
  void theServiceLoaderFindsTheSameBackendsEveryTime() {
    List<Backend> backends = new NativeProvider().backends();
    assertSame(backends, new NativeProvider().backends());
    assertEquals(backends.reversed(), Backends.list());
  }

  @Test
  void withoutALibraryEveryIdIsThereWithTheReason() {
    List<Backend> backends = NativeProvider.list(new NativeLibrary(null, "", "no luck"), null);
    assertEquals(
        List.of(
            "native-scalar", "native-avx2", "native-avxvnni", "native-avx512vnni", "native-amx"),
        backends.stream().map(Backend::id).toList());
    for (Backend backend : backends) {
      assertEquals(new Availability.Unusable("no luck"), backend.availability());
    }
  }

  /** What Java says without a library must not differ from what the table in C says. */
  @Test
  void theKnownRowsAreThoseOfTheTable() throws Throwable {
    Built.assumeLoaded();
    for (int i = 0; i < (int) Abi.BACKEND_COUNT.invokeExact(); i++) {
      String id = Abi.string((MemorySegment) Abi.BACKEND_ID.invokeExact(i));
      int rank = (int) Abi.BACKEND_RANK.invokeExact(i);
      assertTrue(
          Arrays.stream(NativeProvider.Row.values())
              .anyMatch(row -> row.id.equals(id) && row.rank == rank),
          id + " of rank " + rank);
    }
  }

  @Test
  void everyFeatureCanBeForbidden() {
    Built.assumeLoaded();
    List<Backend> all = NativeProvider.list(NativeLibrary.get(), "avx2,avxvnni,avx512vnni,amx");
    for (Backend backend : all) {
      if (backend.id().equals("native-scalar")) {
        assertEquals(Availability.USABLE, backend.availability());
      } else {
        assertInstanceOf(Availability.Unusable.class, backend.availability(), backend::id);
        assertTrue(!backend.availability().reason().isEmpty());
      }
    }
  }

  @Test
  void forbiddingOneLeavesTheOthersAsTheyAre() {
    Built.assumeLoaded();
    List<Backend> before = NativeProvider.list(NativeLibrary.get(), null);
    List<Backend> after = NativeProvider.list(NativeLibrary.get(), "amx");
    for (int i = 0; i < before.size(); i++) {
      if (!before.get(i).id().equals("native-amx")) {
        assertEquals(before.get(i).availability(), after.get(i).availability());
      }
    }
  }

  /** Whoever needs a forbidden feature says so, and whose word it was; nobody else changes. */
  @Test
  void whoNeedsAForbiddenFeatureSaysSo() {
    Built.assumeLoaded();
    List<Backend> before = NativeProvider.list(NativeLibrary.get(), null);
    Map<String, Set<String>> needed =
        Map.of(
            "avx2",
            Set.of("native-avx2", "native-avxvnni", "native-avx512vnni", "native-amx"),
            "avxvnni",
            Set.of("native-avxvnni"),
            "avx512vnni",
            Set.of("native-avx512vnni", "native-amx"),
            "amx",
            Set.of("native-amx"));
    needed.forEach(
        (feature, ids) -> {
          List<Backend> after = NativeProvider.list(NativeLibrary.get(), feature);
          for (int i = 0; i < before.size(); i++) {
            Availability expected =
                ids.contains(before.get(i).id())
                    ? new Availability.Unusable(
                        "forbidden by the caller: octavo.native.forbid=" + feature)
                    : before.get(i).availability();
            assertEquals(expected, after.get(i).availability(), before.get(i) + " " + feature);
          }
        });
  }
}
