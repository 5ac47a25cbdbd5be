package dev.tidings.gateway.limit;

import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;

/**
 * How many connections a user or an address may have at one gateway at the same time. {@link #NO_LIMIT}: any number.
 *
 * @param perUser sessions of a user ({@code gateway.limit.user.connections})
 * @param perAddress sockets from an IPv4 address or an IPv6 block of 64 bits ({@code gateway.limit.address.connections})
 * @param handshakesPerAddress those of them whose session is not open yet ({@code gateway.limit.address.handshakes})
 */
public record ConnectionQuota(int perUser, int perAddress, int handshakesPerAddress) {

    public static final int NO_LIMIT = Integer.MAX_VALUE;

    public static final ConnectionQuota NONE = new ConnectionQuota(NO_LIMIT, NO_LIMIT, NO_LIMIT);

    private static final int MAX = 10_000_000;

    /** INBOX keeps 16 sessions of a user; the others are closing. */
    private static final String PER_USER = "64";

    public static ConnectionQuota from(Settings settings) {
        return new ConnectionQuota(
                parse("gateway.limit.user.connections", settings.text("gateway.limit.user.connections", PER_USER)),
                parse("gateway.limit.address.connections", settings.text("gateway.limit.address.connections", "10000")),
                parse("gateway.limit.address.handshakes", settings.text("gateway.limit.address.handshakes", "2000")));
    }

    static int parse(String key, String text) {
        if (text.equals("off")) {
            return NO_LIMIT;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= MAX) {
                return number;
            }
        } catch (NumberFormatException e) {
            // reported below, with the range
        }
        throw new SettingsException(
                key + " must be off or a whole number from 1 to " + MAX + "; it is \"" + text + '"');
    }
}
