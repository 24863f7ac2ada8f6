package dev.octavo.bench.peaks;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.Backends;
import dev.octavo.bench.report.Machine;
import dev.octavo.bench.report.Peaks;
import dev.octavo.bench.report.Peaks.Arithmetic;
import dev.octavo.bench.report.Peaks.Compute;
import dev.octavo.bench.report.Peaks.Memory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** Measures all peaks of one core; takes a few seconds. */
public final class PeakMeter {

  private final List<Compute> compute = new ArrayList<>();
  private final List<Memory> memory = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  private PeakMeter() {}

  /**
   * Measures.
   *
   * @param announce told what is being measured
   */
  public static Peaks measure(Machine machine, Consumer<String> announce) {
    PeakMeter meter = new PeakMeter();
    meter.vector(announce);
    meter.nativeTiers(announce);
    meter.memory(machine, announce);
    meter.compute.sort(Comparator.comparingDouble(Compute::gops));
    return new Peaks(
        List.copyOf(meter.compute), List.copyOf(meter.memory), List.copyOf(meter.missing));
  }

  /** Float32 at each width that the CPU has, and the int8 backends whose products are made so. */
  private void vector(Consumer<String> announce) {
    for (FmaLoop loop : FmaLoop.values()) {
      String id = "float32-" + loop.bits();
      if (loop.bits() > FmaLoop.mostBits()) {
        missing.add(id + ": this JVM has vectors of " + FmaLoop.mostBits() + " bits at most");
        continue;
      }
      announce.accept(id);
      double gops = loop.gops();
      compute.add(
          new Compute(
              id, Arithmetic.FLOAT32, "multiply-add, %d bits".formatted(loop.bits()), gops));
      if (isUsable("vector-" + loop.bits())) {
        compute.add(
            new Compute(
                "vector-" + loop.bits(),
                Arithmetic.INT8,
                "float32 multiply-add, %d bits".formatted(loop.bits()),
                gops));
      }
    }
  }

  private void nativeTiers(Consumer<String> announce) {
    NativePeaks program = new NativePeaks();
    for (NativePeaks.Tier tier : NativePeaks.Tier.values()) {
      if (isUsable(tier.id())) {
        announce.accept(tier.id());
        try {
          double gops = program.gops(tier);
          compute.add(new Compute(tier.id(), Arithmetic.INT8, tier.what(), gops));
        } catch (NativePeaks.NotMeasured e) {
          missing.add(tier.id() + ": " + e.getMessage());
        }
      }
    }
  }

  private void memory(Machine machine, Consumer<String> announce) {
    if (machine.caches().isEmpty()) {
      missing.add("memory: the sizes of the caches are not known here");
      return;
    }
    long last = 0;
    for (Machine.Cache cache : machine.caches()) {
      announce.accept(cache.name());
      long block = cache.bytes() / 2;
      memory.add(new Memory(cache.name(), cache.bytes(), block, ReadLoop.gbps(block)));
      last = cache.bytes();
    }
    announce.accept("memory");
    long block = Math.clamp(4 * last, 1 << 26, Math.min(1L << 29, heap() / 4));
    memory.add(new Memory("memory", machine.memoryBytes(), block, ReadLoop.gbps(block)));
  }

  private static long heap() {
    return Runtime.getRuntime().maxMemory();
  }

  private static boolean isUsable(String id) {
    return Backends.list().stream()
        .filter(b -> b.id().equals(id))
        .map(Backend::availability)
        .anyMatch(a -> a instanceof Availability.Usable);
  }
}
