package dev.octavo.conformance;

import dev.octavo.conformance.contract.ConvContract;

class ConvConformanceTest implements ConvContract {}
