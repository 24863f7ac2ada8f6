package dev.octavo.conformance;

import com.sun.management.ThreadMXBean;
import dev.octavo.Backend;
import dev.octavo.Backends;
import dev.octavo.ConvSpec;
import dev.octavo.ElementType;
import dev.octavo.GemmSpec;
import dev.octavo.Kernel;
import dev.octavo.Multipliers;
import dev.octavo.Output;
import dev.octavo.QuantizeRule;
import dev.octavo.QuantizeSpec;
import dev.octavo.Recipe;
import dev.octavo.RequantizeSpec;
import dev.octavo.Scales;
import dev.octavo.Shape;
import dev.octavo.Spec;
import dev.octavo.Weights;
import dev.octavo.Window;
import dev.octavo.ZeroPoints;
import dev.octavo.conformance.problems.Tiles;
import dev.octavo.conformance.soak.Soak;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What {@link AllocationTest} runs in a JVM of its own: small kernels of one backend, each until it
 * has allocated nothing for a while. A line for each, which ends in "0 bytes" if all is well. The
 * first argument is the backend; with "polluted" as the second, all that after hundreds of random
 * problems.
 */
final class AllocationProbe {
  /** How long nothing has to be allocated. */
  private static final long KEPT_NANOS = 30_000_000;

  /** How long to wait for that: a loop that is never compiled right waits for ever. */
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private static final int BATCH = 10;

  private static final int PROBLEMS = 700;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Something small, so that hundreds of runs take no time. */
  private record Case(String name, Spec spec, Shape shape) {}

  private AllocationProbe() {}

  public static void main(String[] args) throws InterruptedException {
    Backend backend = Backends.named(args[0]);
    if (args[1].equals("polluted")) {
      pollute(backend);
    }
    for (Case c : cases()) {
      System.out.println(probe(backend, c));
    }
  }

  private static void pollute(Backend backend) throws InterruptedException {
    List<Backend> backends = List.of(backend);
    Soak soak = new Soak(backends, Tiles.of(backends), 1, index -> "problem " + index);
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              while (soak.tally().problems() < PROBLEMS) {
                Thread.onSpinWait();
              }
              soak.stop();
            });
    soak.run(1).ifPresent(finding -> System.out.println("wrong: " + finding.diagnosis()));
    System.out.println(soak.tally().problems() + " problems before, 0 bytes");
  }

  private static List<Case> cases() {
    Output.Requantized u8 = requantized(Recipe.FLOAT32_NEAREST_EVEN, 1);
    GemmSpec gemm = GemmSpec.of(100, 200);
    GemmSpec zeros = gemm.withLhs(ElementType.U8, 9).withRhs(ElementType.U8, ZeroPoints.of(77));
    ConvSpec conv = ConvSpec.of(16, 40, Window.of(3, 3).withPadding(1)).withOutput(u8);
    ConvSpec depthwise = ConvSpec.of(32, 32, Window.of(3, 3)).withGroups(32).withOutput(u8);
    QuantizeSpec quantize = QuantizeSpec.of(ElementType.U8, Scales.of(0.1f), ZeroPoints.of(128));
    List<Case> cases = new ArrayList<>();
    cases.add(new Case("GEMM", gemm, gemm.rows(50)));
    cases.add(new Case("GEMM with zero points", zeros, zeros.rows(50)));
    cases.add(new Case("GEMM of one row", gemm, gemm.rows(1)));
    cases.add(new Case("GEMM of four rows", gemm.withOutput(u8), gemm.rows(4)));
    cases.add(new Case("convolution", conv, conv.nhwc(1, 14, 14)));
    cases.add(new Case("convolution, channels first", conv, conv.nchw(1, 14, 14)));
    cases.add(new Case("depthwise", depthwise, depthwise.nhwc(1, 20, 20)));
    for (QuantizeRule rule : QuantizeRule.values()) {
      QuantizeSpec spec = quantize.withRule(rule);
      cases.add(new Case("quantize " + rule, spec, spec.elements(1, 1000)));
    }
    for (Recipe recipe : Recipe.values()) {
      RequantizeSpec channels = RequantizeSpec.of(64, requantized(recipe, 64));
      RequantizeSpec tensor = RequantizeSpec.of(1, requantized(recipe, 1));
      cases.add(new Case(recipe + " per channel", channels, channels.elements(100, 1)));
      cases.add(new Case(recipe + " per tensor", tensor, tensor.elements(1, 6400)));
    }
    return cases;
  }

  private static Output.Requantized requantized(Recipe recipe, int channels) {
    double[] reals = new SplittableRandom(channels).doubles(channels, 0.0005, 0.002).toArray();
    float[] floats = new float[channels];
    for (int c = 0; c < channels; c++) {
      floats[c] = (float) reals[c];
    }
    Multipliers multipliers =
        recipe.multipliers() == Multipliers.Float32.class
            ? Multipliers.Float32.of(floats)
            : recipe.multipliers() == Multipliers.Float64.class
                ? Multipliers.Float64.of(reals)
                : Multipliers.FixedPoint.of(reals);
    return Output.Requantized.of(ElementType.U8, recipe, multipliers, 3);
  }

  private static String probe(Backend backend, Case c) {
    try (Arena arena = Arena.ofConfined()) {
      Weights weights =
          switch (c.spec()) {
            case GemmSpec g -> Weights.rowsOfK(bytes(g.n() * g.k()), g.k());
            case ConvSpec conv -> Weights.ohwi(bytes(conv.outChannels() * conv.k()), conv);
            default -> Weights.NONE;
          };
      Kernel kernel = backend.prepare(c.spec(), weights, arena);
      MemorySegment input =
          c.spec().inputType().bytes() == 1
              ? bytes((int) kernel.inputBytes(c.shape()))
              : MemorySegment.ofArray(new int[(int) kernel.inputBytes(c.shape()) / 4]);
      MemorySegment output = arena.allocate(kernel.outputBytes(c.shape()), 64);
      return backend.id() + " " + c.name() + ": " + run(() -> kernel.run(c.shape(), input, output));
    }
  }

  /** Until nothing is allocated for as long as asked, or patience ends. */
  private static String run(Runnable work) {
    long begin = System.nanoTime();
    long runs = 0;
    long silent = begin;
    long last = 0;
    while (true) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < BATCH; i++) {
        work.run();
      }
      long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      long now = System.nanoTime();
      runs += BATCH;
      if (allocated > 0) {
        silent = now;
        last = allocated;
      }
      if (now - silent >= KEPT_NANOS) {
        return runs + " runs, silent after " + (silent - begin) / 1_000_000 + " ms, 0 bytes";
      }
      if (now - begin >= PATIENCE_NANOS) {
        return runs + " runs, and still " + last / BATCH + " bytes a run";
      }
    }
  }

  private static MemorySegment bytes(int count) {
    byte[] bytes = new byte[count];
    new SplittableRandom(count).nextBytes(bytes);
    return MemorySegment.ofArray(bytes);
  }
}
