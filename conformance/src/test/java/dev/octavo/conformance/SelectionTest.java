package dev.octavo.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.BackendList;
import dev.octavo.ConvSpec;
import dev.octavo.GemmSpec;
import dev.octavo.Selection;
import dev.octavo.Spec;
import dev.octavo.Window;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which backend is chosen, by id, on a machine made up for the purpose. */
class SelectionTest {
  private static final Spec GEMM = GemmSpec.of(8, 8);
  private static final Spec CONV = ConvSpec.of(4, 4, Window.of(3, 3));

  private static final List<Backend> MACHINE =
      List.of(
          new FakeBackend("scalar", 0, Availability.USABLE),
          new FakeBackend("wide-256", 200, Availability.USABLE),
          new FakeBackend(
              "wide-512", 300, new Availability.Emulated("vectors of 512 bits are made of two")),
          new FakeBackend("native-a", 400, Availability.USABLE),
          new FakeBackend("native-b", 500, Availability.USABLE, ConvSpec.class::isInstance),
          new FakeBackend("native-c", 600, new Availability.Unusable("no such instructions")));

  private static BackendList with(String backend, String max, String... exclude) {
    return new BackendList(
        MACHINE,
        new Selection(Optional.ofNullable(backend), Optional.ofNullable(max), List.of(exclude)));
  }

  private static String best(BackendList list, Spec spec) {
    return list.best(spec).id();
  }

  @Test
  void theHighestThatIsUsableAndDoesTheSpec() {
    assertEquals("native-b", best(with(null, null), GEMM));
    assertEquals("native-a", best(with(null, null), CONV));
  }

  @Test
  void theListIsInDescendingRank() {
    assertEquals(
        "native-c native-b native-a wide-512 wide-256 scalar",
        with(null, null).list().stream().map(Backend::id).collect(Collectors.joining(" ")));
  }

  @Test
  void aNamedOneComesFirstEvenIfItIsSlow() {
    assertEquals("wide-256", best(with("wide-256", null), GEMM));
    assertEquals("wide-512", best(with("wide-512", null), GEMM));
  }

  @Test
  void aNamedOneThatRefusesTheSpecLeavesItToTheOthers() {
    assertEquals("native-a", best(with("native-b", null), CONV));
  }

  @Test
  void aNamedOneThatIsUnusableIsAnErrorThatSaysWhy() {
    Exception e =
        assertThrows(IllegalStateException.class, () -> best(with("native-c", null), GEMM));
    assertTrue(e.getMessage().contains("no such instructions"), e::getMessage);
  }

  @Test
  void aNameThatNobodyHasIsAnErrorThatListsThoseThereAre() {
    Exception e = assertThrows(IllegalArgumentException.class, () -> with("native-z", null));
    assertTrue(
        e.getMessage().contains("native-z") && e.getMessage().contains("wide-256"), e::getMessage);
    assertThrows(IllegalArgumentException.class, () -> with(null, "native-z"));
  }

  @Test
  void aCapOnlyNarrows() {
    assertEquals("native-a", best(with(null, "native-a"), GEMM));
    assertEquals("wide-256", best(with(null, "wide-512"), GEMM));
    assertEquals("scalar", best(with(null, "scalar"), GEMM));
    assertEquals("native-b", best(with(null, "native-c"), GEMM));
  }

  @Test
  void excludedOnesAreNotChosenByIdOrByPrefix() {
    assertEquals("native-a", best(with(null, null, "native-b"), GEMM));
    assertEquals("wide-256", best(with(null, null, "native-*"), GEMM));
    assertEquals("scalar", best(with(null, null, "native-*", "wide-256"), GEMM));
  }

  @Test
  void nothingLeftIsAnErrorThatSaysWhyOfEach() {
    Exception e =
        assertThrows(
            IllegalStateException.class,
            () -> best(with(null, null, "scalar", "wide-256", "native-a", "native-b"), GEMM));
    for (Backend backend : MACHINE) {
      assertTrue(e.getMessage().contains(backend.id()), e::getMessage);
    }
    assertTrue(e.getMessage().contains("no such instructions"), e::getMessage);
  }

  @Test
  void everyBackendIsFoundByNameWhateverTheSettings() {
    BackendList list = with("native-a", "scalar", "native-*");
    for (Backend backend : MACHINE) {
      assertSame(backend, list.named(backend.id()));
    }
  }

  @Test
  void twoOfOneNameAreRefused() {
    List<Backend> twins =
        List.of(
            new FakeBackend("twin", 1, Availability.USABLE),
            new FakeBackend("twin", 2, Availability.USABLE));
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> new BackendList(twins, Selection.NONE));
    assertTrue(e.getMessage().contains("twin"), e::getMessage);
  }

  @Test
  void anExplanationNamesTheChosenOneAndSaysWhyOfTheRest() {
    List<BackendList.Explanation> explanations = with(null, null, "wide-256").explain(CONV);
    assertEquals(MACHINE.size(), explanations.size());
    for (BackendList.Explanation explanation : explanations) {
      String id = explanation.backend().id();
      String expected =
          switch (id) {
            case "native-c" -> "no such instructions";
            case "native-b" -> "not its trade";
            case "native-a" -> "chosen";
            case "wide-512" -> "two";
            case "wide-256" -> "exclude";
            default -> "native-a ranks higher";
          };
      assertTrue(explanation.note().contains(expected), () -> id + ": " + explanation.note());
      assertEquals(id.equals("native-a"), explanation.chosen());
      assertEquals(id.equals("native-b") || id.equals("native-c"), explanation.plan().isEmpty());
    }
  }
}
