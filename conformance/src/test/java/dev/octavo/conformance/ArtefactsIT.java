package dev.octavo.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.cyclonedx.Version;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.Hash;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The jars as they were built, which is after the tests: whoever takes one gets nothing else with
 * it, and its bill of materials says so.
 */
class ArtefactsIT {
  private static final String API = "kernels-api";
  private static final Map<String, Set<String>> REQUIRES =
      Map.of(
          API,
          Set.of("java.base"),
          "kernels-scalar",
          Set.of("java.base", "dev.octavo.api"),
          "kernels-vector",
          Set.of("java.base", "dev.octavo.api", "jdk.incubator.vector"),
          "kernels-panama-native",
          Set.of("java.base", "dev.octavo.api"));

  @ParameterizedTest
  @ValueSource(strings = {API, "kernels-scalar", "kernels-vector", "kernels-panama-native"})
  void aJarHoldsOctavoAndNamesNothingElse(String module) throws IOException {
    try (JarFile jar = new JarFile(jar(module).toFile())) {
      Attributes main = jar.getManifest().getMainAttributes();
      for (String redirects : List.of("Class-Path", "Launcher-Agent-Class", "Add-Opens")) {
        assertEquals(null, main.getValue(redirects), redirects);
      }
      List<String> strangers =
          jar.stream()
              .map(ZipEntry::getName)
              .filter(name -> !name.endsWith("/"))
              .filter(name -> !name.matches("dev/octavo/.*\\.(class|so|so\\.sha256)"))
              .filter(name -> !name.matches("module-info\\.class|META-INF/MANIFEST\\.MF"))
              .filter(name -> !name.equals("META-INF/services/dev.octavo.spi.BackendProvider"))
              .toList();
      assertEquals(List.of(), strangers);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {API, "kernels-scalar", "kernels-vector", "kernels-panama-native"})
  void aModuleRequiresTheApiAtMost(String module) {
    ModuleDescriptor descriptor =
        ModuleFinder.of(jar(module)).findAll().iterator().next().descriptor();
    assertTrue(!descriptor.isAutomatic(), "no module-info in " + jar(module));
    assertEquals(
        REQUIRES.get(module),
        descriptor.requires().stream().map(Requires::name).collect(Collectors.toSet()));
  }

  /** What the classes name, whatever the descriptor says. */
  @ParameterizedTest
  @ValueSource(strings = {API, "kernels-scalar", "kernels-vector", "kernels-panama-native"})
  void classesUseTheApiAtMost(String module) {
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    int status =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(
                out,
                out,
                "--multi-release=base",
                "--print-module-deps",
                "--no-recursive",
                "--module-path=" + jar(API),
                jar(module).toString());
    assertEquals(0, status, said::toString);
    Set<String> used = Stream.of(said.toString().strip().split(",")).collect(Collectors.toSet());
    assertTrue(REQUIRES.get(module).containsAll(used), said::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {API, "kernels-scalar", "kernels-vector", "kernels-panama-native"})
  void theBillOfMaterialsIsSoundAndListsTheApiAtMost(String module) throws Exception {
    File file = jar(module).resolveSibling("bom.json").toFile();
    boolean needed = Boolean.getBoolean("sbom.require");
    assumeTrue(needed || file.exists(), "made by mvn -Psbom");
    assertEquals(List.of(), new JsonParser().validate(file, Version.VERSION_16));
    Bom bom = new JsonParser().parse(file);
    assertNotNull(bom.getMetadata(), "no metadata");
    Component own = bom.getMetadata().getComponent();
    assertEquals("dev.octavo " + module, own.getGroup() + " " + own.getName());
    assertEquals("Apache-2.0", own.getLicenses().getLicenses().getFirst().getId());
    assertTrue(own.getPurl().startsWith("pkg:maven/dev.octavo/" + module + "@"), own.getPurl());
    List<Component> parts = bom.getComponents() == null ? List.of() : bom.getComponents();
    assertEquals(
        module.equals(API) ? List.of() : List.of(API),
        parts.stream().map(Component::getName).toList());
    for (Component part : parts) {
      Hash hash =
          part.getHashes().stream()
              .filter(h -> h.getAlgorithm().equals("SHA-256"))
              .findFirst()
              .orElseThrow();
      assertEquals(sha256(jar(part.getName())), hash.getValue(), part.getName());
    }
  }

  private static String sha256(Path file) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
  }

  private static Path jar(String module) {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(path -> path.getFileName().toString().matches(module + "-[\\d.]+.*\\.jar"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no jar of " + module + " was built"));
  }
}
