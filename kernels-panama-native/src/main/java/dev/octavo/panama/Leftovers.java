package dev.octavo.panama;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process left in the temporary folder when it was killed before it could tidy up, a matter
 * of milliseconds. The next process of the same user deletes it.
 *
 * <p>Only what is beyond doubt: a folder of ours in every respect ({@link PrivateFile}), which
 * names a process that does not live, is ten minutes old, and holds nothing but the one file. Age,
 * because a container may share the folder but not the numbers of processes.
 */
final class Leftovers {
  private static final Pattern NAME = Pattern.compile("octavo-([0-9]{1,9})-[0-9]+");
  private static final Duration AGE = Duration.ofMinutes(10);

  private Leftovers() {}

  /** How the name of a folder of this process begins. */
  static String prefix() {
    return "octavo-" + ProcessHandle.current().pid() + "-";
  }

  /** Deletes those beside our own folder. What cannot be deleted stays: it does no harm. */
  static void delete(Path own, String file) {
    try (DirectoryStream<Path> beside = Files.newDirectoryStream(own.getParent(), "octavo-*-*")) {
      PosixFileAttributes ours = PrivateFile.attributes(own);
      for (Path folder : beside) {
        delete(folder, file, ours);
      }
    } catch (IOException | DirectoryIteratorException e) {
      debug(own.getParent(), e);
    }
  }

  private static void delete(Path folder, String file, PosixFileAttributes ours) {
    try {
      if (isLeftover(folder, ours)) {
        Files.deleteIfExists(folder.resolve(file));
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      debug(folder, e);
    }
  }

  private static void debug(Path where, Exception e) {
    System.getLogger("dev.octavo").log(System.Logger.Level.DEBUG, "cannot tidy up " + where, e);
  }

  private static boolean isLeftover(Path folder, PosixFileAttributes ours) throws IOException {
    Matcher name = NAME.matcher(folder.getFileName().toString());
    if (!name.matches() || ProcessHandle.of(Long.parseLong(name.group(1))).isPresent()) {
      return false;
    }
    PosixFileAttributes theirs = PrivateFile.attributes(folder);
    return theirs.isDirectory()
        && theirs.owner().equals(ours.owner())
        && theirs.permissions().equals(PrivateFile.FOLDER)
        && theirs.lastModifiedTime().compareTo(FileTime.from(Instant.now().minus(AGE))) < 0;
  }
}
