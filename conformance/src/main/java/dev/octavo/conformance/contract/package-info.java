/**
 * What a backend promises, as interfaces whose default methods are jqwik properties and Jupiter
 * tests; see {@link dev.octavo.conformance.contract.Contract} for how to run them.
 *
 * <ul>
 *   <li>{@link dev.octavo.conformance.contract.GemmContract}, {@link
 *       dev.octavo.conformance.contract.ConvContract}, {@link
 *       dev.octavo.conformance.contract.RequantizeContract}, {@link
 *       dev.octavo.conformance.contract.ElementwiseContract}: the oracle's bits, and the laws that
 *       tie results to each other
 *   <li>{@link dev.octavo.conformance.contract.KernelContract}: strips, threads, plans, names,
 *       packed weights
 *   <li>{@link dev.octavo.conformance.contract.BackendsContract}: availability and refusals
 *   <li>{@link dev.octavo.conformance.contract.BadInputContract}: what must be refused, and how
 * </ul>
 */
package dev.octavo.conformance.contract;
