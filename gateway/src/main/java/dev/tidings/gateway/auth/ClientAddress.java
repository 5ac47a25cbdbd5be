package dev.tidings.gateway.auth;

import dev.tidings.schemas.id.AddressBlock;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the address of a client: that of its socket, or, behind a trusted proxy, the last address in {@code X-Forwarded-For}
 * that is not a trusted proxy. The client may have written the addresses before that one itself.
 *
 * @param trustedProxies {@code gateway.trusted-proxies}, addresses and blocks separated by commas
 */
public record ClientAddress(List<AddressBlock> trustedProxies) {

    /** The longest chain of proxies that is followed. */
    private static final int MAX_HOPS = 20;

    public ClientAddress {
        trustedProxies = List.copyOf(trustedProxies);
    }

    public static ClientAddress from(Settings settings) {
        List<AddressBlock> proxies = new ArrayList<>();
        for (String text : settings.text("gateway.trusted-proxies", "").split(",")) {
            if (!text.isBlank()) {
                AddressBlock block = AddressBlock.parse(text.strip());
                if (block == null) {
                    throw new SettingsException(
                            "gateway.trusted-proxies must be addresses or blocks such as 10.0.0.0/8,"
                                    + " separated by commas; not allowed is \"" + text.strip() + '"');
                }
                proxies.add(block);
            }
        }
        return new ClientAddress(proxies);
    }

    /** @param forwardedFor the header; several are joined by commas in their order; empty: there is none */
    public InetAddress of(InetAddress peer, String forwardedFor) {
        InetAddress client = peer;
        if (isTrusted(peer)) {
            List<String> hops = Arrays.asList(forwardedFor.split(","));
            for (String hop : hops.reversed().subList(0, Math.min(MAX_HOPS, hops.size()))) {
                InetAddress before = AddressBlock.parseAddress(hop.strip());
                if (before == null) {
                    break; // not an address: the proxy that reported it is the nearest known one
                }
                client = before;
                if (!isTrusted(before)) {
                    break;
                }
            }
        }
        return client;
    }

    private boolean isTrusted(InetAddress address) {
        return trustedProxies.stream().anyMatch(block -> block.contains(address));
    }
}
