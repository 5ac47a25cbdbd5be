package dev.tidings.ops.bench.workload;

/** A workload or a result cannot be read. The message names the file, the place and what is allowed. */
public final class WorkloadException extends RuntimeException {

    WorkloadException(String message) {
        super(message);
    }
}
