package dev.octavo.conformance;

import dev.octavo.conformance.contract.ElementwiseContract;

class ElementwiseConformanceTest implements ElementwiseContract {}
