package dev.tidings.gateway.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.auth.Scope;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenClientsTest {

    private static final String SALT_AND_HASH = "$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    private static final String HASH = "pbkdf2-sha256$100000" + SALT_AND_HASH;
    private static final String SECRET = "a secret for tests alone, long enough";

    @TempDir
    private Path directory;

    @Test
    void a_line_reads_back_as_the_client_that_wrote_it() throws Exception {
        TokenClient client =
                new TokenClient("shop", SecretHash.of("s3cret", 100_000), Set.of(Scope.BUSINESS, Scope.USER));

        TokenClients clients = read("# clients\n\n" + client.line() + '\n');

        TokenClient found = Objects.requireNonNull(clients.find("shop"));
        assertEquals(client.line(), found.line());
        assertTrue(client.line().endsWith(":user,business"), client::line);
        assertTrue(found.secretHash().matches("s3cret"));
        assertFalse(found.secretHash().matches("s3cre"));
        assertFalse(found.secretHash().matches(""));
        assertNull(clients.find("other"));
        assertEquals(100_000, clients.maxIterations());
    }

    @Test
    void the_hash_is_that_of_other_implementations() {
        // python3: base64.urlsafe_b64encode(hashlib.pbkdf2_hmac('sha256', b's3cret', bytes(16), 100000))
        assertTrue(SecretHash.parse(
                        "pbkdf2-sha256$100000$AAAAAAAAAAAAAAAAAAAAAA$SmLiCTmAvY0e0Rtkx-AR4JGMjIQcGSqPKLfT3SoDTuA")
                .matches("s3cret"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop",
                "shop:" + HASH,
                "shop:" + HASH + ":user:x",
                ":" + HASH + ":user",
                "a shop:" + HASH + ":user",
                "shop:" + HASH + ":",
                "shop:" + HASH + ":user,root",
                "shop:s3cret:user",
                "shop:pbkdf2-sha1$100000" + SALT_AND_HASH + ":user",
                "shop:pbkdf2-sha256$99999" + SALT_AND_HASH + ":user",
                "shop:pbkdf2-sha256$5000001" + SALT_AND_HASH + ":user",
                "shop:pbkdf2-sha256$100000$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA:user",
                "shop:pbkdf2-sha256$100000$AAAAAAAAAAAAAAAAAAAAAA$AAAA:user",
                "shop:" + HASH + ":user\nshop:" + HASH + ":user",
                "# no client"
            })
    void a_wrong_file_is_rejected_with_its_setting(String text) {
        SettingsException rejected = assertThrows(SettingsException.class, () -> read(text));

        assertTrue(String.valueOf(rejected.getMessage()).startsWith("gateway.token-clients: "), rejected::getMessage);
    }

    @Test
    void more_than_a_thousand_clients_are_rejected() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < TokenClients.MAX_CLIENTS; i++) {
            lines.append("c").append(i).append(':').append(HASH).append(":user\n");
        }
        read(lines.toString());

        assertThrows(SettingsException.class, () -> read(lines + "more:" + HASH + ":user\n"));
    }

    @Test
    void the_settings_are_bounded_by_the_longest_lifetime_of_a_token() throws Exception {
        String file = Files.writeString(directory.resolve("clients"), "shop:" + HASH + ":user\n")
                .toString();
        Map<String, String> given = Map.of(
                "gateway.token-clients", file, "gateway.jwt.secret", SECRET, "gateway.jwt.max-lifetime-days", "2");

        TokenServiceConfig config = Objects.requireNonNull(TokenServiceConfig.from(Settings.of(given)));

        assertEquals(Duration.ofDays(1), config.maxLifetime());
        assertEquals(Duration.ofDays(2), config.refreshLifetime());
        for (String wrong : new String[] {"gateway.token-refresh-days=3", "gateway.token-max-lifetime-minutes=2881"}) {
            String[] parts = wrong.split("=");
            Settings settings = Settings.of(given).with(Map.of(parts[0], parts[1]));
            assertThrows(SettingsException.class, () -> TokenServiceConfig.from(settings), wrong);
        }
        assertNull(TokenServiceConfig.from(Settings.of(Map.of("gateway.jwt.secret", SECRET))));
        assertThrows(
                SettingsException.class,
                () -> TokenServiceConfig.from(Settings.of(
                        Map.of("gateway.token-clients", file, "gateway.jwt.jwks-url", "https://id.example"))));
    }

    private TokenClients read(String text) throws IOException {
        return TokenClients.read(
                "gateway.token-clients", Files.writeString(Files.createTempFile(directory, "clients", ""), text));
    }
}
