module dev.octavo.vector {
  requires dev.octavo.api;
  requires jdk.incubator.vector;
}
