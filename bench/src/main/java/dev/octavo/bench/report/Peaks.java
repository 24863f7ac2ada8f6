package dev.octavo.bench.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What one core of a machine can do at most, measured: multiply-adds on registers alone, and reads
 * of blocks that fit a cache or none.
 *
 * @param compute the arithmetic, slowest first
 * @param memory the reads, from the first cache to memory
 * @param missing what could not be measured, and why
 */
public record Peaks(List<Compute> compute, List<Memory> memory, List<String> missing) {

  /** What is multiplied. */
  public enum Arithmetic {
    @JsonProperty("float32")
    FLOAT32,
    @JsonProperty("int8")
    INT8
  }

  /**
   * A loop of multiply-adds on registers.
   *
   * @param id such as {@code native-avx512vnni}: the backend whose limit this is, or {@code
   *     float32-512}
   * @param what the instruction
   * @param gops operations per nanosecond, two for each multiply-add
   */
  public record Compute(String id, Arithmetic arithmetic, String what, double gops) {}

  /**
   * Reading a block over and over.
   *
   * @param level {@code L1d}, {@code L2}, {@code L3} or {@code memory}
   * @param capacity bytes of that cache; of the memory
   * @param block bytes that were read
   * @param gbps bytes per nanosecond
   */
  public record Memory(String level, long capacity, long block, double gbps) {}

  /** The most of a backend's arithmetic; empty if not measured. */
  public OptionalDouble of(String id) {
    return compute.stream().filter(c -> c.id().equals(id)).mapToDouble(Compute::gops).findFirst();
  }

  /** The best of a kind of arithmetic on this machine. */
  public OptionalDouble best(Arithmetic arithmetic) {
    return compute.stream()
        .filter(c -> c.arithmetic() == arithmetic)
        .mapToDouble(Compute::gops)
        .max();
  }

  /** The level of the smallest cache that holds so many bytes, or else memory. */
  public Memory holding(double bytes) {
    return memory.stream()
        .sorted(Comparator.comparingLong(Memory::capacity))
        .filter(m -> bytes <= m.capacity())
        .findFirst()
        .orElse(memory.getLast());
  }

  /**
   * The most that one core could reach on a problem, the roof of the roofline: its arithmetic, or
   * reading its operands once from where they fit.
   *
   * @param peak of the arithmetic, operations per nanosecond
   * @param bytes of all operands
   */
  public double roof(double peak, double operations, double bytes) {
    return memory.isEmpty() ? peak : Math.min(peak, operations / bytes * holding(bytes).gbps());
  }
}
