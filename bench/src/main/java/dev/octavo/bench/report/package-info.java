/**
 * What people look at: tables, numbers with units, progress, and the result files. {@link
 * dev.octavo.bench.report.Results} is the one record of a run; tables, CSV, Markdown and JSON are
 * made of it.
 */
package dev.octavo.bench.report;
