package dev.octavo.bench.jmh;

import dev.octavo.ElementType;
import dev.octavo.Norm;
import dev.octavo.QuantizeRule;
import dev.octavo.QuantizeSpec;
import dev.octavo.Scales;
import dev.octavo.Weights;
import dev.octavo.ZeroPoints;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Quantization of float32 to u8, per tensor, by each rule; two operations an element. */
public class QuantizeBench extends BackendBench {

  private static final float SCALE = 0.02f;
  private static final int ZERO_POINT = 118;

  /** Rows and channels. */
  @Param({"3136,64", "196,512"})
  public String elements;

  @Param({"DIVIDE_HALF_EVEN", "MULTIPLY_HALF_EVEN", "DIVIDE_HALF_AWAY"})
  public QuantizeRule rule;

  private Subject subject;
  private double operations;

  @Setup
  public void prepare() {
    int[] extents = Suites.pair(elements);
    QuantizeSpec spec =
        QuantizeSpec.of(ElementType.U8, Scales.of(SCALE), ZeroPoints.of(ZERO_POINT)).withRule(rule);
    float[] reals = new float[extents[0] * extents[1]];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < reals.length; i++) {
      reals[i] = (float) random.nextDouble(-3, 3);
    }
    Arena arena = Arena.ofShared();
    subject =
        new Subject(
            backend(),
            spec,
            Weights.NONE,
            spec.elements(reals.length, 1),
            residence().copy(reals, arena),
            residence().room(reals.length, 1, arena),
            arena);
    subject.verify(bytes -> wrong(bytes, reals));
    operations = 2.0 * reals.length;
  }

  private Optional<String> wrong(MemorySegment bytes, float[] reals) {
    for (int i = 0; i < reals.length; i++) {
      int is = Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, i));
      int should = Norm.quantize(rule, reals[i], SCALE, ZERO_POINT, 0, 255);
      if (is != should) {
        return Optional.of("element %d is %d, should be %d".formatted(i, is, should));
      }
    }
    return Optional.empty();
  }

  @TearDown
  public void close() {
    subject.close();
  }

  @Benchmark
  public MemorySegment run(Rates rates) {
    rates.add(operations, subject.operandBytes());
    return subject.run();
  }
}
