package dev.tidings.gateway.auth;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.schemas.id.AddressBlock;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {

    private static final ClientAddress BEHIND_PROXIES =
            ClientAddress.from(Settings.of(Map.of("gateway.trusted-proxies", "10.0.0.0/8, 192.0.2.1")));

    @ParameterizedTest
    @CsvSource({
        "198.51.100.1, '', 198.51.100.1",
        "198.51.100.1, '203.0.113.9', 198.51.100.1",
        "10.0.0.1, '', 10.0.0.1",
        "10.0.0.1, '203.0.113.9', 203.0.113.9",
        "10.0.0.1, '1.1.1.1, 203.0.113.9', 203.0.113.9",
        "10.0.0.1, '203.0.113.9, 192.0.2.1,10.9.9.9', 203.0.113.9",
        "10.0.0.1, '203.0.113.9, unknown, 10.9.9.9', 10.9.9.9",
        "10.0.0.1, '2001:db8::9', 2001:db8::9",
        "10.0.0.1, '', 10.0.0.1",
    })
    void the_address_is_the_last_one_that_is_not_a_trusted_proxy(String peer, String forwardedFor, String client) {
        assertEquals(address(client), BEHIND_PROXIES.of(address(peer), forwardedFor));
    }

    @Test
    void the_header_is_ignored_without_trusted_proxies() {
        assertEquals(
                address("10.0.0.1"), ClientAddress.from(Settings.of(Map.of())).of(address("10.0.0.1"), "203.0.113.9"));
    }

    @Test
    void an_invalid_proxy_is_rejected_by_name() {
        Settings settings = Settings.of(Map.of("gateway.trusted-proxies", "10.0.0.0/8,proxy.example"));

        SettingsException failure = assertThrows(SettingsException.class, () -> ClientAddress.from(settings));
        assertTrue(String.valueOf(failure.getMessage()).contains("proxy.example"));
    }

    private static InetAddress address(String text) {
        return requireNonNull(AddressBlock.parseAddress(text));
    }
}
