package dev.tidings.ops.monitoring;

import java.util.function.Function;
import java.util.function.Supplier;

/** A running role and its health port. */
public record MonitoredRole(AutoCloseable role, AutoCloseable port) implements AutoCloseable {

    /**
     * Starts a role and then opens its port. Closes the role again if the port cannot be opened.
     *
     * @param opening opens the port of the started role
     */
    public static <R extends AutoCloseable> MonitoredRole start(
            Supplier<R> starting, Function<R, AutoCloseable> opening) {
        R role = starting.get();
        try {
            return new MonitoredRole(role, opening.apply(role));
        } catch (RuntimeException e) {
            close(role, e);
            throw e;
        }
    }

    private static void close(AutoCloseable role, RuntimeException cause) {
        try {
            role.close();
        } catch (Exception e) {
            cause.addSuppressed(e);
        }
    }

    /** Closes the port first: the role is not ready while it stops. */
    @Override
    public void close() throws Exception {
        try (role) {
            port.close();
        }
    }
}
