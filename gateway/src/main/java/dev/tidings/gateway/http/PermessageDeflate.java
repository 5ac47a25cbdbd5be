package dev.tidings.gateway.http;

import dev.tidings.gateway.session.BufferBudget;
import io.undertow.websockets.WebSocketExtension;
import io.undertow.websockets.extensions.ExtensionFunction;
import io.undertow.websockets.extensions.ExtensionHandshake;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Negotiates the compression of messages (permessage-deflate, RFC 7692). Neither side keeps a context from one message to the
 * next: otherwise each connection would need about 300 kB. The window is always 15 bits, the only one that Java's zlib has.
 * Thread-safe.
 */
final class PermessageDeflate implements ExtensionHandshake {

    private static final String NAME = "permessage-deflate";
    private static final String SERVER_NO_CONTEXT = "server_no_context_takeover";
    private static final String CLIENT_NO_CONTEXT = "client_no_context_takeover";
    private static final String SERVER_WINDOW = "server_max_window_bits";
    private static final String CLIENT_WINDOW = "client_max_window_bits";
    private static final String FULL_WINDOW = "15";

    private final int fromBytes;
    private final int maxMessageBytes;
    private final BufferBudget budget;
    private final ZlibPool zlib = new ZlibPool();

    /**
     * @param fromBytes smaller messages to clients are not compressed
     * @param maxMessageBytes of a message from a client, decompressed
     * @param budget counts messages that are partly received
     */
    PermessageDeflate(int fromBytes, int maxMessageBytes, BufferBudget budget) {
        this.fromBytes = fromBytes;
        this.maxMessageBytes = maxMessageBytes;
        this.budget = budget;
    }

    @Override
    public String getName() {
        return NAME;
    }

    /** Returns the answer to one offer of the client; null if the offer is declined. */
    @Override
    @SuppressWarnings("NullAway") // null is Undertow's answer for a declined offer
    public @Nullable WebSocketExtension accept(WebSocketExtension offer) {
        if (!offer.getName().equals(NAME)) {
            return null;
        }
        Set<String> names = new HashSet<>();
        for (WebSocketExtension.Parameter parameter : offer.getParameters()) {
            if (!names.add(parameter.getName()) || !isSupported(parameter)) {
                return null;
            }
        }
        return new WebSocketExtension(
                NAME,
                List.of(
                        new WebSocketExtension.Parameter(SERVER_NO_CONTEXT, null),
                        new WebSocketExtension.Parameter(CLIENT_NO_CONTEXT, null)));
    }

    private static boolean isSupported(WebSocketExtension.Parameter parameter) {
        String value = parameter.getValue();
        return switch (parameter.getName()) {
            case SERVER_NO_CONTEXT, CLIENT_NO_CONTEXT -> value == null || value.isEmpty();
            case CLIENT_WINDOW -> true; // what the client is able to do; the gateway does not ask for it
            case SERVER_WINDOW -> FULL_WINDOW.equals(value);
            default -> false;
        };
    }

    /** Whether the extension was accepted before for the same connection. */
    @Override
    public boolean isIncompatible(List<ExtensionHandshake> accepted) {
        return accepted.contains(this);
    }

    @Override
    public ExtensionFunction create() {
        return new DeflateCodec(fromBytes, maxMessageBytes, zlib, budget);
    }
}
