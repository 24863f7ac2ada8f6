package dev.octavo.conformance;

/** Which property is running, and with which seed: the way back to a failure. */
public final class Rerun {
  private static volatile String property = "";
  private static volatile String seed = "";

  private Rerun() {}

  /** Remembers what runs. */
  public static void running(String propertyName, String seedUsed) {
    property = propertyName;
    seed = seedUsed;
  }

  /** The line to type. */
  public static String command() {
    return property.isEmpty()
        ? "run the same test again"
        : "mvn verify -pl conformance -am -Dsurefire.failIfNoSpecifiedTests=false -Dtest="
            + property
            + " -Dconformance.seed="
            + seed;
  }
}
