package dev.octavo.bench.report;

import dev.octavo.bench.report.Peaks.Arithmetic;
import dev.octavo.bench.report.Peaks.Compute;
import dev.octavo.bench.report.Peaks.Memory;
import java.util.Locale;

/** Peaks as tables. */
public final class PeakTables {

  private PeakTables() {}

  /** The arithmetic, each against the best float32. */
  public static Table compute(Peaks peaks) {
    double best = peaks.best(Arithmetic.FLOAT32).orElse(Double.NaN);
    Table table = new Table("arithmetic", "limit of", "instruction", ">GOP/s", ">against\nfloat32");
    for (Compute c : peaks.compute()) {
      table.row(
          c.arithmetic().name().toLowerCase(Locale.ROOT),
          c.id(),
          c.what(),
          Numbers.digits(c.gops()),
          Double.isNaN(best) ? "" : Numbers.times(c.gops() / best));
    }
    return table;
  }

  /** The reads. */
  public static Table memory(Peaks peaks) {
    Table table = new Table("read from", ">size", ">block read", ">GB/s");
    for (Memory m : peaks.memory()) {
      boolean cache = m.level().startsWith("L");
      table.row(
          m.level(),
          cache ? Numbers.binary(m.capacity()) : Numbers.bytes(m.capacity()),
          Numbers.binary(m.block()),
          Numbers.digits(m.gbps()));
    }
    return table;
  }
}
