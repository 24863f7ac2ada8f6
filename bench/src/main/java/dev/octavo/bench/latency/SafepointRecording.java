package dev.octavo.bench.latency;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** How long the safepoints of some stretch of time took to reach: JFR measures, from the inside. */
final class SafepointRecording implements AutoCloseable {
  private static final String EVENT = "jdk.SafepointStateSynchronization";

  private final Recording recording = new Recording();

  SafepointRecording() {
    recording.enable(EVENT).withThreshold(Duration.ZERO).withoutStackTrace();
    recording.start();
  }

  /** Nanoseconds from the wish to stop all threads until they stood still. */
  Waits stop() throws IOException {
    recording.stop();
    Path file = Files.createTempFile("octavo-latency", ".jfr");
    try {
      recording.dump(file);
      return new Waits(
          RecordingFile.readAllEvents(file).stream()
              .filter(e -> e.getEventType().getName().equals(EVENT))
              .map(RecordedEvent::getDuration)
              .mapToLong(Duration::toNanos)
              .sorted()
              .toArray());
    } finally {
      Files.delete(file);
    }
  }

  @Override
  public void close() {
    recording.close();
  }
}
