package dev.tidings.gateway.grpc;

import dev.tidings.gateway.api.UserAuthentication;
import dev.tidings.gateway.auth.ClientAddress;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Reads the metadata of calls. */
final class CallMetadata {

    static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    static final Metadata.Key<String> ACTOR =
            Metadata.Key.of(UserAuthentication.ACTOR, Metadata.ASCII_STRING_MARSHALLER);

    static final Metadata.Key<String> REASON =
            Metadata.Key.of(UserAuthentication.REASON, Metadata.ASCII_STRING_MARSHALLER);

    private static final Metadata.Key<String> FORWARDED_FOR =
            Metadata.Key.of("x-forwarded-for", Metadata.ASCII_STRING_MARSHALLER);

    private CallMetadata() {}

    /** Returns the address of the client; null: not known. */
    static @Nullable InetAddress address(ServerCall<?, ?> call, Metadata headers, ClientAddress clientAddress) {
        if (!(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress peer)
                || peer.getAddress() == null) {
            return null;
        }
        Iterable<String> forwardedFor = headers.getAll(FORWARDED_FOR);
        return clientAddress.of(peer.getAddress(), forwardedFor == null ? "" : String.join(",", forwardedFor));
    }
}
