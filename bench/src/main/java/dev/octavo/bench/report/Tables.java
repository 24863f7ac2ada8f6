package dev.octavo.bench.report;

import dev.octavo.bench.problem.Conv;
import dev.octavo.bench.problem.Gemm;
import dev.octavo.bench.problem.Problem;
import dev.octavo.bench.problem.ShapeGrammar;
import dev.octavo.bench.report.Results.Entry;
import dev.octavo.bench.report.Results.ItemResult;
import dev.octavo.bench.report.Results.Kind;
import dev.octavo.bench.report.Results.SuiteResult;
import dev.octavo.bench.report.Table.Cell;
import dev.octavo.bench.report.Table.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** The tables of a suite. */
public final class Tables {

  private static final int BAR = 24;

  private Tables() {}

  /**
   * Milliseconds of each layer by each backend, beside the best float32; and how far the chosen
   * backend is from the limit.
   *
   * @param peaks null if not measured
   */
  public static Table layers(Summary summary, Peaks peaks) {
    List<String> backends = new ArrayList<>(summary.contenders(Kind.BACKEND));
    backends.addAll(summary.contenders(Kind.PEER));
    boolean limits = peaks != null && summary.threads() == 1;
    List<String> heads = new ArrayList<>(List.of("layer", "", ">M\nmult-adds"));
    heads.addAll(List.of(">float32\nbest ms", "by", ">int8 is\nfaster"));
    if (limits) {
      heads.add(">of the\nlimit");
    }
    backends.forEach(b -> heads.add(">" + twoLines(b)));
    Table table = new Table(heads);
    for (ItemResult item : summary.suite().items()) {
      List<Object> row = new ArrayList<>();
      row.add(label(item));
      row.add(describe(item));
      row.add(Numbers.digits(item.multiplyAdds() / 1e6));
      Optional<Entry> best = Summary.bestFloat32(item);
      row.add(best.map(Tables::milliseconds).orElse("–"));
      row.add(best.map(e -> e.contender().replace("float32-", "")).orElse(""));
      row.add(speedUp(Summary.speedUp(item)));
      if (limits) {
        OptionalDouble reached =
            Summary.chosen(item)
                .map(e -> Limits.reached(item, e, peaks))
                .orElse(OptionalDouble.empty());
        row.add(reached.isPresent() ? Math.round(100 * reached.getAsDouble()) + " %" : "");
      }
      for (String backend : backends) {
        row.add(Summary.any(item, backend).map(Tables::cell).orElse(Cell.of("")));
      }
      table.row(row);
    }
    return table;
  }

  /** Time and speed of each contender over all layers: float32, then int8, then peers. */
  public static Table totals(Summary summary) {
    Table table = new Table("all layers", "", ">time", ">GOP/s", ">against best\nfloat32", "");
    OptionalDouble best = summary.seconds(Summary::bestFloat32);
    double fastest =
        Stream.of(Kind.values())
            .flatMap(k -> summary.contenders(k).stream())
            .map(summary::seconds)
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .min()
            .orElse(1);
    for (String contender : summary.contenders(Kind.FLOAT32)) {
      table.row(total(summary, "float32", contender, best, fastest));
    }
    best.ifPresent(
        b ->
            table.row(
                "float32", "best of each layer", Numbers.seconds(b), gops(summary, b), "", ""));
    table.rule();
    for (String contender : summary.contenders(Kind.BACKEND)) {
      table.row(total(summary, "int8", contender, best, fastest));
    }
    List<String> peers = summary.contenders(Kind.PEER);
    if (!peers.isEmpty()) {
      table.rule();
      peers.forEach(p -> table.row(total(summary, "int8 peer", p, best, fastest)));
    }
    return table;
  }

  private static List<Object> total(
      Summary summary, String kind, String contender, OptionalDouble best, double fastest) {
    OptionalDouble seconds = summary.seconds(contender);
    if (seconds.isEmpty()) {
      return List.of(kind, contender, "–", "", "", whyNot(summary, contender));
    }
    double s = seconds.getAsDouble();
    return List.of(
        kind,
        contender,
        Numbers.seconds(s),
        gops(summary, s),
        best.isPresent() ? Numbers.times(best.getAsDouble() / s) : "",
        bar(fastest / s));
  }

  /** Why there is no sum: wrong results, or layers that it did not do and what it said of them. */
  private static Cell whyNot(Summary summary, String contender) {
    List<ItemResult> items = summary.suite().items();
    List<Entry> entries = items.stream().flatMap(i -> Summary.any(i, contender).stream()).toList();
    if (entries.stream().anyMatch(Entry::isWrong)) {
      return new Cell("WRONG results", Style.BAD);
    }
    List<String> reasons =
        entries.stream()
            .filter(e -> !e.isTimed())
            .map(e -> e.check().detail())
            .filter(d -> d != null && !d.isBlank())
            .distinct()
            .toList();
    long done = entries.stream().filter(Entry::isTimed).count();
    String which = done == 0 ? "no layer" : "%d of %d layers".formatted(done, items.size());
    return Cell.of(reasons.size() == 1 ? which + ": " + reasons.getFirst() : which);
  }

