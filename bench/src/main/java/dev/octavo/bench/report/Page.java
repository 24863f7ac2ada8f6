package dev.octavo.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A report as one HTML page that loads nothing: style, script, plotting library and data are all in
 * it. The tables are HTML and can be read without any script.
 */
final class Page {

  /** Apache ECharts in the build with lines, bars and points only. */
  private static final String ECHARTS = "META-INF/resources/webjars/echarts/5.3.1/";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z]+)}}");

  private Page() {}

  static String of(Results results) throws IOException {
    PageText text = new PageText(results);
    return PLACE
        .matcher(resource("report.html"))
        .replaceAll(place -> Matcher.quoteReplacement(part(place.group(1), results, text)));
  }

  private static String part(String name, Results results, PageText text) {
    try {
      return switch (name) {
        case "title" -> PageText.escaped(text.title());
        case "headline" -> text.headline();
        case "hspeedup" -> PageText.escaped(Headings.speedUp(results));
        case "hcontenders" -> PageText.escaped(Headings.contenders(results));
        case "hroofline" -> PageText.escaped(Headings.roofline(results));
        case "hscaling" -> PageText.escaped(Headings.scaling(results));
        case "hmemory" -> PageText.escaped(Headings.memory(results));
        case "facts" -> text.facts();
        case "models" -> Tables.models(results.suites()).html();
        case "tables" -> text.tables();
        case "peaks" -> text.peaks();
        case "method" -> text.method();
        case "style" -> resource("report.css");
        case "echarts" -> echarts("dist/echarts.common.min.js");
        case "notices" ->
            PageText.escaped(echarts("NOTICE") + "\n" + echarts("licenses/LICENSE-d3"));
        case "script" -> resource("report.js");
        case "data" -> data(results);
        default -> throw new IllegalArgumentException("report.html asks for " + name);
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String data(Results results) throws JsonProcessingException {
    // Inside a script element only "<" could end it.
    return JSON.writeValueAsString(PageData.of(results)).replace("<", "\\u003c");
  }

  private static String resource(String name) throws IOException {
    return read(Page.class.getResourceAsStream(name), name);
  }

  private static String echarts(String file) throws IOException {
    return read(Page.class.getClassLoader().getResourceAsStream(ECHARTS + file), file);
  }

  private static String read(InputStream in, String name) throws IOException {
    if (in == null) {
      throw new IOException(name + " is not on the class path");
    }
    try (in) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
