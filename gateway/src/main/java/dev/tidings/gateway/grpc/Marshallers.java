package dev.tidings.gateway.grpc;

import com.google.protobuf.Message;
import dev.tidings.schemas.Limits;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * The marshallers of the server. Requests stay bytes: an exception of a marshaller would end the call as UNKNOWN, while the
 * handlers answer a malformed request with INVALID_ARGUMENT, and a malformed frame does not end its stream.
 */
final class Marshallers {

    private Marshallers() {}

    static final Marshaller<byte[]> BYTES = new Marshaller<>() {
        @Override
        public InputStream stream(byte[] bytes) {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readNBytes(Limits.FRAME + 1); // one more shows that it is too large
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    /** A reply that is encoded already. */
    static final Marshaller<ByteBuffer> ENCODED = new ReplyMarshaller<>() {
        @Override
        public InputStream stream(ByteBuffer bytes) {
            return new ByteArrayInputStream(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        }
    };

    static final Marshaller<Message> MESSAGE = new ReplyMarshaller<>() {
        @Override
        public InputStream stream(Message message) {
            return new ByteArrayInputStream(message.toByteArray());
        }
    };

    private abstract static class ReplyMarshaller<T> implements Marshaller<T> {

        @Override
        public T parse(InputStream stream) {
            throw new UnsupportedOperationException("a server parses no replies");
        }
    }
}
