package dev.octavo.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octavo.Availability;
import org.junit.jupiter.api.Test;

class MachineTest {
  private static final String VM = "OpenJDK 64-Bit Server VM";
  private static final String MIXED = "mixed mode, sharing";

  @Test
  void usableUpToThePreferredWidth() {
    assertEquals(Availability.USABLE, Machine.availability(128, 256, VM, MIXED, "amd64"));
    assertEquals(Availability.USABLE, Machine.availability(256, 256, VM, MIXED, "amd64"));
    refused(Machine.availability(512, 256, VM, MIXED, "amd64"), "256-bit");
  }

  @Test
  void neonIsUsableAt128() {
    assertEquals(Availability.USABLE, Machine.availability(128, 128, VM, MIXED, "aarch64"));
  }

  @Test
  void withoutAvx2IntegersAreSlow() {
    refused(Machine.availability(128, 128, VM, MIXED, "amd64"), "-XX:UseAVX");
  }

  @Test
  void withoutC2() {
    String client = "mixed mode, emulated-client, sharing";
    refused(Machine.availability(256, 512, VM, client, "amd64"), "-XX:TieredStopAtLevel");
    refused(Machine.availability(256, 512, VM, "interpreted mode", "amd64"), "-Xint");
  }

  @Test
  void notHotSpot() {
    refused(Machine.availability(256, 512, "Eclipse OpenJ9 VM", MIXED, "amd64"), "OpenJ9");
  }

  /** Right but slow: tested, never chosen, with a reason. */
  private static void refused(Availability availability, String reason) {
    assertInstanceOf(Availability.Emulated.class, availability);
    assertTrue(availability.reason().contains(reason), availability.reason());
  }
}
