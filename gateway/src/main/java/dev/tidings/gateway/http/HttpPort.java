package dev.tidings.gateway.http;

import dev.tidings.gateway.tls.TlsCertificates;
import org.jspecify.annotations.Nullable;

/**
 * The port of clients.
 *
 * @param port 0: any free port
 * @param certificates the port speaks {@code https} and {@code wss} with them; null: {@code http} and {@code ws}
 * @param hasMetrics whether the port serves {@code /metrics}
 * @param compressFromBytes smaller frames to clients are not compressed; 0: none is, and compressed ones are not accepted
 */
public record HttpPort(
        String host, int port, @Nullable TlsCertificates certificates, boolean hasMetrics, int compressFromBytes) {

    /** Any free port of this machine, without TLS or compression. */
    public static HttpPort anyLocal() {
        return new HttpPort("127.0.0.1", 0, null, true, 0);
    }
}
