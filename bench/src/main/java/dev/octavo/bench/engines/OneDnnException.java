package dev.octavo.bench.engines;

import java.util.List;

/** A function of oneDNN that did not succeed. */
public final class OneDnnException extends UnsupportedOperationException {

  private static final long serialVersionUID = 1L;
  private static final int UNIMPLEMENTED = 3;

  /** The names of {@code dnnl_status_t}, in order. */
  private static final List<String> NAMES =
      List.of(
          "success",
          "out of memory",
          "invalid arguments",
          "unimplemented",
          "last implementation reached",
          "runtime error",
          "not required");

  private final int status;

  OneDnnException(String function, int status) {
    super(function + ": " + (status < NAMES.size() ? NAMES.get(status) : "status " + status));
    this.status = status;
  }

  /** Whether oneDNN has no kernel for what was asked. */
  public boolean isUnimplemented() {
    return status == UNIMPLEMENTED;
  }
}
