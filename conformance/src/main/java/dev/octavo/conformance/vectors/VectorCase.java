package dev.octavo.conformance.vectors;

import dev.octavo.Availability;
import dev.octavo.Backend;
import dev.octavo.conformance.Answer;
import dev.octavo.conformance.Circumstances;
import dev.octavo.conformance.Problem;
import dev.octavo.conformance.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A case whose answer somebody else computed: a file, and the problems it poses.
 *
 * @param name of the case, without its folder
 * @param format of the file
 * @param file a CMSIS-NN JSON file, or the folder of an ONNX node test
 */
public record VectorCase(String name, Format format, Path file) {
  /** Who wrote the case. */
  public enum Format {
    CMSIS_NN,
    ONNX
  }

  /** How a case ended. */
  public enum Status {
    PASS,
    FAIL,
    UNSUPPORTED
  }

  /**
   * What became of a case on a backend.
   *
   * @param detail why it failed or is unsupported; for a pass, what ran
   */
  public record Result(Status status, String detail) {}

  /** One problem of a case, and what it must give. */
  public record Part(Problem problem, Answer expected) {}

  /**
   * Reads the case.
   *
   * @throws IOException if the file cannot be read or is not what it seems
   */
  public List<Part> parts() throws IOException {
    return switch (format) {
      case CMSIS_NN -> CmsisReader.read(file);
      case ONNX -> OnnxReader.read(file);
    };
  }

  /**
   * Runs the case on a backend; every problem of it must give exactly the bits that the file holds.
   */
  public Result run(Backend backend) {
    if (backend.availability() instanceof Availability.Unusable unusable) {
      return new Result(Status.UNSUPPORTED, backend.id() + " is unusable: " + unusable.reason());
    }
    try {
      return run(backend, parts());
    } catch (UnsupportedCaseException e) {
      return new Result(Status.UNSUPPORTED, e.getMessage());
    } catch (IOException | RuntimeException e) {
      return new Result(Status.FAIL, "cannot be read: " + e);
    }
  }

  private static Result run(Backend backend, List<Part> parts) {
    for (Part part : parts) {
      Optional<String> refusal = backend.refusal(part.problem().spec());
      if (refusal.isPresent()) {
        return new Result(Status.UNSUPPORTED, backend.id() + " does not do it: " + refusal.get());
      }
      Optional<String> diagnosis =
          Trial.check(part.problem(), part.expected(), Circumstances.PLAIN, List.of(backend));
      if (diagnosis.isPresent()) {
        return new Result(Status.FAIL, diagnosis.get());
      }
    }
    return new Result(Status.PASS, backend.plan(parts.getFirst().problem().spec()).kernel());
  }

  @Override
  public String toString() {
    return name;
  }
}
