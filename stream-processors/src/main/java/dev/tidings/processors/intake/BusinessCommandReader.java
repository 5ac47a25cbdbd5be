package dev.tidings.processors.intake;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.tidings.processors.intake.ParsedRequest.Invalid;
import dev.tidings.processors.intake.ParsedRequest.Valid;
import dev.tidings.schemas.Limits;
import dev.tidings.schemas.id.ExternalId;
import dev.tidings.schemas.serde.BusinessReplySerde;
import dev.tidings.schemas.serde.StrictJson;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessOrigin;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Parses and checks the records of business systems, in the format of {@code business.proto}. A pure function of value and headers. */
final class BusinessCommandReader {

    /** Twice as much must fit into a Kafka record, because an invalid conversation id is also the key of the command. */
    static final int MAX_VALUE_BYTES = Limits.BUSINESS_VALUE;

    static final int MAX_REASON_BYTES = 256;

    /** No check sees an unknown field, so it must not get into a command. */
    private static final Parser<BusinessCommand> PARSER = DiscardUnknownFieldsParser.wrap(BusinessCommand.parser());

    private static final String SOURCE = BusinessReplySerde.SOURCE;
    private static final String CONTENT_TYPE = BusinessReplySerde.CONTENT_TYPE;
    private static final String PROTOBUF = BusinessReplySerde.PROTOBUF;
    private static final String JSON = BusinessReplySerde.JSON;

    /** Carries the reason why a record gives no command. */
    private static final class RejectedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;

        RejectedException(String reason) {
            super(reason);
            this.reason = reason;
        }
    }

    private BusinessCommandReader() {}

    static ParsedRequest read(byte @Nullable [] value, Headers headers) {
        BusinessOrigin.Builder origin = BusinessOrigin.newBuilder();
        try {
            origin.setSource(source(headers));
            byte[] bytes = requireSize(value);
            BusinessCommand command;
            if (isJson(bytes, headers)) {
                String json = utf8(bytes, "the value");
                origin.setJson(true).setRequestId(requestId(json));
                command = fromJson(json);
            } else {
                command = fromProtobuf(bytes);
            }
            origin.setRequestId(command.getRequestId());
            if (!ExternalId.isValid(command.getRequestId())) {
                throw new RejectedException("requestId is not allowed; it must have 1 to " + ExternalId.MAX_BYTES
                        + " bytes without control characters");
            }
            if (command.getBodyCase() == BusinessCommand.BodyCase.BODY_NOT_SET) {
                throw new RejectedException("the command has no known body");
            }
            requireText("reason", command.getReason(), MAX_REASON_BYTES);
            requireText("operator", command.getOperator(), ExternalId.MAX_BYTES);
            String violation = CommandExpansion.violation(command);
            if (violation != null) {
                throw new RejectedException(violation);
            }
            return new Valid(origin.build(), command);
        } catch (RejectedException e) {
            return new Invalid(e.reason, ExternalId.isValid(origin.getRequestId()) ? origin.build() : null);
        }
    }

    /** Returns the request id of a JSON text that may be wrong behind it; empty if it cannot be read. */
    private static String requestId(String json) {
        String requestId = StrictJson.topLevelString(json, "requestId");
        return requestId.isEmpty() ? StrictJson.topLevelString(json, "request_id") : requestId;
    }

    private static String source(Headers headers) throws RejectedException {
        String source = header(headers, SOURCE);
        if (source == null) {
            throw new RejectedException("header source is missing");
        }
        if (!ExternalId.isValid(source)) {
            throw new RejectedException("header source is not allowed; it must have 1 to " + ExternalId.MAX_BYTES
                    + " bytes without control characters");
        }
        return source;
    }

    private static void requireText(String field, String text, int maxBytes) throws RejectedException {
        if (!text.isEmpty() && !ExternalId.isValid(text, maxBytes)) {
            throw new RejectedException(field + " has " + text.length() + " characters; at most " + maxBytes
                    + " bytes without control characters are allowed");
        }
    }

    private static byte[] requireSize(byte @Nullable [] value) throws RejectedException {
        if (value == null || value.length == 0) {
            throw new RejectedException("the record has no value");
        }
        if (value.length > MAX_VALUE_BYTES) {
            throw new RejectedException(
                    "the value has " + value.length + " bytes; at most " + MAX_VALUE_BYTES + " are allowed");
        }
        return value;
    }

    private static boolean isJson(byte[] value, Headers headers) throws RejectedException {
        String contentType = header(headers, CONTENT_TYPE);
        if (contentType == null) {
            if (value[0] != '{') {
                throw new RejectedException(
                        "header content-type is missing; it is required for a value that does not begin with {");
            }
            return true;
        }
        int parameters = contentType.indexOf(';');
        String mediaType = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return switch (mediaType.strip().toLowerCase(Locale.ROOT)) {
            case JSON -> true;
            case PROTOBUF -> false;
            default ->
                throw new RejectedException("header content-type is not allowed; it must be " + PROTOBUF + " or " + JSON
                        + ", not \"" + contentType + '"');
        };
    }

    private static BusinessCommand fromProtobuf(byte[] value) throws RejectedException {
        try {
            return PARSER.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new RejectedException("the value is not a BusinessCommand in protobuf: " + e.getMessage());
        }
    }

    private static BusinessCommand fromJson(String json) throws RejectedException {
        try {
            return StrictJson.parse(json, BusinessCommand.newBuilder()).build();
        } catch (InvalidProtocolBufferException e) {
            throw new RejectedException("the value is not a BusinessCommand in JSON: " + e.getMessage());
        }
    }

    private static @Nullable String header(Headers headers, String name) throws RejectedException {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : utf8(header.value(), "header " + name);
    }

    private static String utf8(byte[] bytes, String what) throws RejectedException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RejectedException(what + " is not UTF-8");
        }
    }
}
