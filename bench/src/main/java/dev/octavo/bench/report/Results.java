package dev.octavo.bench.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

/**
 * Everything one run of {@code octavo bench} found out; written as JSON as it stands, and all that
 * reports and comparisons know. {@code docs/BENCHMARKS.md} describes it for readers, {@code
 * results.schema.json} beside this class for programs.
 *
 * @param schemaVersion version of this structure: {@link #VERSION}
 * @param state how far the run came
 * @param command what was run
 * @param started ISO 8601, UTC
 * @param seconds how long the run took
 * @param machine where
 * @param settings budget, threads and the like
 * @param peaks what this machine can do at most; null if not measured
 * @param contenders who took part, or why not
 * @param suites what was measured
 */
public record Results(
    int schemaVersion,
    State state,
    String command,
    String started,
    double seconds,
    Machine machine,
    Map<String, Object> settings,
    Peaks peaks,
    List<Participant> contenders,
    List<SuiteResult> suites) {

  public static final int VERSION = 1;

  /** How far a run came. */
  public enum State {
    @JsonProperty("running")
    RUNNING,
    @JsonProperty("interrupted")
    INTERRUPTED,
    @JsonProperty("complete")
    COMPLETE
  }

  /** What a contender is. */
  public enum Kind {
    /** One of this library's backends: int8. */
    @JsonProperty("backend")
    BACKEND,
    /** A float32 baseline. */
    @JsonProperty("float32")
    FLOAT32,
    /** Somebody else's int8 engine. */
    @JsonProperty("peer")
    PEER
  }

  /** What the verification before timing found. */
  public enum Verdict {
    /** Every compared element was right. */
    @JsonProperty("ok")
    OK,
    /** Right but for another rule of rounding; the detail says how many elements differ. */
    @JsonProperty("rounding")
    ROUNDING,
    /** Wrong; one of our own is then not timed, a peer is timed and marked. */
    @JsonProperty("wrong")
    WRONG,
    /** Does not do this problem, or was left out; the detail says why. */
    @JsonProperty("refused")
    REFUSED
  }

  /**
   * A contender.
   *
   * @param availability {@code usable}, {@code emulated} or {@code unusable}
   * @param reason why not usable; else empty
   */
  public record Participant(String id, Kind kind, String availability, String reason) {}

  /**
   * A network or model.
   *
   * @param source the paper or file
   * @param input size of what goes in
   * @param parameters as published tables count them; 0 if not known
   * @param multiplyAdds of the whole model, measured or not
   * @param weightsFloat32 bytes of weights and biases in float32
   * @param weightsInt8 bytes of weights in int8, biases in int32
   * @param notes anything else worth telling
   */
  public record SuiteResult(
      String name,
      String source,
      String input,
      long parameters,
      long multiplyAdds,
      long weightsFloat32,
      long weightsInt8,
      List<String> notes,
      List<ItemResult> items) {

    public SuiteResult withItems(List<ItemResult> others) {
      return new SuiteResult(
          name,
          source,
          input,
          parameters,
          multiplyAdds,
          weightsFloat32,
          weightsInt8,
          notes,
          others);
    }
  }

  /**
   * A distinct problem.
   *
   * @param layers those that pose it
   * @param kind {@code gemm} or {@code conv}
   * @param shape in the grammar of {@code octavo time}
   * @param multiplyAdds of one of the layers
   * @param weights number of weights of one of the layers
   * @param inputElements activations that go into one of the layers
   * @param outputElements activations that come out
   * @param entries one for each contender and number of threads
   */
  public record ItemResult(
      List<String> layers,
      String kind,
      String shape,
      long multiplyAdds,
      long weights,
      long inputElements,
      long outputElements,
      List<Entry> entries) {}

  /**
   * One contender on one problem.
   *
   * @param threads that shared the work
   * @param variant number formats
   * @param kernel what ran; empty if refused
   * @param packedBytes of the packed weights; null if unknown
   * @param check what the verification found
   * @param timing null unless timed
   */
  public record Entry(
      String contender,
      Kind kind,
      int threads,
      String variant,
      String kernel,
      Long packedBytes,
      Check check,
      Times timing) {

    @JsonIgnore
    public boolean isTimed() {
      return timing != null;
    }

    @JsonIgnore
    public boolean isFloat32() {
      return kind == Kind.FLOAT32;
    }

    @JsonIgnore
    public boolean isWrong() {
      return check.verdict() == Verdict.WRONG;
    }

    /** Whether the time counts: taken, and of a right result. */
    @JsonIgnore
    public boolean counts() {
      return isTimed() && !isWrong();
    }

    /** Whether a part of the work was timed and scaled. */
    @JsonIgnore
    public boolean isEstimate() {
      return isTimed() && timing.part() < 1;
    }

    /** Seconds at the median; only when timed. */
    public double median() {
      return timing.medianSeconds();
    }
  }

  /**
   * A verification.
   *
   * @param detail in words; empty when there is nothing to say
   * @param part the part of the output that was compared
   */
  public record Check(Verdict verdict, String detail, double part) {}

  /**
   * The times of one contender on one problem.
   *
   * @param part the part of the work that was timed; times are scaled to the whole
   * @param medianSeconds of the samples
   * @param bestSeconds the shortest sample
   * @param gops operations per nanosecond at the median, two for each multiply-add
   * @param samplesSeconds every sample in the order in which they were taken, each the mean of one
   *     or more runs
   */
  public record Times(
      double part,
      double medianSeconds,
      double bestSeconds,
      double gops,
      double[] samplesSeconds) {}
}
