package dev.tidings.gateway.rest;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.ETag;
import io.undertow.util.ETagUtils;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Sends successful responses. That of a GET has an ETag: a client that repeats it with {@code If-None-Match} gets 304 without a body. */
final class EntityTags {

    private static final int TAG_BYTES = 16;

    private EntityTags() {}

    static void send(HttpServerExchange exchange, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        if (exchange.getRequestMethod().equals(Methods.GET)) {
            ETag tag = new ETag(false, digest(bytes));
            exchange.getResponseHeaders().put(Headers.ETAG, tag.toString());
            if (!ETagUtils.handleIfNoneMatch(exchange, tag, true)) {
                exchange.setStatusCode(StatusCodes.NOT_MODIFIED).endExchange();
                return;
            }
        }
        exchange.getResponseSender().send(ByteBuffer.wrap(bytes));
    }

    private static String digest(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(Arrays.copyOf(digest, TAG_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
