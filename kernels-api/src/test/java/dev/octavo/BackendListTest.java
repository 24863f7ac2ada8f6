package dev.octavo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The one policy of choice, tried on backends that are all fakes. */
class BackendListTest {
  private static final Spec SPEC = GemmSpec.of(4, 4);

  private final Backend scalar = Fakes.usable("scalar", 0);
  private final Backend vector = Fakes.usable("vector-256", 20);
  private final Backend avx2 = Fakes.usable("native-avx2", 40);
  private final Backend amx = Fakes.unusable("native-amx", 90, "the CPU has no AMX");
  private final Backend emulated =
      Fakes.backend("vector-512", 30, new Availability.Emulated("no 512-bit registers"));
  private final List<Backend> all = List.of(scalar, avx2, emulated, vector, amx);

  @Test
  void theListIsInDescendingRank() {
    assertEquals(List.of(amx, avx2, emulated, vector, scalar), choose().list());
  }

  @Test
  void theBestIsTheUsableOneOfHighestRank() {
    assertSame(avx2, choose().best(SPEC));
  }

  @Test
  void aBackendThatRefusesTheSpecIsPassedOver() {
    Backend picky = Fakes.backend("native-new", 95, Availability.USABLE, "only depthwise");
    assertSame(scalar, list(Selection.NONE, scalar, picky).best(SPEC));
  }

  @Test
  void emulatedOnesAreNeverChosenUnlessNamed() {
    assertSame(scalar, list(Selection.NONE, scalar, emulated).best(SPEC));
    assertSame(emulated, choose("octavo.backend", "vector-512").best(SPEC));
  }

  @Test
  void aNamedBackendComesFirst() {
    assertSame(vector, choose("octavo.backend", "vector-256").best(SPEC));
  }

  /** The name is a preference for whatever that backend can do; the rest goes to the best. */
  @Test
  void aNamedBackendThatRefusesLeavesTheChoiceToTheOthers() {
    Backend picky = Fakes.backend("vector-128", 10, Availability.USABLE, "no convolution");
    Selection named = selection("octavo.backend", "vector-128");
    assertSame(vector, list(named, scalar, vector, picky).best(SPEC));
  }

  /** Somebody who named a backend wants that one or an error, not silently another. */
  @Test
  void aNamedBackendThatIsUnusableIsAnError() {
    fails(
        IllegalStateException.class,
        "no backend can be chosen: native-amx (named by octavo.backend, but unusable: the CPU has"
            + " no AMX), native-avx2, vector-512 (never chosen: no 512-bit registers), vector-256,"
            + " scalar",
        () -> choose("octavo.backend", "native-amx").best(SPEC));
  }

  @Test
  void maxCapsTheRank() {
    assertSame(vector, choose("octavo.max", "vector-256").best(SPEC));
    assertSame(scalar, choose("octavo.max", "scalar").best(SPEC));
    assertSame(avx2, choose("octavo.max", "native-amx").best(SPEC), "an unusable cap is a cap");
  }

  @Test
  void excludeTakesIdsAndPrefixes() {
    assertSame(vector, choose("octavo.exclude", "native-avx2").best(SPEC));
    assertSame(vector, choose("octavo.exclude", " native-* , other").best(SPEC));
    assertSame(scalar, choose("octavo.exclude", "native-*,vector-256").best(SPEC));
    assertSame(avx2, choose("octavo.exclude", "native-avx,vector").best(SPEC), "no prefix meant");
    fails(
        IllegalStateException.class,
        "no backend can be chosen: scalar (excluded by octavo.exclude=*)",
        () -> list(selection("octavo.exclude", "*"), scalar).best(SPEC));
  }

  /** The settings narrow what is chosen, not what there is. */
  @Test
  void namedFindsEveryBackendWhateverTheSettings() {
    BackendList narrowed =
        list(
            selection("octavo.max", "scalar", "octavo.exclude", "scalar"),
            all.toArray(Backend[]::new));
    assertEquals(5, narrowed.list().size());
    for (Backend b : all) {
      assertSame(b, narrowed.named(b.id()));
    }
  }

  @Test
  void unknownNamesListTheKnownOnes() {
    String known = "[native-amx, native-avx2, vector-512, vector-256, scalar]";
    fails(
        IllegalArgumentException.class,
        "no backend is named avx2; there are " + known,
        () -> choose().named("avx2"));
    fails(
        IllegalArgumentException.class,
        "no backend is named skalar; there are " + known,
        () -> choose("octavo.backend", "skalar"));
    fails(
        IllegalArgumentException.class,
        "no backend is named native-*; there are " + known,
        () -> choose("octavo.max", "native-*"));
  }

  @Test
  void twoBackendsOfOneIdAreAnError() {
    fails(
        IllegalArgumentException.class,
        "two backends have the id scalar",
        () -> list(Selection.NONE, scalar, Fakes.usable("scalar", 3)));
  }

  @Test
  void noBackendAtAllSaysWhatIsMissing() {
    String message =
        assertThrows(IllegalStateException.class, () -> list(Selection.NONE).best(SPEC))
            .getMessage();
    assertTrue(message.startsWith("there is no backend: put kernels-scalar"), message);
  }

  // ---- explain

