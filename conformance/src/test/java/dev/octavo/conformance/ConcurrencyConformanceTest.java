package dev.octavo.conformance;

import dev.octavo.conformance.contract.ConcurrencyContract;

class ConcurrencyConformanceTest implements ConcurrencyContract {}
