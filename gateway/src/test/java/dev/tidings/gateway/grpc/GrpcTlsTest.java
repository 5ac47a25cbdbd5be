package dev.tidings.gateway.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tidings.gateway.session.TestGateway;
import dev.tidings.gateway.tls.TestCertificate;
import dev.tidings.gateway.tls.TlsCertificates;
import dev.tidings.gateway.tls.TlsFiles;
import dev.tidings.v1.GatewayAddresses;
import dev.tidings.v1.ListGatewaysRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** gRPC over TLS, with the certificate of the other ports. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GrpcTlsTest {

    @Test
    void new_connections_get_a_changed_certificate_and_open_ones_stay(@TempDir Path directory) throws Exception {
        TlsFiles files = new TlsFiles(directory.resolve("cert.pem"), directory.resolve("key.pem"));
        TestCertificate first = TestCertificate.make(directory, "EC", "first");
        TestCertificate second = TestCertificate.make(directory, "RSA", "second");
        first.writeTo(files);
        TestGateway gateway = new TestGateway.Builder().build();
        TlsCertificates certificates = TlsCertificates.load(files, gateway.metrics);
        try (GrpcServer server = new GrpcServer(gateway, TestGateway::principal, certificates);
                GrpcClient open = new GrpcClient(channel(server, first))) {
            assertEquals(GatewayAddresses.getDefaultInstance(), gateways(open));

            second.writeTo(files);
            certificates.reloadIfChanged();

            assertEquals(GatewayAddresses.getDefaultInstance(), gateways(open));
            try (GrpcClient fresh = new GrpcClient(channel(server, second));
                    GrpcClient distrustful = new GrpcClient(channel(server, first));
                    GrpcClient withoutTls = new GrpcClient(server.port())) {
                assertEquals(GatewayAddresses.getDefaultInstance(), gateways(fresh));
                assertUnavailable(distrustful);
                assertUnavailable(withoutTls);
            }
        }
    }

    private static void assertUnavailable(GrpcClient client) {
        StatusRuntimeException status = assertThrows(StatusRuntimeException.class, () -> gateways(client));
        assertEquals(Status.Code.UNAVAILABLE, status.getStatus().getCode());
    }

    private static GatewayAddresses gateways(GrpcClient client) {
        return client.call(
                "ListGateways",
                ListGatewaysRequest.getDefaultInstance(),
                GatewayAddresses.getDefaultInstance(),
                GrpcClient.bearer("alice"));
    }

    /** A channel that trusts this certificate alone. */
    private static ManagedChannel channel(GrpcServer server, TestCertificate trusted) throws SSLException {
        return NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(new ByteArrayInputStream(
                                trusted.certificatePem().getBytes(StandardCharsets.US_ASCII)))
                        .build())
                .build();
    }
}
