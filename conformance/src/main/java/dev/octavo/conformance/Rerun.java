package dev.octavo.conformance;

/**
 * Which property is running, and with which seed: the way back to a failure. A thread that runs
 * problems of its own, as a soak does, has a line of its own.
 */
public final class Rerun {
  private static volatile String property = "";
  private static volatile String seed = "";
  private static final ThreadLocal<String> OWN = new ThreadLocal<>();

  private Rerun() {}

  /** Remembers what runs. */
  public static void running(String propertyName, String seedUsed) {
    property = propertyName;
    seed = seedUsed;
  }

  /** Remembers the line that runs again what the current thread runs; null to forget it. */
  public static void by(String command) {
    OWN.set(command);
  }

  /** The line to type. */
  public static String command() {
    String own = OWN.get();
    if (own != null) {
      return own;
    }
    return property.isEmpty()
        ? "run the same test again"
        : "mvn verify -pl conformance -am -Dsurefire.failIfNoSpecifiedTests=false -Dtest="
            + property
            + " -Dconformance.seed="
            + seed;
  }
}
