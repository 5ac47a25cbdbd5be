package dev.tidings.ops.backup;

/** A backup or restore is not possible or has failed. The message says why, for operators. */
public final class BackupException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BackupException(String message) {
        super(message);
    }
}
