package dev.tidings.processors.intake;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.tidings.processors.intake.Reading.Poison;
import dev.tidings.processors.intake.Reading.Understood;
import dev.tidings.schemas.Limits;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.schemas.serde.StrictJson;
import dev.tidings.v1.BusinessCommand;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Reads what business systems write: {@code business.proto} says how. A pure function of value and headers. */
final class BusinessCommandReader {

    /** Twice as much must fit into one record of Kafka, since a conversation id becomes the key of a command too. */
    static final int MAX_VALUE_BYTES = Limits.BUSINESS_VALUE;

    /** No check looks at an unknown field, so it must not become a part of a command. */
    private static final Parser<BusinessCommand> PARSER = DiscardUnknownFieldsParser.wrap(BusinessCommand.parser());

    private static final String SOURCE = "source";
    private static final String CONTENT_TYPE = "content-type";
    private static final String PROTOBUF = "application/x-protobuf";
    private static final String JSON = "application/json";

    /** Says why a record is poison. */
    private static final class PoisonException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;

        PoisonException(String reason) {
            super(reason);
            this.reason = reason;
        }
    }

    private BusinessCommandReader() {}

    static Reading read(byte @Nullable [] value, Headers headers) {
        try {
            String source = source(headers);
            BusinessCommand command = parse(value, headers);
            if (!CommandCheck.isToken(command.getRequestId())) {
                throw new PoisonException("requestId must be 1 to " + CommandCheck.MAX_CLIENT_MSG_ID_BYTES
                        + " bytes without control characters");
            }
            if (command.getBodyCase() == BusinessCommand.BodyCase.BODY_NOT_SET) {
                throw new PoisonException("the command says nothing: it has no body that is known here");
            }
            String flaw = Expansion.flawOf(command);
            if (flaw != null) {
                throw new PoisonException(flaw);
            }
            return new Understood(source, command);
        } catch (PoisonException e) {
            return new Poison(e.reason);
        }
    }

    private static String source(Headers headers) throws PoisonException {
        String source = header(headers, SOURCE);
        if (source == null) {
            throw new PoisonException("header source is missing");
        }
        if (!CommandCheck.isToken(source)) {
            throw new PoisonException("header source must be 1 to " + CommandCheck.MAX_CLIENT_MSG_ID_BYTES
                    + " bytes without control characters");
        }
        return source;
    }

    private static BusinessCommand parse(byte @Nullable [] value, Headers headers) throws PoisonException {
        if (value == null || value.length == 0) {
            throw new PoisonException("there is no value");
        }
        if (value.length > MAX_VALUE_BYTES) {
            throw new PoisonException("the value must be at most " + MAX_VALUE_BYTES + " bytes; it is " + value.length);
        }
        return isJson(value, headers) ? fromJson(value) : fromProtobuf(value);
    }

    private static boolean isJson(byte[] value, Headers headers) throws PoisonException {
        String contentType = header(headers, CONTENT_TYPE);
        if (contentType == null) {
            if (value[0] != '{') {
                throw new PoisonException("header content-type is missing, and the value does not begin with {");
            }
            return true;
        }
        int parameters = contentType.indexOf(';');
        String mediaType = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return switch (mediaType.strip().toLowerCase(Locale.ROOT)) {
            case JSON -> true;
            case PROTOBUF -> false;
            default ->
                throw new PoisonException(
                        "header content-type must be " + PROTOBUF + " or " + JSON + "; it is \"" + contentType + '"');
        };
    }

    private static BusinessCommand fromProtobuf(byte[] value) throws PoisonException {
        try {
            return PARSER.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new PoisonException("the value is no BusinessCommand in protobuf: " + e.getMessage());
        }
    }

    private static BusinessCommand fromJson(byte[] value) throws PoisonException {
        try {
            return StrictJson.parse(utf8(value, "the value"), BusinessCommand.newBuilder())
                    .build();
        } catch (InvalidProtocolBufferException e) {
            throw new PoisonException("the value is no BusinessCommand in JSON: " + e.getMessage());
        }
    }

    private static @Nullable String header(Headers headers, String name) throws PoisonException {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : utf8(header.value(), "header " + name);
    }

    private static String utf8(byte[] bytes, String what) throws PoisonException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new PoisonException(what + " is not UTF-8");
        }
    }
}
