package dev.tidings.connectors.archive;

/** An object of the archive is not what it should be. The message names it, for operators. */
public final class ArchiveException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ArchiveException(String message) {
        super(message);
    }
}
