package dev.octavo.panama;

import dev.octavo.panama.NativeLibrary.Unloadable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

/**
 * A file that nobody else can have written, and that is what it should be: alone in a fresh folder
 * of mode 0700, read back and compared with its SHA-256. {@link #close} deletes both.
 *
 * <p>The folder is made by mkdir, which follows no symbolic link and takes over nothing that exists
 * already; its name is random. Nobody may be able to put another folder in its place: see {@link
 * #requireSafe}. What processes that were killed have left behind, {@link Leftovers} deletes.
 */
record PrivateFile(Path path) implements AutoCloseable {
  static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private static final String ELSEWHERE = "; -Doctavo.native.tmpdir=<folder> names another folder";
  private static final int STICKY = 01000;
  private static final int WRITABLE_BY_OTHERS = 0002;
  private static final int ROOT = 0;

  /** Root, seen from a user namespace that has no name for it; and {@code nobody} elsewhere. */
  private static final int UNMAPPED = 65534;

  static PrivateFile create(Path parent, String name, byte[] content, String sha256)
      throws Unloadable {
    PrivateFile file = null;
    try {
      Path folder =
          Files.createTempDirectory(
              parent, Leftovers.prefix(), PosixFilePermissions.asFileAttribute(FOLDER));
      file = new PrivateFile(folder.resolve(name));
      file.requireSafe();
      file.write(content);
      file.requireOurs();
      file.requireSum(sha256);
      Leftovers.delete(folder, name);
      return file;
    } catch (IOException | UnsupportedOperationException e) {
      close(file);
      throw new Unloadable(
          "cannot unpack the native library in " + parent + " (" + e + ")" + ELSEWHERE);
    } catch (Unloadable e) {
      close(file);
      throw e;
    }
  }

  /**
   * A folder can be renamed, and another put in its place, by whoever may write to its parent
   * (unless that is sticky, as /tmp is) and by the parent's owner; and so can the parent, up to the
   * root.
   */
  private void requireSafe() throws IOException, Unloadable {
    Path folder = path.getParent().toRealPath();
    int us = (Integer) Files.getAttribute(folder, "unix:uid");
    for (Path p = folder.getParent(); p != null; p = p.getParent()) {
      int mode = (Integer) Files.getAttribute(p, "unix:mode");
      int owner = (Integer) Files.getAttribute(p, "unix:uid");
      if ((mode & WRITABLE_BY_OTHERS) != 0 && (mode & STICKY) == 0) {
        throw new Unloadable(
            p
                + " is not safe to unpack in: everybody may write there, and it is not sticky"
                + ELSEWHERE);
      }
      if (owner != us && owner != ROOT && owner != UNMAPPED) {
        throw new Unloadable(
            p
                + " is not safe to unpack in: it belongs to user "
                + owner
                + ", and we are user "
                + us
                + ELSEWHERE);
      }
    }
  }

  private void write(byte[] content) throws IOException {
    try (SeekableByteChannel channel =
        Files.newByteChannel(
            path,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(FILE))) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  /** The file is new, so it is ours; then the folder must be ours too, and closed to others. */
  private void requireOurs() throws IOException, Unloadable {
    PosixFileAttributes folder = attributes(path.getParent());
    PosixFileAttributes file = attributes(path);
    if (!folder.isDirectory()
        || !file.isRegularFile()
        || !folder.owner().equals(file.owner())
        || !folder.permissions().equals(FOLDER)
        || !file.permissions().equals(FILE)) {
      throw new Unloadable(
          String.format(
              "%s is not private: %s of %s, with a file %s of %s in it%s",
              path.getParent(),
              PosixFilePermissions.toString(folder.permissions()),
              folder.owner(),
              PosixFilePermissions.toString(file.permissions()),
              file.owner(),
              ELSEWHERE));
    }
  }

  static PosixFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private void requireSum(String sha256) throws IOException, Unloadable {
    try {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path));
      String found = HexFormat.of().formatHex(sum);
      if (!found.equalsIgnoreCase(sha256)) {
        throw new Unloadable(
            "the jar is damaged: the SHA-256 of its native library is "
                + found
                + ", and should be "
                + sha256
                + "; get the jar again");
      }
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void close(PrivateFile file) {
    if (file != null) {
      file.close();
    }
  }

  /** Deletes file and folder; on Linux a loaded library goes on without its file. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(path);
      Files.deleteIfExists(path.getParent());
    } catch (IOException e) {
      System.getLogger("dev.octavo")
          .log(System.Logger.Level.DEBUG, "left behind in the temporary folder: " + path, e);
    }
  }
}
