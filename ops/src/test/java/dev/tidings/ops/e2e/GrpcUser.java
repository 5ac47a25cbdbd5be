package dev.tidings.ops.e2e;

import com.google.protobuf.Message;
import dev.tidings.v1.Ack;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.ServerFrame;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A back end that acts for one user over gRPC: unary calls with the user's token, and streams of frames. */
final class GrpcUser implements AutoCloseable {

    private static final int TIMEOUT_SECONDS = 90;

    private final ManagedChannel channel;
    private final Channel authorized;
    private final String token;

    GrpcUser(int port, String token) {
        this.channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        this.token = token;
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        this.authorized = ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    String token() {
        return token;
    }

    /** The connection without a token. */
    Channel channel() {
        return channel;
    }

    /** @param method with its service, or without it: that for users */
    <R extends Message> R call(String method, Message request, R reply) {
        return ClientCalls.blockingUnaryCall(
                authorized, descriptor(method, MethodType.UNARY, request, reply), CallOptions.DEFAULT, request);
    }

    /** Makes a call that fails, and returns its status. */
    Status failure(String method, Message request, Message reply) {
        try {
            throw new AssertionError("the call succeeded: " + call(method, request, reply));
        } catch (StatusRuntimeException e) {
            return e.getStatus();
        }
    }

    private static <Q extends Message, R extends Message> MethodDescriptor<Q, R> descriptor(
            String method, MethodType type, Q request, R reply) {
        return MethodDescriptor.newBuilder(ProtoUtils.marshaller(request), ProtoUtils.marshaller(reply))
                .setType(type)
                .setFullMethodName(
                        method.contains("/")
                                ? method
                                : MethodDescriptor.generateFullMethodName("tidings.v1.Tidings", method))
                .build();
    }

    /** Opens a stream and sends its first frame. */
    Stream connect(ClientFrame.Builder connect) {
        Stream stream = new Stream();
        stream.requests = ClientCalls.asyncBidiStreamingCall(
                channel.newCall(
                        descriptor(
                                "Connect",
                                MethodType.BIDI_STREAMING,
                                ClientFrame.getDefaultInstance(),
                                ServerFrame.getDefaultInstance()),
                        CallOptions.DEFAULT),
                stream);
        stream.send(connect);
        return stream;
    }

    /** A stream that acknowledges deliveries. */
    static final class Stream implements StreamObserver<ServerFrame> {

        private final BlockingQueue<ServerFrame> frames = new LinkedBlockingQueue<>();
        private final CompletableFuture<Status> status = new CompletableFuture<>();

        @SuppressWarnings("NullAway.Init") // set before the stream is used
        private StreamObserver<ClientFrame> requests;

        synchronized void send(ClientFrame.Builder frame) {
            requests.onNext(frame.build());
        }

        /** Returns the next frame of a kind, and drops those before it. */
        ServerFrame await(Predicate<ServerFrame> kind) throws InterruptedException {
            ServerFrame frame;
            do {
                frame = frames.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                if (frame == null) {
                    throw new AssertionError("the frame has not come; the status is " + status.getNow(null));
                }
            } while (!kind.test(frame));
            return frame;
        }

        void cancel() {
            requests.onError(Status.CANCELLED.asRuntimeException());
        }

        Status status() {
            return status.orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
        }

        @Override
        public void onNext(ServerFrame frame) {
            frames.add(frame);
            if (frame.getEvents().getDeliverySeq() > 0) {
                send(ClientFrame.newBuilder()
                        .setAck(Ack.newBuilder().setUpTo(frame.getEvents().getDeliverySeq())));
            }
        }

        @Override
        public void onError(Throwable failure) {
            status.complete(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            status.complete(Status.OK);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
