module dev.octavo.scalar {
  requires dev.octavo.api;
}
