package dev.octavo.bench.peers;

import dev.octavo.bench.measure.Expected;
import dev.octavo.bench.measure.Prepared;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** A task made ready in another engine, which runs as a whole. */
final class PeerPrepared implements Prepared {

  private final String kernel;
  private final Optional<Long> packedBytes;
  private final MemorySegment output;
  private final Runnable run;
  private final Runnable close;
  private String checked = "ok";

  PeerPrepared(
      String kernel,
      Optional<Long> packedBytes,
      MemorySegment output,
      Runnable run,
      Runnable close) {
    this.kernel = kernel;
    this.packedBytes = packedBytes;
    this.output = output;
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
    Optional<String> rounding = bits.roundingOnly(output);
    if (rounding.isPresent()) {
      checked = rounding.get();
      return Optional.empty();
    }
    return bits.compare(output);
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
