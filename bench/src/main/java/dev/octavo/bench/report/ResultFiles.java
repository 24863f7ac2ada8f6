package dev.octavo.bench.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of a run: JSON with everything in it, and what is made of that for other eyes. A file
 * is replaced in one step, so that whoever reads or interrupts finds the last whole one.
 */
public final class ResultFiles {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private final Path folder;
  private final String stem;
  private final List<String> written = new ArrayList<>();

  private ResultFiles(Path folder, String stem) {
    this.folder = folder;
    this.stem = stem;
  }

  /**
   * Files in a folder.
   *
   * @param folder made if need be
   * @param name of the files, without ending; null for one made of time and machine
   */
  public static ResultFiles in(Path folder, String name, Results results) throws IOException {
    Files.createDirectories(folder);
    String stem =
        results.started().replaceAll("[:Z]", "").replace('T', '-') + "-" + results.machine().slug();
    return new ResultFiles(folder, name == null ? stem : name);
  }

  /** Files beside a JSON file, with its name. */
  public static ResultFiles beside(Path json, Path folder) throws IOException {
    Files.createDirectories(folder);
    return new ResultFiles(folder, json.getFileName().toString().replaceFirst("\\.json$", ""));
  }

  /** The files written so far, for people. */
  public synchronized List<String> names() {
    return List.copyOf(written);
  }

  /** Writes all files. */
  public synchronized void write(Results results) throws IOException {
    writeData(results);
    render(results);
  }

  /** Writes the data: JSON and CSV. */
  public synchronized void writeData(Results results) throws IOException {
    file(".json", json(results));
    file(".csv", ResultCsv.of(results));
  }

  /** Writes what is made of the data for reading. */
  public synchronized void render(Results results) throws IOException {
    file(".md", Markdown.of(results));
    file(".html", Page.of(results));
  }

  private void file(String ending, String text) throws IOException {
    Path path = folder.resolve(stem + ending);
    Path part = folder.resolve(stem + ending + ".part");
    Files.writeString(part, text);
    Files.move(part, path, StandardCopyOption.REPLACE_EXISTING);
    if (!written.contains(path.toString())) {
      written.add(path.toString());
    }
  }

  /** Results as JSON, a line for each measurement. */
  public static String json(Results results) throws IOException {
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentObjectsWith(new Lines());
    printer.indentArraysWith(new Lines());
    return JSON.writer(printer).writeValueAsString(results) + "\n";
  }

  /** Begins lines only so deep that each measurement has one of its own. */
  private static final class Lines extends DefaultIndenter {
    private static final long serialVersionUID = 1;

    /** Results, suites, a suite, items, an item, entries. */
    private static final int MEASUREMENT = 6;

    Lines() {
      super(" ", "\n");
    }

    @Override
    public void writeIndentation(JsonGenerator to, int level) throws IOException {
      if (level <= MEASUREMENT) {
        super.writeIndentation(to, level);
      }
    }
  }

  /**
   * Reads results.
   *
   * @throws IOException if the file cannot be read, or holds no results of this version; the
   *     message says so
   */
  public static Results read(Path file) throws IOException {
    try {
      JsonNode json = JSON.readTree(Files.readString(file, StandardCharsets.UTF_8));
      int version = json.path("schemaVersion").asInt();
      if (version != Results.VERSION) {
        throw new IOException(
            "%s has schemaVersion %d, and this octavo reads %d"
                .formatted(file, version, Results.VERSION));
      }
      return JSON.treeToValue(json, Results.class);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no file " + file, e);
    } catch (JsonProcessingException e) {
      throw new IOException(
          "%s is no result of octavo bench: %s".formatted(file, e.getOriginalMessage()), e);
    }
  }
}
