package dev.tidings.schemas.serde;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;

/** Messages as JSON, by protobuf's canonical mapping, on one line. Unknown fields are an error: they are typing mistakes. */
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

    /** @throws InvalidProtocolBufferException where the text is not JSON, or not of this message */
    public static <B extends Message.Builder> B parse(String json, B into) throws InvalidProtocolBufferException {
        PARSER.merge(json, into);
        return into;
    }
}
