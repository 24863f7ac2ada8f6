package dev.octavo.conformance;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Backends;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoverageTest {
  private final List<Backend> backends =
      List.of(
          new FakeBackend("fast", 2, new Availability.Unusable("the CPU is slow")),
          new FakeBackend("slow", 1, new Availability.Emulated("on purpose")),
          new FakeBackend("plain", 0, Availability.USABLE));

  @Test
  void aRequiredBackendThatIsNotThereIsRed() {
    AssertionError red =
        assertThrows(
            AssertionError.class, () -> Coverage.requirePresent(List.of("none"), backends));
    assertEquals("required backend none is not in the list [fast, slow, plain]", red.getMessage());
  }

  @Test
  void aRequiredBackendThatCannotRunIsRed() {
    AssertionError red =
        assertThrows(
            AssertionError.class,
            () -> Coverage.requirePresent(List.of("plain", "fast"), backends));
    assertEquals("required backend fast is unusable: the CPU is slow", red.getMessage());
  }

  @Test
  void requiredBackendsThatRunAreGreenEmulatedOrNot() {
    assertDoesNotThrow(() -> Coverage.requirePresent(List.of("plain", "slow"), backends));
    assertDoesNotThrow(() -> Coverage.requirePresent(List.of(), backends));
  }

  @Test
  void thePropertyIsAListOfIds() {
    assertEquals(List.of("scalar", "native-avx2"), Coverage.required(" scalar,native-avx2 ,"));
    assertEquals(List.of(), Coverage.required(""));
  }

  @Test
  void plainJavaIsAlwaysThere() {
    assertDoesNotThrow(() -> Coverage.requirePresent(List.of("scalar"), Backends.list()));
  }
}
