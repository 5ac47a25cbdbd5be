package dev.tidings.schemas.id;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A block of IP addresses in CIDR notation: {@code 192.0.2.0/24}, {@code 2001:db8::/32}. A single address is a block of one.
 *
 * @param network the first address
 * @param prefixLength the number of leading bits that all addresses share: at most 32, or 128 for IPv6
 */
public record AddressBlock(InetAddress network, int prefixLength) {

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    /** The length of {@code 0000:0000:0000:0000:0000:ffff:255.255.255.255}. Java's parser accepts any number of leading zeros. */
    private static final int MAX_LENGTH = 45;

    private static final Pattern LENGTH = Pattern.compile("\\d{1,3}");

    /** The block of this prefix length that contains the address. */
    public static AddressBlock around(InetAddress address, int prefixLength) {
        byte[] bytes = address.getAddress();
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.clamp(prefixLength - 8L * i, 0, 8);
            bytes[i] = (byte) (bytes[i] & (0xff << (8 - kept)));
        }
        return new AddressBlock(of(bytes), prefixLength);
    }

    /** Returns null if the text is not a block. Clears the bits after the prefix. Makes no DNS query. */
    public static @Nullable AddressBlock parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = parseAddress(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return null;
        }
        int most = address.getAddress().length * 8;
        String length = slash < 0 ? Integer.toString(most) : text.substring(slash + 1);
        if (!LENGTH.matcher(length).matches() || Integer.parseInt(length) > most) {
            return null;
        }
        return around(address, Integer.parseInt(length));
    }

    /** Returns null if the text is not an IP address. Makes no DNS query. */
    public static @Nullable InetAddress parseAddress(String text) {
        if (text.length() > MAX_LENGTH) {
            return null;
        }
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    public boolean contains(InetAddress address) {
        return address.getAddress().length == network.getAddress().length
                && around(address, prefixLength).network().equals(network);
    }

    /** Canonical: blocks with the same addresses have the same text. */
    @Override
    public String toString() {
        return network.getHostAddress() + '/' + prefixLength;
    }

    private static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address has 4 or 16 bytes", e);
        }
    }
}
