package dev.octavo.bench.measure;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Whether the JIT compiler is at work. A kernel that is timed while its compilation waits in a
 * queue is timed in the interpreter, and with the Vector API that is a hundred times slower; how
 * long it waits depends on what else the machine does, so no fixed warm-up is long enough.
 */
final class JitCompiler {

  private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

  private JitCompiler() {}

  /** True if HotSpot's optimizing compiler compiles or has something to compile. */
  static boolean isBusy() {
    try {
      ObjectName commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
      return isBusy((String) SERVER.invoke(commands, "compilerQueue", null, null));
    } catch (JMException e) {
      return false; // another JVM, which does not tell
    }
  }

  /**
   * Reads what {@code jcmd Compiler.queue} prints: compilations under way, a line each that begins
   * with the thread's name, then the queues of C1 and C2, which say {@code Empty} when they are.
   */
  static boolean isBusy(String queues) {
    int queue = queues.indexOf("C2 compile queue:");
    if (queue < 0) {
      return false;
    }
    boolean waiting =
        !queues.substring(queue).lines().skip(1).findFirst().orElse("").equals("Empty");
    return waiting || queues.lines().anyMatch(line -> line.startsWith("C2 CompilerThread"));
  }
}
