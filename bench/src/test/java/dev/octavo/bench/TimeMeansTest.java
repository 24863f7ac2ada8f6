package dev.octavo.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.bench.TimeRows.Row;
import dev.octavo.bench.measure.Timing;
import dev.octavo.bench.problem.ShapeGrammar;
import dev.octavo.bench.problem.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TimeMeansTest {

  private final List<Row> rows = new ArrayList<>();

  private void add(String backend, String gemm, Variant variant, String check, double seconds) {
    rows.add(
        new Row(
            backend,
            ShapeGrammar.gemms(gemm).getFirst(),
            1,
            variant,
            "kernel",
            check,
            Optional.of(new Timing(new double[] {seconds}, 1))));
  }

  @Test
  void ratiosAreMeansOverTheShapesThatBothDid() {
    add("native-avx2", "10,10,10", Variant.U8S8S32, "ok", 1);
    add("native-avx2", "20,20,20", Variant.U8S8S32, "ok", 1);
    add("native-avx2", "30,30,30", Variant.U8S8S32, "ok", 1);
    add("onednn-avx2", "10,10,10", Variant.U8S8S32, "wrong: 1 should be 2", 2);
    add("onednn-avx2", "20,20,20", Variant.U8S8S32, "ok", 8);
    add("float32-java", "10,10,10", Variant.F32, "ok", 9);
    add("float32-openblas", "10,10,10", Variant.F32, "ok", 3);
    String text = new TimeMeans(rows).ratios().markdown();
    assertTrue(
        text.contains(
            "| native-avx2 | onednn-avx2 | gemm | u8s8s32 | 1 | 2 | **4.00×** | 2.00× |"
                + " **wrong on 1 of 2** |"),
        text);
    assertTrue(
        text.contains(
            "| native-avx2 | best float32 | gemm | u8s8s32 | 1 | 1 | **3.00×** | 3.00× | right |"),
        text);
  }

  @Test
  void kindsAreNotMixed() {
    add("native-avx2", "10,10,10", Variant.U8S8S32, "ok", 2e-6);
    add("native-avx2", "10,10,10", Variant.U8S8U8, "ok", 2e-6);
    add("native-avx2", "20,10,10", Variant.U8S8S32, "ok", 1e-6);
    String text = new TimeMeans(rows).speeds().markdown();
    // 2,000 operations in 2 µs and 4,000 in 1 µs: 1 and 4 GOP/s.
    assertTrue(text.contains("| native-avx2 | gemm | u8s8s32 | 1 | 2 | 2.00 | right |"), text);
    assertTrue(text.contains("| native-avx2 | gemm | u8s8u8 | 1 | 1 | 1.00 | right |"), text);
  }
}
