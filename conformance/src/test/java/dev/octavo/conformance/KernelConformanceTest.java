package dev.octavo.conformance;

import dev.octavo.conformance.contract.KernelContract;

class KernelConformanceTest implements KernelContract {}
