package dev.tidings.connectors.archive;

/** An object of the archive is missing, damaged or not as in the catalog. The message names the object. */
public final class ArchiveException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ArchiveException(String message) {
        super(message);
    }
}
