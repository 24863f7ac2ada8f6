package dev.octavo.conformance;

import dev.octavo.conformance.contract.RequantizeContract;

class RequantizeConformanceTest implements RequantizeContract {}
