package dev.octavo.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Availability;
import dev.octavo.bench.problem.Gemm;
import dev.octavo.bench.problem.Variant;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TurnsTest {

  private static final Stopwatch.Budget SHORT = new Stopwatch.Budget(0, 0, 0.001, false);
  private static final Gemm PROBLEM = new Gemm(40, 50, 8);

  private final List<String> order = new ArrayList<>();

  /** Writes the right answer, but for the first elements, which are off by {@code error}. */
  private final class Fake implements Contender {
    final String id;
    final boolean peer;
    final int error;

    Fake(String id, boolean peer, int error) {
      this.id = id;
      this.peer = peer;
      this.error = error;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public Availability availability() {
      return Availability.USABLE;
    }

    @Override
    public boolean isFloat32() {
      return false;
    }

    @Override
    public boolean isJitCompiled() {
      return false;
    }

    @Override
    public boolean isPeer() {
      return peer;
    }

    @Override
    public Optional<String> refusal(Task task) {
      return id.equals("refuses") ? Optional.of("never") : Optional.empty();
    }

    @Override
    public Prepared prepare(Task task, Team team) {
      if (id.equals("cannot")) {
        throw new UnsupportedOperationException("not this");
      }
      MemorySegment bits =
          MemorySegment.ofArray(
              ((Expected.Bits) Reference.of(task)).bytes().toArray(ValueLayout.JAVA_BYTE));
      bits.set(ValueLayout.JAVA_BYTE, 0, (byte) (bits.get(ValueLayout.JAVA_BYTE, 0) + error));
      return new FakePrepared() {
        @Override
        public void run() {
          if (order.isEmpty() || !order.getLast().equals(id)) {
            order.add(id);
          }
        }

        @Override
        public Optional<String> check(Expected expected) {
          return ((Expected.Bits) expected).compare(bits);
        }

        @Override
        public void close() {
          order.add("close " + id);
        }
      };
    }
  }

  @Test
  void everyoneTakesTurnsAndOnlyAWrongPeerIsTimed() {
    List<Contender> contenders =
        List.of(
            new Fake("right", false, 0),
            new Fake("wrong", false, 3),
            new Fake("refuses", true, 0),
            new Fake("cannot", true, 0),
            new Fake("wrong peer", true, 3));
    Map<Contender, Turns.Ended> ended;
    try (Team team = new Team(1)) {
      Task task = Synthetic.task(PROBLEM, Variant.U8S8S32);
      ended = new Turns(task, new WarmUp()).run(team, contenders, c -> SHORT, c -> {});
    }
    List<Outcome> in = contenders.stream().map(c -> ended.get(c).outcome()).toList();
    assertTrue(assertInstanceOf(Outcome.Timed.class, in.get(0)).timing().samples().length >= 7);
    assertTrue(assertInstanceOf(Outcome.Wrong.class, in.get(1)).timing().isEmpty());
    assertEquals(new Outcome.Refused("never"), in.get(2));
    assertEquals(new Outcome.Refused("not this"), in.get(3));
    assertTrue(assertInstanceOf(Outcome.Wrong.class, in.get(4)).timing().isPresent());
    String turns = String.join(" ", order);
    assertTrue(turns.contains("right wrong peer right wrong peer right wrong peer"), turns);
    assertTrue(turns.endsWith("close right close wrong close wrong peer"), turns);
  }

  @Test
  void anotherRoundingIsToldFromAWrongSum() {
    Task task = Synthetic.task(PROBLEM, Variant.U8S8U8);
    Expected.Bits bits = (Expected.Bits) Reference.of(task);
    assertEquals(Optional.empty(), bits.roundingOnly(off(bits, 0, 0)), "all right");
    assertEquals(Optional.of("rounding: 1 of 2000 off by 1"), bits.roundingOnly(off(bits, 1, 1)));
    assertEquals(Optional.empty(), bits.roundingOnly(off(bits, 1, 2)), "off by two");
    assertEquals(Optional.empty(), bits.roundingOnly(off(bits, 3, 1)), "too many");
  }

  /** The bits with the first {@code count} middling elements moved. */
  private static MemorySegment off(Expected.Bits bits, int count, int by) {
    byte[] bytes = bits.bytes().toArray(ValueLayout.JAVA_BYTE);
    for (int i = 0, moved = 0; moved < count; i++) {
      if (Byte.toUnsignedInt(bytes[i]) < 200) {
        bytes[i] += (byte) by;
        moved++;
      }
    }
    return MemorySegment.ofArray(bytes);
  }
}
