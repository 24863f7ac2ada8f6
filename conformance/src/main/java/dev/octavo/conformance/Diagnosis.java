package dev.octavo.conformance;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Why a trial failed, for somebody who has to find out: the first bad cell and its neighbourhood,
 * who agrees with whom, what ran, and how to run it again.
 */
final class Diagnosis {
  private static final int NEIGHBOURS = 4;

  private final Problem problem;
  private final Grid grid;
  private final Answer expected;
  private final StringBuilder text = new StringBuilder();

  private Diagnosis(Problem problem, Answer expected) {
    this.problem = problem;
    this.grid = problem.outputGrid();
    this.expected = expected;
  }

  /** The diagnosis, or empty if every outcome is the expected answer. */
  static Optional<String> of(
      Problem problem, Circumstances circumstances, Answer expected, List<Outcome> outcomes) {
    Diagnosis diagnosis = new Diagnosis(problem, expected);
    List<Outcome> wrong = outcomes.stream().filter(o -> !diagnosis.right(o)).toList();
    if (wrong.isEmpty()) {
      return Optional.empty();
    }
    diagnosis.line("%s", "wrong: " + ids(wrong) + " of " + ids(outcomes));
    diagnosis.line("  problem        %s", problem);
    diagnosis.line("  circumstances  %s", circumstances);
    for (Outcome outcome : wrong) {
      diagnosis.line("  %s, %s", outcome.backend().id(), outcome.kernel());
      outcome.failure().ifPresent(diagnosis::failure);
      outcome.answer().ifPresent(diagnosis::cells);
    }
    diagnosis.line("  agreement      %s", diagnosis.agreement(outcomes));
    for (Outcome outcome : outcomes) {
      diagnosis.line("  plan           %s", outcome.plan().map(Object::toString).orElse("none"));
    }
    diagnosis.line("  rerun          %s", Rerun.command());
    return Optional.of(diagnosis.text.toString());
  }

  private static String ids(List<Outcome> outcomes) {
    return outcomes.stream().map(o -> o.backend().id()).collect(Collectors.joining(", "));
  }

  private void line(String format, Object... arguments) {
    text.append(String.format(format, arguments)).append(System.lineSeparator());
  }

  private boolean right(Outcome outcome) {
    return outcome.answer().filter(answer -> expected.same(answer, grid)).isPresent();
  }

  private void failure(Throwable thrown) {
    line("    threw %s", thrown);
    Arrays.stream(thrown.getStackTrace())
        .takeWhile(frame -> !frame.getClassName().equals(Trial.class.getName()))
        .forEach(frame -> line("      at %s", frame));
    if (thrown.getCause() != null) {
      failure(thrown.getCause());
    }
  }

  private void cells(Answer got) {
    if (!Arrays.equals(expected.scales(), got.scales())
        || !Arrays.equals(expected.zeroPoints(), got.zeroPoints())) {
      line(
          "    parameters: expected scales %s and zero points %s, got %s and %s",
          Arrays.toString(expected.scales()),
          Arrays.toString(expected.zeroPoints()),
          Arrays.toString(got.scales()),
          Arrays.toString(got.zeroPoints()));
    }
    List<Integer> offsets = expected.differences(got, grid);
    if (offsets.isEmpty()) {
      return;
    }
    int first = offsets.getFirst();
    Optional<int[]> cell = grid.cellAt(first);
    if (cell.isEmpty()) {
      line(
          "    byte %d, between the cells of the %s, was overwritten with %d; %d differences in all",
          first, grid, got.output()[first], offsets.size());
      return;
    }
    line(
        "    first bad cell %s (byte %d): expected %s, got %s; %d of %d cells differ",
        grid.describe(cell.get()),
        first,
        Cells.show(grid.type(), expected.segment(), first),
        Cells.show(grid.type(), got.segment(), first),
        offsets.size(),
        grid.count());
    neighbourhood(got, cell.get());
  }

  /** The cells around the first bad one, along the last two axes; a wrong one as got≠expected. */
  private void neighbourhood(Answer got, int[] centre) {
    int last = centre.length - 1;
    int[] extents = grid.extents();
    for (int row = Math.max(0, centre[last - 1] - 1);
        row < Math.min(extents[last - 1], centre[last - 1] + NEIGHBOURS - 1);
        row++) {
      int[] at = centre.clone();
      at[last - 1] = row;
      StringBuilder cells = new StringBuilder();
      int from = Math.max(0, centre[last] - NEIGHBOURS);
      for (int column = from;
          column < Math.min(extents[last], from + 2 * NEIGHBOURS + 1);
          column++) {
        at[last] = column;
        cells.append(String.format("%16s", cell(got.segment(), grid.offset(at))));
      }
      at[last] = from;
      line("      %-18s %s", grid.describe(at) + " …", cells);
    }
  }

  private String cell(MemorySegment got, int offset) {
    String shown = Cells.show(grid.type(), got, offset);
    return Cells.same(grid.type(), expected.segment(), got, offset)
        ? shown
        : shown + "≠" + Cells.show(grid.type(), expected.segment(), offset);
  }

  private String agreement(List<Outcome> outcomes) {
    Map<Integer, List<String>> camps = new LinkedHashMap<>();
    List<Answer> answers = new ArrayList<>(List.of(expected));
    camps.put(0, new ArrayList<>(List.of("oracle")));
    for (Outcome outcome : outcomes) {
      Optional<Answer> answer = outcome.answer();
      if (answer.isEmpty()) {
        continue;
      }
      int camp = 0;
      while (camp < answers.size() && !answers.get(camp).same(answer.get(), grid)) {
        camp++;
      }
      if (camp == answers.size()) {
        answers.add(answer.get());
      }
      camps.computeIfAbsent(camp, c -> new ArrayList<>()).add(outcome.backend().id());
    }
    return camps.values().stream()
        .map(camp -> String.join(" = ", camp))
        .collect(Collectors.joining("  |  "));
  }
}
