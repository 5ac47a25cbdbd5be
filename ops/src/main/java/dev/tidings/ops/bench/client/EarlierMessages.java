package dev.tidings.ops.bench.client;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.ops.bench.websocket.WebSocketClient;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Connect;
import dev.tidings.v1.Content;
import dev.tidings.v1.Platform;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Send;
import dev.tidings.v1.ServerFrame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages before the run, as one user on a device of their own, with at most {@value #MAX_UNANSWERED} of them unanswered.
 * Any failure ends it. Thread-safe.
 */
public final class EarlierMessages implements WebSocketClient.Listener {

    static final int MAX_UNANSWERED = 500;

    private static final String CONNECT_ID = "c";

    /** The outcome. */
    public sealed interface Outcome {}

    /** @param seqs of the messages, in the order of their answers */
    public record Sent(List<Long> seqs) implements Outcome {}

    /** Not all messages were sequenced. */
    public record Failed(String reason) implements Outcome {}

    private final List<String> conversationIds;
    private final Content content;
    private final String token;
    private final FrameFormat format;
    private final List<Long> seqs = new ArrayList<>();
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private @Nullable WebSocketClient webSocket;
    private int sent;

    /**
     * @param conversationIds where each message goes; not empty
     * @param content of every message
     * @param token of the sender
     */
    public EarlierMessages(List<String> conversationIds, Content content, String token, FrameFormat format) {
        this.conversationIds = List.copyOf(conversationIds);
        this.content = content;
        this.token = token;
        this.format = format;
    }

    /** Waits for the outcome. Returns {@link Failed} after the timeout. */
    public Outcome outcome(Duration timeout) {
        return outcome.completeOnTimeout(
                        new Failed("not done within " + timeout.toSeconds() + " s"),
                        timeout.toNanos(),
                        TimeUnit.NANOSECONDS)
                .join();
    }

    @Override
    public synchronized void opened(WebSocketClient opened) {
        webSocket = opened;
        write(ClientFrame.newBuilder()
                .setId(CONNECT_ID)
                .setConnect(Connect.newBuilder()
                        .setToken(token)
                        .setDeviceId("bench-earlier")
                        .setPlatform(Platform.SERVER)));
    }

    @Override
    public synchronized void received(ByteBuffer payload) {
        try {
            handle(format.decode(payload));
        } catch (InvalidProtocolBufferException e) {
            fail("unreadable frame: " + e.getMessage());
        }
    }

    @Override
    public synchronized void closed(String reason) {
        fail(reason);
    }

    private void handle(ServerFrame frame) {
        switch (frame.getBodyCase()) {
            case CONNECTED -> sendNext();
            case SEQUENCED -> {
                seqs.add(frame.getSequenced().getSeq());
                sendNext();
            }
            case REFUSED -> {
                Refusal refusal = frame.getRefused();
                fail("refused, reason=" + refusal.getReason() + " message=" + refusal.getMessage());
            }
            case ERROR ->
                fail("error, code=" + frame.getError().getCode() + " message="
                        + frame.getError().getMessage());
            case DISCONNECT -> fail("disconnect, code=" + frame.getDisconnect().getCode());
            // confirmations before the answer, and what others send to the user
            case ACCEPTED,
                    EVENTS,
                    HEAD,
                    HEARTBEAT,
                    SYNC_PAGE,
                    RECEIPTS,
                    VIEW,
                    PRESENCE,
                    DEVICES,
                    APPLIED,
                    GROUP,
                    TOKEN_REFRESHED,
                    SEARCH_RESULTS,
                    BODY_NOT_SET -> {}
        }
    }

    private void sendNext() {
        while (sent < conversationIds.size() && sent - seqs.size() < MAX_UNANSWERED) {
            String id = Integer.toString(sent);
            write(ClientFrame.newBuilder()
                    .setId(id)
                    .setSend(Send.newBuilder()
                            .setConversationId(conversationIds.get(sent))
                            .setClientMsgId("earlier-" + id)
                            .setContent(content)));
            sent++;
        }
        if (seqs.size() == conversationIds.size()) {
            complete(new Sent(List.copyOf(seqs)));
        }
    }

    private void fail(String reason) {
        complete(new Failed(reason));
    }

    private void complete(Outcome result) {
        if (outcome.complete(result) && webSocket != null) {
            webSocket.close();
        }
    }

    private void write(ClientFrame.Builder frame) {
        if (webSocket != null) {
            webSocket.send(format.encode(frame.build()));
        }
    }
}
