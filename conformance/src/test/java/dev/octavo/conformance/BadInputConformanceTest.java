package dev.octavo.conformance;

import dev.octavo.conformance.contract.BadInputContract;

class BadInputConformanceTest implements BadInputContract {}
