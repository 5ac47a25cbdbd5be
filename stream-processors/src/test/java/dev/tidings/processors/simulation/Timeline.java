package dev.tidings.processors.simulation;

import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.UnreadRecount;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.MessagePreview;
import dev.tidings.v1.SeqRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The state of one conversation in a client that keeps (conversation, seq): events by their seq, the greatest of all positions, and the
 * newest view. It does not depend on the order in which things arrive, or how often.
 */
final class Timeline {

    private final String userId;
    private final String conversationId;
    private final TreeMap<Long, ConversationEvent> events = new TreeMap<>();
    /** Seqs of own commands of which only the answer has arrived. */
    private final TreeSet<Long> answered = new TreeSet<>();
    /** Seqs that history does not return, from before the user joined or after they left. */
    private final TreeSet<Long> absent = new TreeSet<>();

    private final TreeSet<Long> deleted = new TreeSet<>();
    private final Map<String, Long> claims = new HashMap<>();
    private final List<String> shown = new ArrayList<>();
    private ConversationView view = ConversationView.getDefaultInstance();
    private ChangeSettings settings = ChangeSettings.getDefaultInstance();
    private boolean hidden;
    private long lastMessageSeq;
    private long knownSeq;
    private long readSeq;
    private long peerReadSeq;
    private long peerDeliveredSeq;

    Timeline(String userId, String conversationId) {
        this.userId = userId;
        this.conversationId = conversationId;
    }

    /** An event, live or from history. */
    void take(ConversationEvent event) {
        if (event.getSeq() == 0) {
            takeFact(event);
            return;
        }
        if (event.getDeliveredSeq() > 0 && !author(event).equals(userId)) {
            peerDeliveredSeq = Math.max(peerDeliveredSeq, event.getDeliveredSeq());
        }
        boolean known = has(event.getSeq());
        events.put(event.getSeq(), event);
        if (event.hasMessageSent() && !known) {
            show(
                    event.getSeq(),
                    event.getMessageSent().getSender(),
                    event.getMessageSent().getClientMsgId());
            hidden &= event.getSeq() <= view.getLastSeq();
        }
    }

    /** The user whose command led to an event of a private conversation. */
    static String author(ConversationEvent event) {
        return switch (event.getBodyCase()) {
            case MESSAGE_SENT -> event.getMessageSent().getSender();
            case MESSAGE_EDITED -> event.getMessageEdited().getBy();
            case MESSAGE_RECALLED -> event.getMessageRecalled().getBy();
            case REACTION_CHANGED -> event.getReactionChanged().getUserId();
            case PIN_CHANGED -> event.getPinChanged().getBy();
            case FRIEND_REQUESTED -> event.getFriendRequested().getBy();
            case FRIEND_ACCEPTED -> event.getFriendAccepted().getBy();
            case FRIEND_REMOVED -> event.getFriendRemoved().getBy();
            default -> throw new IllegalStateException("no event of the sequence of a private conversation: " + event);
        };
    }

    private void takeFact(ConversationEvent event) {
        switch (event.getBodyCase()) {
            case READ_ADVANCED -> {
                if (event.getReadAdvanced().getUserId().equals(userId)) {
                    readSeq = Math.max(readSeq, event.getReadAdvanced().getReadSeq());
                } else {
                    peerReadSeq = Math.max(peerReadSeq, event.getReadAdvanced().getReadSeq());
                    peerDeliveredSeq = Math.max(peerDeliveredSeq, peerReadSeq);
                }
            }
            case DELIVERED_ADVANCED -> {
                if (!event.getDeliveredAdvanced().getUserId().equals(userId)) {
                    peerDeliveredSeq = Math.max(
                            peerDeliveredSeq, event.getDeliveredAdvanced().getDeliveredSeq());
                }
            }
            case MESSAGES_DELETED -> event.getMessagesDeleted().getRangesList().forEach(this::delete);
            case BLOCK_CHANGED, FRIEND_DECLINED -> {} // relations are not compared here
            case MESSAGE_SENT,
                    MESSAGE_EDITED,
                    MESSAGE_RECALLED,
                    REACTION_CHANGED,
                    PIN_CHANGED,
                    GROUP_CREATED,
                    GROUP_UPDATED,
                    MEMBERS_ADDED,
                    JOIN_REQUESTED,
                    JOIN_DECLINED,
                    MEMBER_LEFT,
                    MEMBERS_REMOVED,
                    ROLE_CHANGED,
                    OWNERSHIP_TRANSFERRED,
                    MEMBER_MUTED,
                    ALL_MUTED,
                    GROUP_DISSOLVED,
                    FRIEND_REQUESTED,
                    FRIEND_ACCEPTED,
                    FRIEND_REMOVED,
                    REMARK_CHANGED,
                    TYPING_STARTED,
                    BODY_NOT_SET -> throw new IllegalStateException("no fact of these conversations: " + event);
        }
    }

