package dev.octavo.conformance.vectors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.octavo.Availability;
import dev.octavo.Backends;
import dev.octavo.conformance.Answer;
import dev.octavo.conformance.vectors.VectorCase.Part;
import dev.octavo.conformance.vectors.VectorCase.Result;
import dev.octavo.conformance.vectors.VectorCase.Status;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every outside case, on the oracles and on every backend. */
class SharedVectorsTest {
  @TestFactory
  Stream<DynamicTest> oraclesGiveTheOutsideAnswer() {
    return SharedVectors.all().stream()
        .map(
            vector ->
                dynamicTest(
                    vector.name(),
                    () -> {
                      for (Part part : vector.parts()) {
                        Answer answer = part.problem().answer();
                        assertArrayEquals(part.expected().output(), answer.output());
                        assertArrayEquals(part.expected().scales(), answer.scales());
                        assertArrayEquals(part.expected().zeroPoints(), answer.zeroPoints());
                      }
                    }));
  }

  @TestFactory
  Stream<DynamicTest> backendsGiveTheOutsideAnswer() {
    return Backends.list().stream()
        .filter(backend -> !(backend.availability() instanceof Availability.Unusable))
        .flatMap(
            backend ->
                SharedVectors.all().stream()
                    .map(
                        vector ->
                            dynamicTest(
                                backend.id() + " " + vector.name(),
                                () -> {
                                  Result result = vector.run(backend);
                                  assertEquals(Status.PASS, result.status(), result::detail);
                                })));
  }
}
