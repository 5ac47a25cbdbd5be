package dev.tidings.processors.intake;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.tidings.processors.intake.ParsedRequest.Unreadable;
import dev.tidings.processors.intake.ParsedRequest.Valid;
import dev.tidings.schemas.Limits;
import dev.tidings.schemas.id.ExternalId;
import dev.tidings.schemas.serde.StrictJson;
import dev.tidings.v1.BusinessCommand;
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

    /** No check sees an unknown field, so it must not get into a command. */
    private static final Parser<BusinessCommand> PARSER = DiscardUnknownFieldsParser.wrap(BusinessCommand.parser());

    private static final String SOURCE = "source";
    private static final String CONTENT_TYPE = "content-type";
    private static final String PROTOBUF = "application/x-protobuf";
    private static final String JSON = "application/json";

    /** Carries the reason why a record is unreadable. */
    private static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;

        UnreadableException(String reason) {
            super(reason);
            this.reason = reason;
        }
    }

    private BusinessCommandReader() {}

    static ParsedRequest read(byte @Nullable [] value, Headers headers) {
        try {
            String source = source(headers);
            BusinessCommand command = parse(value, headers);
            if (!ExternalId.isValid(command.getRequestId())) {
                throw new UnreadableException("requestId is not allowed; it must have 1 to " + ExternalId.MAX_BYTES
                        + " bytes without control characters");
            }
            if (command.getBodyCase() == BusinessCommand.BodyCase.BODY_NOT_SET) {
                throw new UnreadableException("the command has no known body");
            }
            String violation = CommandExpansion.violation(command);
            if (violation != null) {
                throw new UnreadableException(violation);
            }
            return new Valid(source, command);
        } catch (UnreadableException e) {
            return new Unreadable(e.reason);
        }
    }

    private static String source(Headers headers) throws UnreadableException {
        String source = header(headers, SOURCE);
        if (source == null) {
            throw new UnreadableException("header source is missing");
        }
        if (!ExternalId.isValid(source)) {
            throw new UnreadableException("header source is not allowed; it must have 1 to " + ExternalId.MAX_BYTES
                    + " bytes without control characters");
        }
        return source;
    }

    private static BusinessCommand parse(byte @Nullable [] value, Headers headers) throws UnreadableException {
        if (value == null || value.length == 0) {
            throw new UnreadableException("the record has no value");
        }
        if (value.length > MAX_VALUE_BYTES) {
            throw new UnreadableException(
                    "the value has " + value.length + " bytes; at most " + MAX_VALUE_BYTES + " are allowed");
        }
        return isJson(value, headers) ? fromJson(value) : fromProtobuf(value);
    }

    private static boolean isJson(byte[] value, Headers headers) throws UnreadableException {
        String contentType = header(headers, CONTENT_TYPE);
        if (contentType == null) {
            if (value[0] != '{') {
                throw new UnreadableException(
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
                throw new UnreadableException("header content-type is not allowed; it must be " + PROTOBUF + " or "
                        + JSON + ", not \"" + contentType + '"');
        };
    }

    private static BusinessCommand fromProtobuf(byte[] value) throws UnreadableException {
        try {
            return PARSER.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new UnreadableException("the value is not a BusinessCommand in protobuf: " + e.getMessage());
        }
    }

    private static BusinessCommand fromJson(byte[] value) throws UnreadableException {
        try {
            return StrictJson.parse(utf8(value, "the value"), BusinessCommand.newBuilder())
                    .build();
        } catch (InvalidProtocolBufferException e) {
            throw new UnreadableException("the value is not a BusinessCommand in JSON: " + e.getMessage());
        }
    }

    private static @Nullable String header(Headers headers, String name) throws UnreadableException {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : utf8(header.value(), "header " + name);
    }

    private static String utf8(byte[] bytes, String what) throws UnreadableException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UnreadableException(what + " is not UTF-8");
        }
    }
}