    /** The user's own command is sequenced. The session that asked does not receive the event. */
    void answered(long seq) {
        answered.add(seq);
    }

    /** The user's own message is sequenced. */
    void answered(long seq, String clientMsgId) {
        if (!has(seq)) {
            show(seq, userId, clientMsgId);
            hidden &= seq <= view.getLastSeq();
        }
        answered.add(seq);
    }

    void take(ConversationView received) {
        knownSeq = Math.max(knownSeq, received.getLastSeq());
        readSeq = Math.max(readSeq, received.getReadSeq());
        peerReadSeq = Math.max(peerReadSeq, received.getPeerReadSeq());
        peerDeliveredSeq = Math.max(peerDeliveredSeq, received.getPeerDeliveredSeq());
        received.getDeletedList().forEach(this::delete);
        if (received.getVersion() >= view.getVersion()) {
            view = received;
            settings = ChangeSettings.newBuilder()
                    .setPinned(received.getPinned())
                    .setMuted(received.getMuted())
                    .setDraft(received.getDraft())
                    .build();
            hidden = received.getHidden() && lastMessageSeq <= received.getLastSeq();
        }
    }

    /** The head of a large group. */
    void head(long lastSeq) {
        knownSeq = Math.max(knownSeq, lastSeq);
    }

    /** The user's own change of settings is applied. */
    void take(ChangeSettings applied) {
        settings = settings.toBuilder()
                .mergeFrom(applied)
                .clearOrigin()
                .clearConversationId()
                .clearHidden()
                .build();
        hidden = applied.hasHidden() ? applied.getHidden() : hidden;
    }

    /** The user's own read position is accepted; it may still be refused. */
    void claim(String frameId, long seq) {
        claims.put(frameId, seq);
    }

    void withdraw(String frameId) {
        claims.remove(frameId);
    }

    /** The session is lost. The next one tells the positions. */
    void withdrawAll() {
        claims.clear();
    }

    void delete(SeqRange range) {
        for (long seq = range.getFromSeq(); seq <= range.getToSeq(); seq++) {
            deleted.add(seq);
        }
    }

    /** History has no further events in this range. */
    void noMoreBetween(long from, long to) {
        for (long seq = from; seq <= to; seq++) {
            if (!events.containsKey(seq)) {
                absent.add(seq);
            }
        }
    }

    /** Allows the client to ask again for events that history did not return. */
    void askAgain() {
        absent.clear();
    }

    /** Whether the event has arrived, also as an answer. */
    boolean has(long seq) {
        return events.containsKey(seq) || answered.contains(seq);
    }

    /**
     * The newest range of events that have not arrived, up to {@link #lastSeq}; null: none.
     *
     * @param ownToo whether an answer is not enough
     */
    @Nullable
    SeqRange missing(boolean ownToo) {
        long to = lastSeq();
        while (to > 0 && isThere(to, ownToo)) {
            to--;
        }
        long from = to;
        while (from > 1 && !isThere(from - 1, ownToo)) {
            from--;
        }
        return to == 0
                ? null
                : SeqRange.newBuilder().setFromSeq(from).setToSeq(to).build();
    }

    private boolean isThere(long seq, boolean ownToo) {
        return absent.contains(seq) || (ownToo ? events.containsKey(seq) : has(seq));
    }

    long lastSeq() {
        long last = knownSeq;
        last = events.isEmpty() ? last : Math.max(last, events.lastKey());
        return answered.isEmpty() ? last : Math.max(last, answered.last());
    }

    /** The newest view of the server. */
    ConversationView view() {
        return view;
    }

    /** The newest seq that a sync or a head has brought. */
    long knownSeq() {
        return knownSeq;
    }

    /** Messages by sender and name, in the order in which they were shown. */
    List<String> shown() {
        return shown;
    }

    TreeMap<Long, ConversationEvent> events() {
        return events;
    }

