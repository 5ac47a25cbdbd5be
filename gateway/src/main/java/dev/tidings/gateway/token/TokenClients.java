package dev.tidings.gateway.token;

import dev.tidings.schemas.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The token clients of a gateway, from a file with one line for each. Empty lines and lines that begin with # do not count. */
public final class TokenClients {

    static final int MAX_CLIENTS = 1_000;

    private final Map<String, TokenClient> byId;

    /** @param clients with different ids */
    TokenClients(Collection<TokenClient> clients) {
        this.byId = clients.stream().collect(Collectors.toUnmodifiableMap(TokenClient::id, Function.identity()));
    }

    /**
     * Reads the file.
     *
     * @param setting the name of the setting, for errors
     * @throws SettingsException if the file cannot be read, or a line is wrong, or there are no clients, or more than 1,000
     */
    static TokenClients read(String setting, Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new SettingsException(setting + ": " + file + " cannot be read: " + e);
        }
        Map<String, TokenClient> clients = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                try {
                    TokenClient client = TokenClient.parse(line);
                    if (clients.put(client.id(), client) != null) {
                        throw new IllegalArgumentException("the client " + client.id() + " has two lines");
                    }
                } catch (IllegalArgumentException e) {
                    throw new SettingsException(setting + ": line " + (i + 1) + " of " + file + ": " + e.getMessage());
                }
            }
        }
        if (clients.isEmpty() || clients.size() > MAX_CLIENTS) {
            throw new SettingsException(setting + ": " + file + " has " + clients.size() + " clients; 1 to "
                    + MAX_CLIENTS + " are allowed");
        }
        return new TokenClients(clients.values());
    }

    @Nullable
    TokenClient find(String id) {
        return byId.get(id);
    }

    /** The most iterations among the hashes: an unknown client is checked with as many. */
    int maxIterations() {
        return byId.values().stream()
                .mapToInt(client -> client.secretHash().iterations())
                .max()
                .orElse(SecretHash.ITERATIONS);
    }
}
