package dev.octavo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.function.Executable;

/** What a caller is told, word for word: one method for each kind of exception. */
final class Refusals {
  private Refusals() {}

  static void elsewhere(String message, Runnable code) throws InterruptedException {
    FutureTask<Object> task = new FutureTask<>(code, null);
    Thread other = new Thread(task, "other");
    other.start();
    other.join();
    Throwable thrown = assertThrows(ExecutionException.class, task::get).getCause();
    assertEquals(WrongThreadException.class, thrown.getClass());
    assertEquals(message + " than other", thrown.getMessage());
  }

  static void isNull(String what, Executable code) {
    assertEquals(what, assertThrows(NullPointerException.class, code).getMessage());
  }

  static void closed(String message, Executable code) {
    assertEquals(message, assertThrows(IllegalStateException.class, code).getMessage());
  }

  static void outOfBounds(String message, Executable code) {
    assertEquals(message, assertThrows(IndexOutOfBoundsException.class, code).getMessage());
  }

  static void refused(String message, Executable code) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, code).getMessage());
  }
}
