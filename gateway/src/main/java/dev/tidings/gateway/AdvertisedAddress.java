package dev.tidings.gateway;

import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Finds the address that clients connect to: {@code gateway.advertised-address}, or that of this machine. */
final class AdvertisedAddress {

    private AdvertisedAddress() {}

    /** Reads the setting; empty: absent. */
    static String from(Settings settings) {
        String address = settings.text("gateway.advertised-address", "");
        if (!address.isEmpty() && !address.matches("\\S+:[0-9]{1,5}")) {
            throw new SettingsException("gateway.advertised-address must be host:port; it is \"" + address + '"');
        }
        return address;
    }

    /**
     * Returns the address of a gateway without the setting.
     *
     * @param host that it listens on; all addresses of this machine are replaced by one
     */
    static String of(String host, int port) {
        boolean isAny = host.equals("0.0.0.0") || host.equals("::");
        String name = isAny ? thisMachine() : host;
        return (name.contains(":") ? '[' + name + ']' : name) + ':' + port;
    }

    private static String thisMachine() {
        try {
            return InetAddress.getLocalHost().getHostAddress();
        } catch (UnknownHostException e) {
            return InetAddress.getLoopbackAddress().getHostAddress();
        }
    }
}
