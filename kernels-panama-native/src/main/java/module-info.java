module dev.octavo.panama {
  requires dev.octavo.api;
}
