package dev.octavo.bench.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeGrammarTest {

  @Test
  void gemmsAreReadInOrderAndKeepTheirText() {
    List<ShapeGrammar.Given> shapes = ShapeGrammar.gemms("256,256,256; 1, 4096,11008 ;");
    assertEquals(2, shapes.size());
    assertEquals("1, 4096,11008", shapes.get(1).text());
    assertEquals(new Gemm(1, 4096, 11008), shapes.get(1).problem());
  }

  @Test
  void aConvolutionCountsLikeThePaperDoes() {
    Conv conv = conv("1,3,224,224,64,3,3,1,1");
    assertEquals(224, conv.outHeight());
    assertEquals(27, conv.depth());
    assertEquals(86_704_128, conv.multiplyAdds());
    assertEquals(1728, conv.weights());
    assertEquals(2.0 * 86_704_128, conv.operations());
  }

  @Test
  void padMayNameEachSide() {
    Conv conv = conv("2,8,10,12,16,3,5,2,0:1:2:3");
    assertEquals((10 + 0 + 2 - 3) / 2 + 1, conv.outHeight());
    assertEquals((12 + 1 + 3 - 5) / 2 + 1, conv.outWidth());
    assertEquals(1, conv.window().padLeft());
    assertEquals(3, conv.window().padRight());
  }

  @Test
  void groupsDivideTheWork() {
    Conv depthwise = conv("1,32,112,112,32,3,3,1,1,32");
    assertTrue(depthwise.isDepthwise());
    assertEquals(9, depthwise.depth());
    assertEquals(112L * 112 * 32 * 9, depthwise.multiplyAdds());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1,3,224,224,64,3,3,1,1",
        "1,96,27,27,256,5,5,1,2,2",
        "2,8,10,12,16,3,5,2,0:1:2:3",
        "1,4,20,20,4,3,3,1:2,1,4,2:1",
        "1,4,20,20,4,3,3,1,1,1,2"
      })
  void textIsReadBack(String text) {
    assertEquals(text, conv(text).text());
    assertEquals(conv(text), conv(conv(text).text()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2,3               | gemm "2,3": expected M,N,K, got 2 numbers
          2,x,4             | gemm "2,x,4": N must be a whole number, got "x"
          2,,4              | gemm "2,,4": N must be a whole number, got ""
          0,3,4             | gemm "0,3,4": M must be at least 1, got 0
          2,3,-4            | gemm "2,3,-4": K must be at least 1, got -4
          99999,99999,1     | gemm "99999,99999,1": M·N = 9999800001 elements is more than this bench handles (536870911)
          99999999999,1,1   | gemm "99999999999,1,1": M must be a whole number, got "99999999999"
          ;                 | gemm ";": no shape given
          """)
  void badGemmsAreNamed(String text, String message) {
    var error = assertThrows(IllegalArgumentException.class, () -> ShapeGrammar.gemms(text));
    assertEquals(message, error.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1,3,8,8,4,3,3,1             | expected N,C,H,W,OC,KH,KW,stride,pad[,groups[,dilation]], got 8 fields
          1,3,8,8,4,3,3,1,1:1         | pad must be one number or top:left:bottom:right, got "1:1"
          1,3,8,8,4,3,3,1:1:1,1       | stride must be one number or height:width, got "1:1:1"
          1,3,8,8,4,3,3,0,1           | stride height must be at least 1, not 0
          1,3,8,8,4,3,3,1,1,2         | groups 2 must divide the input channels 3 and the output channels 4
          1,3,2,8,4,3,3,1,0           | padded image height 2 is smaller than the dilated kernel's 3
          1,3,8,8,4,3,3,1,-1          | top padding must be at least 0, not -1
          """)
  void badConvolutionsAreNamed(String text, String message) {
    var error = assertThrows(IllegalArgumentException.class, () -> ShapeGrammar.convs(text));
    assertEquals("conv \"" + text + "\": " + message, error.getMessage());
  }

  private static Conv conv(String text) {
    return (Conv) ShapeGrammar.convs(text).getFirst().problem();
  }
}
