package dev.tidings.gateway.session;

/**
 * When clients that are sent away are to come back: at no more of them a second than gateways can take up, and so the
 * later the more they are. Few of them hardly wait at all.
 *
 * @param perSecond clients, all that are sent away together
 */
public record ReconnectPace(int perSecond) {

    /** Beyond this, users would sooner help themselves. */
    static final int LONGEST_MILLIS = 60_000;

    /** The time in which so many clients are to come back, each at a moment of its own. */
    int spreadMillis(int clients) {
        return (int) Math.min(LONGEST_MILLIS, Math.ceilDiv(1_000L * clients, perSecond));
    }
}
