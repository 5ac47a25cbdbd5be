package dev.tidings.ops.bench.measure;

/**
 * The memory of a process at one moment.
 *
 * @param heapBytes the Java heap in use after a garbage collection
 * @param residentBytes all memory of the process that is in RAM, unused heap included
 */
public record ServerMemory(long heapBytes, long residentBytes) {}
