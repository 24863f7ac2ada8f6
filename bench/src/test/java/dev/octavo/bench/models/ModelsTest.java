package dev.octavo.bench.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class ModelsTest {

  static final List<String> NAMES = Models.NAMES;

  /** Every file states what others counted, and its own layers agree to the printed digits. */
  @ParameterizedTest
  @FieldSource("NAMES")
  void countsAgreeWithThePublishedOnes(String name) {
    Model model = Models.named(name);
    assertFalse(model.published().isEmpty());
    for (Published published : model.published()) {
      long count = published.counted(model);
      assertTrue(published.agreesWith(count), published + ", counted " + count);
    }
  }

  /** The same, exactly: what the lists have always added up to. */
  @ParameterizedTest
  @CsvSource({
    "vgg16,        138357544, 15470264320, 16, 12",
    "alexnet,       60965224,   724406816,  8,  8",
    "yolov3,        61949149, 32932037632, 75, 23",
    "resnet-50,     25557032,  4089184256, 54, 24",
    "mobilenet-v1,   4231976,   568740352, 28, 20",
    "mobilenet-v2,   3504872,   300774272, 53, 31",
    "bert-base,    109482240, 11174215680, 73,  4"
  })
  void totals(String name, long parameters, long multiplyAdds, int layers, int distinct) {
    Model model = Models.named(name);
    assertEquals(parameters, model.parameters());
    assertEquals(multiplyAdds, model.multiplyAdds());
    assertEquals(layers, model.layers().stream().filter(l -> l.problem().isPresent()).count());
    assertEquals(distinct, model.distinctProblems().size());
  }

  @Test
  void yoloAtTheSmallerSizeIsAsPublishedToo() {
    Model small = Models.named("yolov3", new Extent(320, 320, 3));
    Published published = Published.parse("38.97G operations pjreddie.com/darknet/yolo");
    assertTrue(published.agreesWith(2 * small.multiplyAdds()));
    assertEquals(Models.named("yolov3").parameters(), small.parameters());
  }

  @Test
  void yoloDetectsOnThreeScales() {
    List<Extent> heads =
        Models.named("yolov3").layers().stream()
            .map(Layer::out)
            .filter(e -> e.channels() == 255)
            .toList();
    assertEquals(
        List.of(new Extent(13, 13, 255), new Extent(26, 26, 255), new Extent(52, 52, 255)), heads);
  }

  @Test
  void int8WeightsTakeAQuarter() {
    Model model = Models.named("vgg16");
    assertEquals(4 * model.parameters(), model.float32Bytes());
    long biases = 13_416; // one for each output channel, four bytes in both
    assertEquals(model.parameters() - biases + 4 * biases, model.int8Bytes());
  }

  @Test
  void publishedNumbersAgreeToTheirPrintedDigits() {
    Published exact = Published.parse("15.5G multiply-adds  somewhere");
    assertTrue(exact.agreesWith(15_450_000_000L));
    assertFalse(exact.agreesWith(15_449_999_999L));
    assertFalse(exact.agreesWith(15_550_000_000L));
    Published about = Published.parse("about 60M parameters  somewhere");
    assertTrue(about.agreesWith(61_200_000));
    assertFalse(about.agreesWith(61_200_001));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      textBlock =
          """
          c conv 3x3 pad=1            ! line 4: expected 3 numbers joined by x, got "3x3"
          c conv 3x3xq                ! line 4: expected a whole number, got "q"
          c conv 9x9x4                ! line 4: padded image height 8 is smaller than the dilated kernel's 9
          c conv 3x3x4 pd=1           ! line 4: unknown options [pd]
          c conv 3x3x4 pad=1 pad=2    ! line 4: option "pad" appears twice
          c conv 3x3x4 in=b           ! line 4: no layer "b" above
          c add                       ! line 4: expected with=layer
          c fold 2x2                  ! line 4: unknown operation "fold"
          published many parameters x ! line 4: expected [about ]<number>M|G parameters|multiply-adds|operations <where>, got "many parameters x"
          # nothing                   ! a model needs a name, a source and layers
          """)
  void mistakesAreNamedWithTheirLine(String line, String message) {
    String text = "name X\nsource Y\ninput 8x8x3\n" + line;
    var error = assertThrows(IllegalArgumentException.class, () -> ModelReader.read(text, null));
    assertEquals(message, error.getMessage());
  }

  @Test
  void anUnknownModelIsAnsweredWithTheKnownOnes() {
    var error = assertThrows(IllegalArgumentException.class, () -> Models.named("lenet"));
    assertEquals(
        "no model \"lenet\"; there are vgg16, alexnet, resnet-50, yolov3, mobilenet-v1, mobilenet-v2,"
            + " bert-base",
        error.getMessage());
  }
}
