package dev.tidings.ops.bench.websocket;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/** The opening handshake of a WebSocket client (RFC 6455, section 4): one request, one response. */
final class WebSocketHandshake {

    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String END = "\r\n\r\n";

    private final String subprotocol;
    private final String key;

    WebSocketHandshake(String subprotocol) {
        this.subprotocol = subprotocol;
        byte[] nonce = new byte[16];
        ThreadLocalRandom.current().nextBytes(nonce);
        this.key = Base64.getEncoder().encodeToString(nonce);
    }

    /** Encodes the HTTP upgrade request. */
    ByteBuffer request(String authority, String path) {
        String text = "GET " + path + " HTTP/1.1\r\n"
                + "Host: " + authority + "\r\n"
                + "Upgrade: websocket\r\n"
                + "Connection: Upgrade\r\n"
                + "Sec-WebSocket-Key: " + key + "\r\n"
                + "Sec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Protocol: " + subprotocol + END;
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Consumes the response once the buffer holds all of it.
     *
     * @return whether the handshake is complete
     * @throws ProtocolException if the server rejects the upgrade, or its response is not one to this request
     */
    boolean accept(ByteBuffer in) throws ProtocolException {
        ByteBuffer view = in.duplicate();
        String text = StandardCharsets.ISO_8859_1.decode(view).toString();
        int end = text.indexOf(END);
        if (end < 0) {
            return false;
        }
        in.position(in.position() + end + END.length());
        String[] lines = text.substring(0, end).split("\r\n", -1);
        if (!lines[0].startsWith("HTTP/1.1 101")) {
            throw new ProtocolException("WebSocket handshake failed: " + lines[0]);
        }
        requireHeader(lines, "sec-websocket-accept", acceptValue(key));
        requireHeader(lines, "sec-websocket-protocol", subprotocol);
        return true;
    }

    private static void requireHeader(String[] lines, String name, String value) throws ProtocolException {
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon > 0
                    && line.substring(0, colon).toLowerCase(Locale.ROOT).equals(name)
                    && line.substring(colon + 1).strip().equals(value)) {
                return;
            }
        }
        throw new ProtocolException("WebSocket handshake failed: the response lacks " + name + ": " + value);
    }

    private static String acceptValue(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
