package dev.tidings.ops.registry;

/** The schema registry cannot be reached, or rejects a schema. The message is for operators. */
public final class SchemaRegistryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SchemaRegistryException(String message) {
        super(message);
    }

    SchemaRegistryException(String message, Throwable cause) {
        super(message, cause);
    }
}
