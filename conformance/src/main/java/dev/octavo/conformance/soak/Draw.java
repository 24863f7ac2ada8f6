package dev.octavo.conformance.soak;

import dev.octavo.conformance.Circumstances;
import dev.octavo.conformance.problems.Draft;
import dev.octavo.conformance.problems.Drafts;
import dev.octavo.conformance.problems.LargeDrafts;
import dev.octavo.conformance.problems.Tiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.sessions.JqwikSession;

/**
 * Draws the problems of one seed. Outside of a property jqwik's generators need a session, of which
 * a process has one, on one thread; so it is always the same thread that draws, many problems at a
 * time.
 */
final class Draw implements AutoCloseable {
  /** One problem in so many is large. */
  private static final int LARGE_EVERY = 256;

  /** A parameter of jqwik's generators that ours do not look at. */
  private static final int GEN_SIZE = 1000;

  /** What is tried. */
  record Try(long index, Draft draft, Circumstances circumstances) {}

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("draw").factory());
  private final long seed;
  private RandomGenerator<Draft> small;
  private RandomGenerator<Draft> large;
  private RandomGenerator<Circumstances> circumstances;

  Draw(Tiles tiles, long seed) {
    this.seed = seed;
    CompletableFuture.runAsync(
            () -> {
              JqwikSession.start();
              small = generator(Drafts.any(tiles));
              large = generator(LargeDrafts.any());
              circumstances = generator(Drafts.circumstances());
            },
            thread)
        .join();
  }

  private static <T> RandomGenerator<T> generator(Arbitrary<T> arbitrary) {
    return arbitrary.generator(GEN_SIZE, false);
  }

  /** Problems {@code first}, {@code first + 1} …, each the same every time it is drawn. */
  List<Try> from(long first, int count) {
    return CompletableFuture.supplyAsync(
            () -> {
              List<Try> tries = new ArrayList<>(count);
              for (int i = 0; i < count; i++) {
                tries.add(at(first + i));
              }
              return tries;
            },
            thread)
        .join();
  }

  private Try at(long index) {
    // Two rounds of mixing: generators with neighbouring seeds would give sequences that overlap.
    long mixed = new SplittableRandom(seed ^ Long.rotateLeft(index, 32)).nextLong();
    Random random = Random.from(new SplittableRandom(mixed));
    RandomGenerator<Draft> drafts = random.nextInt(LARGE_EVERY) == 0 ? large : small;
    return new Try(index, drafts.next(random).value(), circumstances.next(random).value());
  }

  @Override
  public void close() {
    thread.execute(JqwikSession::finish);
    thread.close();
  }
}
