/** What a module implements to bring backends: {@link dev.octavo.spi.BackendProvider}. */
package dev.octavo.spi;
