package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.Ack;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Connect;
import dev.tidings.v1.Content;
import dev.tidings.v1.Platform;
import dev.tidings.v1.PresenceQuery;
import dev.tidings.v1.RegisterPush;
import dev.tidings.v1.Send;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.TextContent;
import dev.tidings.v1.WatchPresence;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A device connected to a gateway over a WebSocket. Keeps every frame that it receives. */
final class ChatClient implements WebSocket.Listener, AutoCloseable {

    enum Subprotocol {
        JSON("tidings.v1.json"),
        PROTO("tidings.v1.proto");

        private final String id;

        Subprotocol(String id) {
            this.id = id;
        }
    }

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    private final Subprotocol subprotocol;
    private final List<ServerFrame> received = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final WebSocket socket;
    private int nextId = 1;

    /** Opens a WebSocket and sends nothing. */
    ChatClient(URI gateway, Subprotocol subprotocol) {
        this.subprotocol = subprotocol;
        URI endpoint = URI.create(gateway.toString().replaceFirst("^http", "ws") + "/v1/ws");
        this.socket = HTTP.newWebSocketBuilder()
                .subprotocols(subprotocol.id)
                .buildAsync(endpoint, this)
                .join();
    }

    /** Connects a device with a development token of this gateway. */
    static ChatClient signedIn(URI gateway, String userId, String deviceId, Subprotocol subprotocol) {
        ChatClient client = new ChatClient(gateway, subprotocol);
        client.request(connect(devToken(gateway, userId), deviceId), ServerFrame::hasConnected);
        return client;
    }

    static ClientFrame.Builder connect(String token, String deviceId) {
        return ClientFrame.newBuilder()
                .setConnect(Connect.newBuilder()
                        .setToken(token)
                        .setDeviceId(deviceId)
                        .setPlatform(Platform.DESKTOP));
    }

    static ClientFrame.Builder text(String conversationId, String clientMsgId, String body) {
        return ClientFrame.newBuilder()
                .setSend(Send.newBuilder()
                        .setConversationId(conversationId)
                        .setClientMsgId(clientMsgId)
                        .setContent(Content.newBuilder()
                                .setText(TextContent.newBuilder().setBody(body))));
    }

    static String devToken(URI gateway, String userId) {
        HttpRequest request = HttpRequest.newBuilder(gateway.resolve("/v1/dev/token"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"userId\":\"" + userId + "\"}"))
                .build();
        try {
            String answer =
                    HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
            return ProtoJson.parse(answer, Struct.newBuilder())
                    .getFieldsOrThrow("token")
                    .getStringValue();
        } catch (IOException e) {
            throw new IllegalStateException("no token for " + userId, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Registers a device of this user for push over the webhook. */
    void registerPush(String deviceId, String token) {
        request(
                ClientFrame.newBuilder()
                        .setRegisterPush(RegisterPush.newBuilder()
                                .setDeviceId(deviceId)
                                .setChannel("webhook")
                                .setToken(token)),
                ServerFrame::hasApplied);
    }

    /** Returns once no device of this user is connected. */
    void awaitOffline(String userId) {
        PresenceQuery query = PresenceQuery.newBuilder()
                .addUserIds(userId)
                .setMode(WatchPresence.Mode.ONCE)
                .build();
        await().atMost(TIMEOUT)
                .until(() -> !request(ClientFrame.newBuilder().setPresence(query), ServerFrame::hasPresence)
                        .getPresence()
                        .getOnline());
    }

    /** Sends a frame under a new id and returns the first answer that matches. */
    ServerFrame request(ClientFrame.Builder frame, Predicate<ServerFrame> fits) {
        String id = send(frame);
        return awaitFrame(answer -> answer.getId().equals(id) && fits.test(answer));
    }

    /**
     * Sends a frame under a new id.
     *
     * @return the id
     */
    String send(ClientFrame.Builder frame) {
        String id = Integer.toString(nextId++);
        write(frame.setId(id).build());
        return id;
    }

    void ack(long upTo) {
        write(ClientFrame.newBuilder().setAck(Ack.newBuilder().setUpTo(upTo)).build());
    }

    private void write(ClientFrame frame) {
        switch (subprotocol) {
            case JSON -> socket.sendText(ProtoJson.print(frame), true).join();
            case PROTO ->
                socket.sendBinary(ByteBuffer.wrap(frame.toByteArray()), true).join();
        }
    }

    void writeRaw(String rawText) {
        socket.sendText(rawText, true).join();
    }

    void writeRaw(byte[] rawBytes) {
        socket.sendBinary(ByteBuffer.wrap(rawBytes), true).join();
    }

    ServerFrame awaitFrame(Predicate<ServerFrame> fits) {
        await().atMost(TIMEOUT).until(() -> received.stream().anyMatch(fits) || closed.isDone());
        return received.stream()
                .filter(fits)
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        "closed with " + closed.getNow(-1) + " before a matching frame; received: " + received));
    }

    /** Returns the close code that the server sends. */
    int awaitClose() {
        await().atMost(TIMEOUT).until(closed::isDone);
        return closed.join();
    }

    List<ServerFrame> received() {
        return received;
    }

    @Override
    public void onOpen(WebSocket opened) {
        opened.request(Long.MAX_VALUE);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            try {
                received.add(ProtoJson.parse(text.toString(), ServerFrame.newBuilder())
                        .build());
            } catch (InvalidProtocolBufferException e) {
                closed.completeExceptionally(e);
            }
            text.setLength(0);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] part = new byte[data.remaining()];
        data.get(part);
        bytes.writeBytes(part);
        if (last) {
            try {
                received.add(ServerFrame.parseFrom(bytes.toByteArray()));
            } catch (InvalidProtocolBufferException e) {
                closed.completeExceptionally(e);
            }
            bytes.reset();
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int statusCode, String reason) {
        closed.complete(statusCode);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
        closed.completeExceptionally(failure);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
