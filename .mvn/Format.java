import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Checks ({@code check DIR}) or rewrites ({@code apply DIR}) every Java source below a folder,
 * build output apart, in google-java-format's style.
 *
 * <p>The build runs this file on the JDK that compiles the sources, because the formatter parses
 * with the compiler of the JDK it runs on: inside Maven's own, older JDK (where Spotless would run
 * it) it cannot read Java 25.
 */
final class Format {

  private Format() {}

  public static void main(String[] args) throws IOException {
    boolean apply = args[0].equals("apply");
    Path folder = Path.of(args[1]);
    boolean wrong = false;
    for (Path file : sources(folder)) {
      String before = Files.readString(file, UTF_8);
      String after;
      try {
        after = format(before);
      } catch (FormatterException e) {
        System.err.println("[ERROR] cannot format " + file + ": " + e.getMessage());
        wrong = true;
        continue;
      }
      if (after.equals(before)) {
        continue;
      }
      if (apply) {
        Files.writeString(file, after, UTF_8);
        System.out.println("formatted " + file);
      } else {
        System.err.println("[ERROR] not formatted: " + file);
        wrong = true;
      }
    }
    if (wrong) {
      System.err.println("[ERROR] To format every source: mvn -N -q -Pformat validate");
      System.exit(1);
    }
  }

  private static List<Path> sources(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !inBuildOutput(folder.relativize(file)))
          .sorted()
          .toList();
    }
  }

  private static boolean inBuildOutput(Path file) {
    for (Path part : file) {
      if (part.toString().equals("target")) {
        return true;
      }
    }
    return false;
  }

  private static String format(String source) throws FormatterException {
    String tidy = RemoveUnusedImports.removeUnusedImports(source);
    return new Formatter().formatSource(ImportOrderer.reorderImports(tidy, Style.GOOGLE));
  }
}
