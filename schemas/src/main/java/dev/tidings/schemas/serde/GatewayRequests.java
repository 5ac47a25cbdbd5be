package dev.tidings.schemas.serde;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.v1.Origin;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The headers of the requests that gateways write to {@code tidings.business} for operators. The reply goes to the gateway that the
 * header names, and not to {@code tidings.business-replies}.
 */
public final class GatewayRequests {

    /** The header {@code source} of all of them. */
    public static final String SOURCE = "rest";

    /** The key of all changes of rules, of gateways and of the command line: a key has one partition, and so one order. */
    public static final String RULES_KEY = "tidings-cli";

    private static final String ORIGIN = "tidings.origin";

    private GatewayRequests() {}

    public static Headers headers(Origin origin) {
        return new RecordHeaders()
                .add(BusinessReplySerde.SOURCE, SOURCE.getBytes(StandardCharsets.UTF_8))
                .add(BusinessReplySerde.CONTENT_TYPE, BusinessReplySerde.PROTOBUF.getBytes(StandardCharsets.UTF_8))
                .add(ORIGIN, origin.toByteArray());
    }

    /** Returns the origin in the headers of a gateway's request; null if the request is another system's. */
    public static @Nullable Origin originIn(Headers headers) {
        Header header = headers.lastHeader(ORIGIN);
        if (header == null || header.value() == null) {
            return null;
        }
        try {
            Origin origin = Origin.parseFrom(header.value());
            return origin.getUnary() && !origin.hasBusiness() ? origin : null;
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }
}
