package dev.tidings.gateway.session;

/**
 * The rate at which disconnected clients come back to the gateways: the more are disconnected together, the longer they are
 * spread.
 *
 * @param perSecond clients per second, all gateways together
 */
public record ReconnectRate(int perSecond) {

    /** The longest time that a client is asked to stay away. */
    static final int MAX_MILLIS = 60_000;

    /** The time over which this number of clients is spread, at most {@link #MAX_MILLIS}. */
    int spreadMillis(int clients) {
        return (int) Math.min(MAX_MILLIS, Math.ceilDiv(1_000L * clients, perSecond));
    }
}
