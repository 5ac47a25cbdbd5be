package dev.tidings.gateway.grpc;

import com.google.protobuf.Message;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.ServerFrame;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of the service with calls by method name, over a real connection. */
final class GrpcClient implements AutoCloseable {

    private final ManagedChannel channel;

    GrpcClient(int port) {
        this(NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build());
    }

    GrpcClient(ManagedChannel channel) {
        this.channel = channel;
    }

    Channel channel() {
        return channel;
    }

    /**
     * Calls a method and blocks until its reply.
     *
     * @param method with its service, or without it: that for users
     */
    <Q extends Message, R extends Message> R call(String method, Q request, R reply, Metadata headers) {
        return call(method, ProtoUtils.marshaller(request), request, reply, headers);
    }

    <Q, R extends Message> R call(
            String method, MethodDescriptor.Marshaller<Q> marshaller, Q request, R reply, Metadata headers) {
        MethodDescriptor<Q, R> descriptor =
                descriptor(method, MethodType.UNARY, marshaller, ProtoUtils.marshaller(reply));
        Channel withHeaders = ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
        return ClientCalls.blockingUnaryCall(withHeaders, descriptor, CallOptions.DEFAULT, request);
    }

    private static <Q, R> MethodDescriptor<Q, R> descriptor(
            String method,
            MethodType type,
            MethodDescriptor.Marshaller<Q> requests,
            MethodDescriptor.Marshaller<R> replies) {
        return MethodDescriptor.newBuilder(requests, replies)
                .setType(type)
                .setFullMethodName(
                        method.contains("/")
                                ? method
                                : MethodDescriptor.generateFullMethodName("tidings.v1.Tidings", method))
                .build();
    }

    static Metadata bearer(String token) {
        Metadata headers = new Metadata();
        headers.put(CallMetadata.AUTHORIZATION, "Bearer " + token);
        return headers;
    }

    /** Opens a stream that reads nothing until it requests a message. */
    Stream connect() {
        ClientCall<byte[], ServerFrame> call = channel.newCall(
                descriptor(
                        "Connect",
                        MethodType.BIDI_STREAMING,
                        Marshallers.BYTES,
                        ProtoUtils.marshaller(ServerFrame.getDefaultInstance())),
                CallOptions.DEFAULT);
        Stream stream = new Stream(call);
        call.start(stream, new Metadata());
        return stream;
    }

    /** One stream of frames. */
    static final class Stream extends ClientCall.Listener<ServerFrame> {

        private final ClientCall<byte[], ServerFrame> call;
        private final BlockingQueue<ServerFrame> frames = new LinkedBlockingQueue<>();
        private final CompletableFuture<Status> status = new CompletableFuture<>();
        private final CompletableFuture<Metadata> trailers = new CompletableFuture<>();

        private Stream(ClientCall<byte[], ServerFrame> call) {
            this.call = call;
        }

        void send(ClientFrame.Builder frame) {
            send(frame.build().toByteArray());
        }

        /** Sends bytes that need not be a frame. */
        void send(byte[] bytes) {
            call.sendMessage(bytes);
        }

        /** Reads the next frame. */
        ServerFrame next() throws InterruptedException {
            call.request(1);
            ServerFrame frame = frames.poll(60, TimeUnit.SECONDS);
            if (frame == null) {
                throw new AssertionError("no frame came; the status is " + status.getNow(null));
            }
            return frame;
        }

        /** Reads what is left, and returns the status. */
        Status status() {
            call.request(1_000);
            return status.orTimeout(60, TimeUnit.SECONDS).join();
        }

        Metadata trailers() {
            return trailers.join();
        }

        void halfClose() {
            call.halfClose();
        }

        void cancel() {
            call.cancel("the test ends", null);
        }

        @Override
        public void onMessage(ServerFrame frame) {
            frames.add(frame);
        }

        @Override
        public void onClose(Status end, Metadata metadata) {
            trailers.complete(metadata);
            status.complete(end);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
