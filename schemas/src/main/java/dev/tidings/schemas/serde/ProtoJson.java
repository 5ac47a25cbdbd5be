package dev.tidings.schemas.serde;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;

/** Converts messages to JSON in protobuf's canonical mapping, on one line, and back. Unknown fields are an error. */
public final class ProtoJson {

    private static final JsonFormat.Printer PRINTER = JsonFormat.printer().omittingInsignificantWhitespace();
    private static final JsonFormat.Parser PARSER = JsonFormat.parser();

    private ProtoJson() {}

    public static String print(MessageOrBuilder message) {
        try {
            return PRINTER.print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(
                    "no JSON for " + message.getDescriptorForType().getFullName(), e);
        }
    }

    /** @throws InvalidProtocolBufferException if the text is not JSON, or not a message of this type */
    public static <B extends Message.Builder> B parse(String json, B into) throws InvalidProtocolBufferException {
        PARSER.merge(json, into);
        return into;
    }
}
