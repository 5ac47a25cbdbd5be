package dev.tidings.ops.bench.client;

import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Content;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Send;
import dev.tidings.v1.ServerFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends messages before the run, as one user on a device of their own, with at most {@value #MAX_UNANSWERED} of them unanswered.
 * Any failure ends it. Thread-safe.
 */
public final class EarlierMessages extends SetupClient<EarlierMessages.Outcome> {

    static final int MAX_UNANSWERED = 500;

    /** The outcome. */
    public sealed interface Outcome {}

    /** @param seqs of the messages, in the order of their answers */
    public record Sent(List<Long> seqs) implements Outcome {}

    /** Not all messages were sequenced. */
    public record Failed(String reason) implements Outcome {}

    private final List<String> conversationIds;
    private final Content content;
    private final List<Long> seqs = new ArrayList<>();
    private int sent;

    /**
     * @param conversationIds where each message goes; not empty
     * @param content of every message
     * @param token of the sender
     */
    public EarlierMessages(List<String> conversationIds, Content content, String token, FrameFormat format) {
        super(token, "bench-earlier", format);
        this.conversationIds = List.copyOf(conversationIds);
        this.content = content;
    }

    @Override
    Failed failure(String reason) {
        return new Failed(reason);
    }

    @Override
    void handle(ServerFrame frame) {
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
                    USERS,
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
}
