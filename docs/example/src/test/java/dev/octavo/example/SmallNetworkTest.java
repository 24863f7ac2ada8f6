package dev.octavo.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Backends;
import dev.octavo.example.SmallNetwork.Comparison;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the example shows is pinned: a change of one bit anywhere in it is noticed. */
class SmallNetworkTest {
  @Test
  void itHas250Parameters() {
    List<FloatLayer> network = SmallNetwork.network();
    assertEquals(250, network.stream().mapToInt(FloatLayer::parameters).sum());
    assertEquals(224, network.stream().mapToInt(l -> l.weights().length).sum());
  }

  @Test
  void everyBackendGivesTheSameErrorAndTheSameBits() {
    int tried = 0;
    for (Backend backend : Backends.list()) {
      if (backend.availability() instanceof Availability.Unusable) {
        continue;
      }
      tried++;
      List<FloatLayer> network = SmallNetwork.network();
      try (Arena arena = Arena.ofConfined()) {
        Int8Network int8 =
            new Int8Network(network, SmallNetwork.inputs(256, 1), spec -> backend, arena);
        Comparison c = Comparison.of(network, int8, SmallNetwork.inputs(1000, 2));
        assertEquals(224, int8.weightBytes());
        assertEquals(104, int8.biasBytes());
        assertEquals(
            new Comparison(7.6832767f, 0.0059801885f, 0.0721761f, 990, 0x0ab22a4e),
            c,
            backend.id());
      }
    }
    assertTrue(tried > 0, "no backend was there");
  }

  @Test
  void theProgramPrintsIt() {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      SmallNetwork.main(new String[0]);
    } finally {
      System.setOut(console);
    }
    String text = printed.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("224 weights + 26 biases = 250"), text);
    assertTrue(text.contains("float32     1000 bytes"), text);
    assertTrue(text.contains("int8        224 + 104 bytes"), text);
  }
}