  @Test
  void explainSaysWhyEachWasPassedOver() {
    Backend picky = Fakes.backend("native-new", 95, Availability.USABLE, "only depthwise");
    List<BackendList.Explanation> said =
        list(Selection.NONE, scalar, avx2, emulated, vector, amx, picky).explain(SPEC);
    assertEquals(
        List.of(
            "native-new: does not do this spec: only depthwise",
            "native-amx: the CPU has no AMX",
            "native-avx2: chosen",
            "vector-512: never chosen: no 512-bit registers",
            "vector-256: native-avx2 ranks higher",
            "scalar: native-avx2 ranks higher"),
        notes(said));
    assertEquals(
        List.of(false, false, true, false, false, false),
        said.stream().map(BackendList.Explanation::chosen).toList());
    assertEquals(
        List.of("", "", "fake_s32u8_native-avx2", "fake_s32u8_vector-512"),
        said.stream().limit(4).map(e -> e.plan().map(Plan::kernel).orElse("")).toList());
  }

  @Test
  void explainNamesTheSettings() {
    assertEquals(
        List.of(
            "native-amx: ranks above octavo.max=vector-512",
            "native-avx2: ranks above octavo.max=vector-512",
            "vector-512: excluded by octavo.exclude=vector-*,x",
            "vector-256: excluded by octavo.exclude=vector-*,x",
            "scalar: chosen"),
        notes(choose("octavo.max", "vector-512", "octavo.exclude", "vector-*,x").explain(SPEC)));
  }

  @Test
  void explainNamesTheNamedOne() {
    assertEquals(
        List.of(
            "native-amx: the CPU has no AMX",
            "native-avx2: vector-256 was named by octavo.backend",
            "vector-512: never chosen: no 512-bit registers",
            "vector-256: chosen",
            "scalar: vector-256 was named by octavo.backend"),
        notes(choose("octavo.backend", "vector-256").explain(SPEC)));
  }

  @Test
  void equalRanksAreTakenInOrder() {
    Backend other = Fakes.usable("other", 0);
    BackendList list = list(Selection.NONE, scalar, other);
    assertSame(scalar, list.best(SPEC));
    assertEquals(List.of("scalar: chosen", "other: scalar comes first"), notes(list.explain(SPEC)));
  }

  @Test
  void explainWithoutASpecTellsAvailabilityAndSettings() {
    List<BackendList.Explanation> said = choose("octavo.exclude", "scalar").explain();
    assertEquals(
        List.of(
            "native-amx: the CPU has no AMX",
            "native-avx2: ",
            "vector-512: never chosen: no 512-bit registers",
            "vector-256: ",
            "scalar: excluded by octavo.exclude=scalar"),
        notes(said));
    assertSame(amx.availability(), said.get(0).availability());
    assertTrue(said.stream().noneMatch(e -> e.chosen() || e.plan().isPresent()));
  }

  // ---- the warning

  @Test
  void aFallbackIsLoggedOnceAndNamesWhatIsMissing() {
    BackendList list =
        list(
            Selection.NONE,
            scalar,
            Fakes.unusable("vector-256", 20, "add --add-modules jdk.incubator.vector"),
            amx);
    List<String> logged = new ArrayList<>();
    listening(
        logged,
        () -> {
          list.best(SPEC);
          assertEquals(1, logged.size());
          list.best(SPEC);
          list.explain(SPEC);
        });
    assertEquals(
        List.of(
            "WARNING Octavo falls back to the backend scalar, which is slow. Faster ones cannot"
                + " run: native-amx: the CPU has no AMX; vector-256: add --add-modules"
                + " jdk.incubator.vector"),
        logged);
  }

  @Test
  void noWarningWhereNothingIsMissingOrScalarIsWanted() {
    List<String> logged = new ArrayList<>();
    listening(
        logged,
        () -> {
          assertSame(scalar, list(Selection.NONE, scalar, emulated).best(SPEC));
          assertSame(avx2, choose().best(SPEC));
          assertSame(scalar, choose("octavo.backend", "scalar").best(SPEC));
          assertSame(scalar, choose("octavo.max", "scalar").best(SPEC));
          assertSame(scalar, choose("octavo.exclude", "native-*,vector-*").best(SPEC));
        });
    assertEquals(List.of(), logged);
  }

  private static void listening(List<String> to, Runnable code) {
    Logger logger = Logger.getLogger("dev.octavo");
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord r) {
            to.add(r.getLevel() + " " + new java.util.logging.SimpleFormatter().formatMessage(r));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    handler.setLevel(Level.ALL);
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try {
      code.run();
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
  }

  private BackendList choose(String... settings) {
    return list(selection(settings), all.toArray(Backend[]::new));
  }

  private static BackendList list(Selection selection, Backend... backends) {
    return new BackendList(List.of(backends), selection);
  }

  static Selection selection(String... settings) {
    Map<String, String> map = new java.util.HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      map.put(settings[i], settings[i + 1]);
    }
    return Selection.from(key -> Optional.ofNullable(map.get(key)));
  }

  private static List<String> notes(List<BackendList.Explanation> explanations) {
    return explanations.stream().map(e -> e.backend() + ": " + e.note()).toList();
  }

  private static void fails(Class<? extends Exception> type, String message, Executable code) {
    assertEquals(message, assertThrows(type, code).getMessage());
  }
}
