package dev.octavo.conformance;

import dev.octavo.conformance.contract.BackendsContract;

class BackendsConformanceTest implements BackendsContract {}
