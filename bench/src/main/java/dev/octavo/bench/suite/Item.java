package dev.octavo.bench.suite;

import dev.octavo.bench.measure.Task;
import dev.octavo.bench.problem.Problem;
import java.util.List;
import java.util.function.Supplier;

/**
 * A distinct problem of a suite, and the layers that pose it.
 *
 * @param layers their names; a layer that poses the same problem takes the same time
 * @param variant number formats of the int8 task
 * @param int8 makes the int8 task
 * @param float32 makes the float32 task; null if an item before has it
 * @param int8Cropped makes a smaller int8 task, to check slow contenders on; null if the whole must
 *     be checked
 * @param float32Cropped the same in float32
 */
public record Item(
    List<String> layers,
    Problem problem,
    String variant,
    Supplier<Task> int8,
    Supplier<Task> float32,
    Supplier<Task> int8Cropped,
    Supplier<Task> float32Cropped) {

  /** How often the problem is posed. */
  public int count() {
    return layers.size();
  }

  /** {@code conv3_2} or {@code conv3_2 +1}. */
  public String label() {
    return count() == 1 ? layers.getFirst() : layers.getFirst() + " +" + (count() - 1);
  }
}
