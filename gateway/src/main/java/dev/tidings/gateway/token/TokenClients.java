package dev.tidings.gateway.token;

import dev.tidings.schemas.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token clients of a gateway, from a file with one line for each. Empty lines and lines that begin with # do not count. After the
 * file changes, its clients replace the ones before; a file that cannot be used is reported, and they stay. Thread-safe.
 */
public final class TokenClients {

    static final int MAX_CLIENTS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(TokenClients.class);

    private final String setting;
    private final Path file;
    /** The lines of the file when it was last read; empty: it could not be read. */
    private List<String> seen;

    private volatile Map<String, TokenClient> byId;

    private TokenClients(String setting, Path file) {
        this.setting = setting;
        this.file = file;
        this.seen = lines(setting, file);
        this.byId = parse(setting, file, seen);
    }

    /**
     * Reads the file.
     *
     * @param setting the name of the setting, for errors
     * @throws SettingsException if the file cannot be read, or a line is wrong, or there are no clients, or more than 1,000
     */
    static TokenClients read(String setting, Path file) {
        return new TokenClients(setting, file);
    }

    private static List<String> lines(String setting, Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new SettingsException(setting + ": " + file + " cannot be read: " + e);
        }
    }

    private static Map<String, TokenClient> parse(String setting, Path file, List<String> lines) {
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
        return Map.copyOf(clients);
    }

    /** Reads the file again, and uses it if it has changed. Call it about once a second. */
    public synchronized void reloadIfChanged() {
        List<String> read = List.of();
        try {
            read = lines(setting, file);
            if (!read.equals(seen)) {
                byId = parse(setting, file, read);
                LOG.info("token clients reloaded file={} clients={}", file, byId.size());
            }
        } catch (SettingsException e) {
            if (!read.equals(seen)) {
                LOG.error("token clients not reloaded, the ones before stay reason={}", e.getMessage());
            }
        }
        seen = read;
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
