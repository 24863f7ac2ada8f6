package dev.octavo.bench.report;

import java.util.List;
import java.util.Map;

/**
 * Everything one run of {@code octavo bench} found out; written as JSON as it stands.
 *
 * @param schema version of this structure: 1
 * @param command what was run
 * @param started ISO 8601
 * @param machine where
 * @param settings budget, threads and the like
 * @param contenders who took part, or why not
 * @param suites what was measured
 */
public record Results(
    int schema,
    String command,
    String started,
    Machine machine,
    Map<String, Object> settings,
    List<Participant> contenders,
    List<SuiteResult> suites) {

  /**
   * A contender.
   *
   * @param kind {@code int8} or {@code float32}
   * @param availability {@code usable}, {@code emulated} or {@code unusable}
   * @param reason why not usable; else empty
   */
  public record Participant(String id, String kind, String availability, String reason) {}

  /** A network or model. */
  public record SuiteResult(String name, List<String> facts, List<ItemResult> items) {}

  /**
   * A distinct problem.
   *
   * @param layers those that pose it
   * @param kind {@code gemm} or {@code conv}
   * @param shape in the grammar of {@code octavo time}
   * @param multiplyAdds of one of the layers
   * @param weights of one of the layers
   * @param entries one for each contender that took part
   */
  public record ItemResult(
      List<String> layers,
      String kind,
      String shape,
      long multiplyAdds,
      long weights,
      List<Entry> entries) {}

  /**
   * One contender on one problem.
   *
   * @param variant number formats
   * @param kernel what ran; empty if refused
   * @param packedBytes of the weights; null if unknown
   * @param check {@code ok}, {@code wrong: …} or {@code refused: …}
   * @param checkedPart the part of the output that was compared
   * @param timedPart the part of the work that was timed and scaled
   * @param medianSeconds null unless timed
   * @param bestSeconds null unless timed
   * @param gops operations per nanosecond at the median; null unless timed
   * @param samples seconds of each sample
   */
  public record Entry(
      String contender,
      boolean float32,
      String variant,
      String kernel,
      Long packedBytes,
      String check,
      double checkedPart,
      double timedPart,
      Double medianSeconds,
      Double bestSeconds,
      Double gops,
      double[] samples) {

    public boolean isTimed() {
      return medianSeconds != null;
    }

    public boolean isWrong() {
      return check.startsWith("wrong");
    }
  }
}