  /** A line for each model and number of threads: float32, int8, and how much faster that is. */
  public static Table models(List<SuiteResult> suites) {
    Table table =
        new Table("", ">threads", ">float32", "best float32 is", ">int8", "by", ">speed-up", "");
    double most =
        suites.stream()
            .flatMap(s -> Summary.threads(s).stream().map(t -> Summary.of(s, t).speedUp()))
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .max()
            .orElse(1);
    for (SuiteResult suite : suites) {
      for (int threads : Summary.threads(suite)) {
        Summary s = Summary.of(suite, threads);
        OptionalDouble ratio = s.speedUp();
        table.row(
            suite.name(),
            threads,
            seconds(s.seconds(Summary::bestFloat32)),
            s.who(Summary::bestFloat32),
            seconds(s.seconds(Summary::chosen)),
            s.who(Summary::chosen),
            speedUp(ratio),
            ratio.isPresent() ? bar(ratio.getAsDouble() / most) : "");
      }
    }
    return table;
  }

  private static String seconds(OptionalDouble seconds) {
    return seconds.isPresent() ? Numbers.seconds(seconds.getAsDouble()) : "–";
  }

  private static String gops(Summary summary, double seconds) {
    return Numbers.digits(summary.operations() / seconds * 1e-9);
  }

  /** A bar with eighths of a cell. */
  public static String bar(double part) {
    int eighths = (int) Math.round(part * BAR * 8);
    String rest = eighths % 8 == 0 ? "" : Character.toString("▏▎▍▌▋▊▉".charAt(eighths % 8 - 1));
    return "█".repeat(eighths / 8) + rest;
  }

  /** {@code conv3_2 +1}: the first layer's name and how many more there are. */
  public static String label(ItemResult item) {
    int more = item.layers().size() - 1;
    return shortened(item.layers().getFirst()) + (more == 0 ? "" : " +" + more);
  }

  /** The telling part of a node's path: {@code layer.0/attention/self/query}. */
  public static String shortened(String name) {
    String[] parts = name.replaceFirst("^/", "").split("/");
    int end =
        parts.length > 1 && parts[parts.length - 1].matches("(?i)(matmul|conv|gemm).*") ? 1 : 0;
    String path = "";
    for (int i = parts.length - 1 - end; i >= 0; i--) {
      String longer = path.isEmpty() ? parts[i] : parts[i] + "/" + path;
      if (longer.length() > 30 && !path.isEmpty()) {
        break;
      }
      path = longer;
    }
    return path;
  }

  private static Problem problem(ItemResult item) {
    return (item.kind().equals("gemm")
            ? ShapeGrammar.gemms(item.shape())
            : ShapeGrammar.convs(item.shape()))
        .getFirst()
        .problem();
  }

  static boolean isDepthwise(ItemResult item) {
    return problem(item) instanceof Conv c && c.isDepthwise();
  }

  /** A shape as people speak of it: {@code 3×3 /2 64→128 on 56×56}. */
  public static String describe(ItemResult item) {
    Problem problem = problem(item);
    return switch (problem) {
      case Gemm g -> (g.m() == 1 ? "" : g.m() + " × ") + g.k() + "→" + g.n();
      case Conv c -> {
        String kernel = c.window().kernelHeight() + "×" + c.window().kernelWidth();
        String stride = c.window().strideHeight() == 1 ? "" : " /" + c.window().strideHeight();
        String channels =
            c.isDepthwise()
                ? c.channels() + " depthwise"
                : c.channels()
                    + "→"
                    + c.outChannels()
                    + (c.groups() > 1 ? " in " + c.groups() : "");
        yield "%s%s %s on %d×%d".formatted(kernel, stride, channels, c.height(), c.width());
      }
    };
  }

  private static Cell cell(Entry e) {
    if (e.isWrong()) {
      return new Cell((e.isTimed() ? milliseconds(e) + " " : "") + "WRONG", Style.BAD);
    }
    return e.isTimed() ? new Cell(milliseconds(e), Style.PLAIN) : new Cell("–", Style.FAINT);
  }

  private static String milliseconds(Entry e) {
    return (e.isEstimate() ? "~" : "") + Numbers.milliseconds(e.median());
  }

  /** A ratio, set off where int8 wins. */
  public static Cell speedUp(OptionalDouble ratio) {
    if (ratio.isEmpty()) {
      return Cell.of("");
    }
    double r = ratio.getAsDouble();
    return new Cell(Numbers.times(r), r >= 1 ? Style.GOOD : Style.PLAIN);
  }

  /** {@code vector-512} becomes {@code vector} over {@code 512}. */
  private static String twoLines(String id) {
    return id.replaceFirst("-", "\n");
  }
}