    /**
     * The view that the client shows, without the fields that are not compared.
     *
     * @param countedMillis what has expired by then is not unread
     * @param shownMillis what has expired by then is not the last message
     */
    ConversationView seen(long countedMillis, long shownMillis) {
        long read = claims.values().stream().reduce(readSeq, Math::max);
        UnreadRecount unread = UnreadRecount.of(userId, read, stretches(deleted), countedMillis, events.values());
        return ConversationView.newBuilder()
                .setConversationId(conversationId)
                .setLastSeq(lastSeq())
                .setUnread(unread.messages())
                .setUnreadMentions(unread.mentions())
                .setReadSeq(read)
                .setPeerReadSeq(peerReadSeq)
                .setPeerDeliveredSeq(peerDeliveredSeq)
                .addAllDeleted(stretches(deleted))
                .setPinned(settings.getPinned())
                .setMuted(settings.getMuted())
                .setDraft(settings.getDraft())
                .setHidden(hidden)
                .setLastMessage(withoutExpired(lastMessage(), shownMillis))
                .build();
    }

    private static MessagePreview withoutExpired(MessagePreview last, long atMillis) {
        return last.hasExpiresAt() && Timestamps.toMillis(last.getExpiresAt()) <= atMillis
                ? MessagePreview.getDefaultInstance()
                : last;
    }

    /** The server's view, without the fields that are not compared. */
    static ConversationView compared(ConversationView received, long shownMillis) {
        return received.toBuilder()
                .clearVersion()
                .clearUpdatedAt()
                .clearCountedIndex()
                .clearGroup()
                .clearRelation()
                .clearCustom()
                .setLastMessage(withoutExpired(
                        received.getLastMessage().toBuilder().clearSentAt().build(), shownMillis))
                .build();
    }

    /**
     * The newest message while the user was a member, or what the view says of it. Empty if the user has deleted it for
     * themselves: an older message does not take its place.
     */
    private MessagePreview lastMessage() {
        boolean belongs = conversationId.startsWith("p:");
        MessagePreview.Builder last = view.getLastMessage().toBuilder().clearSentAt();
        long asOf = view.getLastSeq();
        for (ConversationEvent event : events.values()) {
            belongs = (belongs || UnreadRecount.isComing(userId, event)) && !isGoing(event);
            if (belongs && event.hasMessageSent() && isNewest(event.getSeq(), last.getSeq())) {
                asOf = event.getSeq();
                last.setSeq(event.getSeq())
                        .setSender(event.getMessageSent().getSender())
                        .setText(event.getMessageSent().getContent().getText().getBody())
                        .clearRecalled()
                        .clearExpiresAt();
                if (event.getMessageSent().hasExpiresAt()) {
                    last.setExpiresAt(event.getMessageSent().getExpiresAt());
                }
            }
        }
        for (ConversationEvent event : events.tailMap(asOf, false).values()) {
            if (event.getMessageEdited().getSeq() == last.getSeq() && event.hasMessageEdited()) {
                last.setText(event.getMessageEdited().getContent().getText().getBody());
            } else if (event.getMessageRecalled().getSeq() == last.getSeq() && event.hasMessageRecalled()) {
                last.clearText().setRecalled(true);
            }
        }
        return deleted.contains(last.getSeq()) ? MessagePreview.getDefaultInstance() : last.build();
    }

    private boolean isNewest(long seq, long lastSeq) {
        return seq == lastSeq || seq > Math.max(lastSeq, view.getLastSeq());
    }

    private boolean isGoing(ConversationEvent event) {
        return event.getMemberLeft().getUserId().equals(userId)
                || event.getMembersRemoved().getUserIdsList().contains(userId);
    }

    private static List<SeqRange> stretches(TreeSet<Long> seqs) {
        List<SeqRange> stretches = new ArrayList<>();
        for (long seq : seqs) {
            SeqRange last = stretches.isEmpty() ? SeqRange.getDefaultInstance() : stretches.getLast();
            if (!stretches.isEmpty() && last.getToSeq() == seq - 1) {
                stretches.set(
                        stretches.size() - 1, last.toBuilder().setToSeq(seq).build());
            } else {
                stretches.add(
                        SeqRange.newBuilder().setFromSeq(seq).setToSeq(seq).build());
            }
        }
        return stretches;
    }

    private void show(long seq, String sender, String clientMsgId) {
        shown.add(sender + ' ' + clientMsgId);
        lastMessageSeq = Math.max(lastMessageSeq, seq);
    }
}
