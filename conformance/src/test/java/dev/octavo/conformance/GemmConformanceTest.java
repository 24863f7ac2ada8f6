package dev.octavo.conformance;

import dev.octavo.conformance.contract.GemmContract;

class GemmConformanceTest implements GemmContract {}
