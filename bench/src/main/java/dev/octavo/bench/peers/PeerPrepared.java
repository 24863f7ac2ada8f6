package dev.octavo.bench.peers;

import dev.octavo.bench.measure.Expected;
import dev.octavo.bench.measure.Prepared;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Supplier;

/** A task made ready in another engine, which runs as a whole. */
final class PeerPrepared implements Prepared {

  private final String kernel;
  private final Optional<Long> packedBytes;
  private final MemorySegment output;
  private final Supplier<MemorySegment> result;
  private final Runnable run;
  private final Runnable close;
  private String checked = "ok";

  /** An engine that says how large its weights are, and leaves its output row after row. */
  PeerPrepared(
      String kernel, long packedBytes, MemorySegment output, Runnable run, Runnable close) {
    this(kernel, Optional.of(packedBytes), output, () -> output, run, close);
  }

  /**
   * An engine that does not.
   *
   * @param output what it writes
   * @param result the same, row after row
   */
  PeerPrepared(
      String kernel,
      MemorySegment output,
      Supplier<MemorySegment> result,
      Runnable run,
      Runnable close) {
    this(kernel, Optional.empty(), output, result, run, close);
  }

  private PeerPrepared(
      String kernel,
      Optional<Long> packedBytes,
      MemorySegment output,
      Supplier<MemorySegment> result,
      Runnable run,
      Runnable close) {
    this.kernel = kernel;
    this.packedBytes = packedBytes;
    this.output = output;
    this.result = result;
    this.run = run;
    this.close = close;
  }

  @Override
  public String kernel() {
    return kernel;
  }

  @Override
  public Optional<Long> packedBytes() {
    return packedBytes;
  }

  @Override
  public long strips() {
    return 1;
  }

  @Override
  public void run() {
    run.run();
  }

  @Override
  public void run(long first, long last) {
    if (first < last) {
      run.run();
    }
  }

  @Override
  public Optional<String> check(Expected expected) {
    output.fill((byte) 0x5A); // what was never written must not look right
    run();
    Expected.Bits bits = (Expected.Bits) expected;
    MemorySegment rows = result.get();
    Optional<String> rounding = bits.roundingOnly(rows);
    if (rounding.isPresent()) {
      checked = rounding.get();
      return Optional.empty();
    }
    return bits.compare(rows);
  }

  @Override
  public String checked() {
    return checked;
  }

  @Override
  public void close() {
    close.run();
  }
}
