package dev.octavo.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;

class PageTest {

  /** The name of a model that would break the page if it were not escaped. */
  private static final String MODEL = "Model </script><b>one</b> & \"two\"";

  private static Document parsed(String html) {
    Parser parser = Parser.htmlParser().setTrackErrors(20);
    Document page = parser.parseInput(html, "");
    assertEquals(List.of(), parser.getErrors());
    return page;
  }

  @Test
  void thePageIsWellFormedAndLoadsNothing() throws IOException {
    String html = Page.of(SampleResults.of(1));
    Document page = parsed(html);
    assertEquals(List.of(), page.select("[src], [href], link, iframe, object, img").eachText());
    for (Element style : page.select("style")) {
      assertFalse(style.data().contains("url("), "styles load nothing");
      assertFalse(style.data().contains("@import"), "styles load nothing");
    }
    String own = page.select("script").last().data();
    for (String way : List.of("fetch(", "XMLHttpRequest", "import(", "http:", "https:")) {
      assertFalse(own.contains(way), way);
    }
    assertTrue(html.getBytes(StandardCharsets.UTF_8).length < 1_300_000);
    assertFalse(html.contains("{{"), "a place in the template was left empty");
  }

  @Test
  void theLicenceOfThePlotsIsKept() throws IOException {
    String html = Page.of(SampleResults.of(1));
    assertTrue(html.contains("Licensed to the Apache Software Foundation"), "the library's notice");
    assertTrue(parsed(html).select("footer").text().contains("Apache License 2.0"));
  }

  @Test
  void namesAreEscapedAndTheDataCanBeRead() throws IOException {
    Document page = parsed(Page.of(SampleResults.of(1)));
    assertTrue(page.select("summary").first().text().startsWith(MODEL));
    JsonNode data = new ObjectMapper().readTree(page.select("#data").first().data());
    JsonNode model = data.get("models").get(0);
    assertEquals(MODEL, model.get("name").asText());
    assertEquals(2, model.get("runs").size());
    assertEquals(14, model.get("runs").get(0).get("layers").size());
    JsonNode layer = model.get("runs").get(0).get("layers").get(1);
    assertEquals(
        layer.get("float32").get("milliseconds").asDouble()
            / layer.get("int8").get("milliseconds").asDouble(),
        layer.get("speedUp").asDouble(),
        1e-9);
    assertEquals("float32-vector", layer.get("float32").get("by").asText());
    assertEquals("native-avx512vnni", layer.get("int8").get("by").asText());
  }

  @Test
  void aWrongPeerIsMarkedInTableAndPlot() throws IOException {
    Document page = parsed(Page.of(SampleResults.of(1)));
    assertTrue(page.select("td.bad").eachText().stream().anyMatch(t -> t.endsWith("WRONG")));
    JsonNode data = new ObjectMapper().readTree(page.select("#data").first().data());
    for (JsonNode c : data.get("models").get(0).get("runs").get(0).get("contenders")) {
      assertEquals(c.get("id").asText().equals("onednn") ? 1 : 0, c.get("wrong").asInt());
    }
  }

  @Test
  void theTablesTellHowFarFromTheLimit() throws IOException {
    Document page = parsed(Page.of(SampleResults.of(1)));
    Element table = page.select("details table").first();
    int column = table.select("th").stream().map(Element::text).toList().indexOf("of the limit");
    assertTrue(table.select("tbody tr").first().child(column).text().matches("\\d+ %"));
  }

  @Test
  void markdownHasTheSameTables() {
    String text = Markdown.of(SampleResults.of(1));
    assertTrue(text.contains("| layer1 "), text.substring(0, 500));
    assertTrue(text.contains("WRONG"), "a wrong peer is marked");
    assertTrue(text.contains("native-avx512vnni"));
  }
}
