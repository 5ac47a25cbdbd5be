package dev.tidings.ops.bench;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/** How a connection becomes a WebSocket (RFC 6455, section 4): one request, one answer. */
final class WireHandshake {

    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String END = "\r\n\r\n";

    private final String subprotocol;
    private final String key;

    WireHandshake(String subprotocol) {
        this.subprotocol = subprotocol;
        byte[] nonce = new byte[16];
        ThreadLocalRandom.current().nextBytes(nonce);
        this.key = Base64.getEncoder().encodeToString(nonce);
    }

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
     * Takes the answer out of the buffer once it is there as a whole.
     *
     * @return whether it was there, and the connection is a WebSocket now
     * @throws ProtocolException where the server does not want to
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
            throw new ProtocolException("no WebSocket: " + lines[0]);
        }
        requireHeader(lines, "sec-websocket-accept", accepted(key));
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
        throw new ProtocolException("no WebSocket: the answer lacks " + name + ": " + value);
    }

    private static String accepted(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
