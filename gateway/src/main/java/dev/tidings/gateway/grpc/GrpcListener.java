package dev.tidings.gateway.grpc;

import dev.tidings.gateway.tls.TlsCertificates;
import dev.tidings.schemas.Limits;
import dev.tidings.schemas.settings.SettingsException;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The gRPC server of a gateway: the services for users and for operators, and the standard services for health and reflection. */
public final class GrpcListener implements AutoCloseable {

    /** Streams and unary calls of one HTTP/2 connection. */
    private static final int MAX_CALLS_PER_CONNECTION = 1_000;

    /** A token and the other metadata of a call. */
    private static final int MAX_METADATA_BYTES = 16 * 1024;

    /**
     * gRPC resets a stream whose message announces more, without a status. Messages of less are rejected with one as soon as they
     * have more than {@link Limits#FRAME} bytes.
     */
    private static final int MAX_MESSAGE_BYTES = 4 * 1_048_576;

    private static final int CLOSE_TIMEOUT_MILLIS = 1_000;

    /** Logs a stack trace for each message that is too large: clients could fill the log. Java forgets loggers that nothing holds. */
    private static final Logger STREAM_LOG = Logger.getLogger("io.grpc.netty.NettyServerStream");

    private final Server server;
    private final HealthStatusManager health;
    private final Executor executor;
    private final Supplier<List<String>> missing;
    private final AtomicBoolean checking = new AtomicBoolean();

    private GrpcListener(Server server, HealthStatusManager health, Executor executor, Supplier<List<String>> missing) {
        this.server = server;
        this.health = health;
        this.executor = executor;
        this.missing = missing;
    }

    /**
     * Opens the port.
     *
     * @param port 0: any free port
     * @param certificates null: no TLS
     * @param executor runs the calls, which may block
     * @param missing the reasons why the gateway is not ready; empty: it is ready; may block
     * @throws SettingsException if the port cannot be bound
     */
    public static GrpcListener open(
            String host,
            int port,
            @Nullable TlsCertificates certificates,
            UnaryCalls unary,
            ConnectCalls streams,
            Executor executor,
            Supplier<List<String>> missing) {
        STREAM_LOG.setLevel(Level.OFF);
        HealthStatusManager health = new HealthStatusManager();
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(host, port), credentials(certificates))
                .executor(executor)
                .addService(ServiceDefinition.ofUsers(unary, streams))
                .addService(ServiceDefinition.ofOperators(unary))
                .addService(ProtoReflectionServiceV1.newInstance())
                .addService(health.getHealthService())
                .addStreamTracerFactory(new FrameMeter.Factory())
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .maxInboundMetadataSize(MAX_METADATA_BYTES)
                .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
                .maxRstFramesPerWindow(MAX_CALLS_PER_CONNECTION, 10)
                .flowControlWindow(Limits.FRAME)
                .handshakeTimeout(10, TimeUnit.SECONDS)
                .keepAliveTime(30, TimeUnit.SECONDS)
                .keepAliveTimeout(10, TimeUnit.SECONDS)
                .permitKeepAliveTime(10, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .maxConnectionIdle(5, TimeUnit.MINUTES)
                .build();
        try {
            server.start();
        } catch (IOException e) {
            throw new SettingsException("gateway.grpc-port: cannot listen on " + host + ':' + port + ": "
                    + (e.getCause() == null ? e : e.getCause()).getMessage());
        }
        GrpcListener listener = new GrpcListener(server, health, executor, missing);
        listener.reportHealth();
        return listener;
    }

    private static ServerCredentials credentials(@Nullable TlsCertificates certificates) {
        return certificates == null
                ? InsecureServerCredentials.create()
                : TlsServerCredentials.newBuilder()
                        .keyManager(certificates.keyManager())
                        .build();
    }

    public int port() {
        return server.getPort();
    }

    /** Sets the status of the health service to that of the gateway. Call it once a second; does not block. */
    public void reportHealth() {
        if (checking.compareAndSet(false, true)) {
            executor.execute(() -> {
                try {
                    ServingStatus status = missing.get().isEmpty() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
                    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
                    health.setStatus(ServiceDefinition.USERS.getFullName(), status);
                    health.setStatus(ServiceDefinition.OPERATORS.getFullName(), status);
                } finally {
                    checking.set(false);
                }
            });
        }
    }

    /** Accepts no more calls, and lets the present ones end. The health service says that the gateway does not serve. */
    public void drain() {
        if (!server.isShutdown()) {
            server.shutdown();
            health.enterTerminalState();
        }
    }

    /** Ends all calls, after a second for those that are about to end. */
    @Override
    public void close() {
        drain();
        try {
            if (!server.awaitTermination(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
                server.shutdownNow().awaitTermination(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
