package dev.tidings.processors.inbox;

import com.google.protobuf.Timestamp;
import dev.tidings.state.v1.UserRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.MessagePreview;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.ReadAdvanced;
import dev.tidings.v1.Session;
import java.util.ArrayList;
import java.util.List;

/** What events and sessions do to a user's state, as pure functions. */
public final class InboxDecider {

    /** More devices than this, and the longest connected one has to go. */
    public static final int MAX_SESSIONS = 16;

    private static final int PREVIEW_CHARACTERS = 120;

    private InboxDecider() {}

    /**
     * The view after an event. All positions are joined (the greatest counts), so an event that was applied before
     * gives back an equal view.
     *
     * @param version given to the view if it changes
     */
    public static ViewRecord apply(ViewRecord view, String userId, ConversationEvent event, long version) {
        ViewRecord.Builder next = view.toBuilder();
        switch (event.getBodyCase()) {
            case MESSAGE_SENT -> {
                if (event.getSeq() <= view.getLastSeq()) {
                    return view;
                }
                MessageSent sent = event.getMessageSent();
                next.setLastSeq(event.getSeq())
                        .setLastIndex(event.getMessageIndex())
                        .setLastMessage(preview(event.getSeq(), event.getSentAt(), sent));
                if (sent.getSender().equals(userId)) {
                    next.setOwnIndex(event.getMessageIndex());
                }
            }
            case READ_ADVANCED -> {
                ReadAdvanced read = event.getReadAdvanced();
                if (read.getUserId().equals(userId)) {
                    next.setReadSeq(Math.max(view.getReadSeq(), read.getReadSeq()))
                            .setReadIndex(Math.max(view.getReadIndex(), read.getReadIndex()));
                } else {
                    next.setPeerReadSeq(Math.max(view.getPeerReadSeq(), read.getReadSeq()));
                }
                if (next.getReadSeq() == view.getReadSeq() && next.getPeerReadSeq() == view.getPeerReadSeq()) {
                    return view;
                }
            }
            case MESSAGE_EDITED,
                    MESSAGE_RECALLED,
                    MESSAGES_DELETED,
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
                    FRIEND_DECLINED,
                    FRIEND_REMOVED,
                    BLOCK_CHANGED,
                    REMARK_CHANGED -> throw new IllegalArgumentException("not yet");
            case BODY_NOT_SET -> throw new IllegalArgumentException("event without a body");
        }
        return next.setVersion(version).setUpdatedAt(event.getSentAt()).build();
    }

    /** Messages after the last one that the user has read or written. */
    public static long unread(ViewRecord view) {
        return Math.max(0, view.getLastIndex() - Math.max(view.getReadIndex(), view.getOwnIndex()));
    }

    public static ConversationView shown(String conversationId, ViewRecord view) {
        return ConversationView.newBuilder()
                .setConversationId(conversationId)
                .setLastSeq(view.getLastSeq())
                .setUnread(unread(view))
                .setReadSeq(view.getReadSeq())
                .setPeerReadSeq(view.getPeerReadSeq())
                .setLastMessage(view.getLastMessage())
                .setVersion(view.getVersion())
                .setUpdatedAt(view.getUpdatedAt())
                .build();
    }

    /** Whether the session's gateway has come up again since: there is nobody at its other end any more. */
    public static boolean isOutdated(UserRecord user, Session opened) {
        return user.getSessionsList().stream().anyMatch(session -> isOfEarlierEpoch(opened, session));
    }

    /** The sessions that must end because this one opens: the device's earlier ones, and the oldest beyond the limit. */
    public static List<Session> replacedBy(UserRecord user, Session opened) {
        List<Session> replaced = new ArrayList<>();
        int staying = 1;
        for (Session session : user.getSessionsList().reversed()) {
            if (session.getSessionId().equals(opened.getSessionId())) {
                continue;
            }
            boolean sameDevice = session.getDeviceId().equals(opened.getDeviceId());
            if (sameDevice || isOfEarlierEpoch(session, opened) || staying == MAX_SESSIONS) {
                replaced.add(session);
            } else {
                staying++;
            }
        }
        return replaced;
    }

    /** The user with this session open as the newest, and without those it replaces. */
    public static UserRecord open(UserRecord user, Session opened, List<Session> replaced) {
        UserRecord.Builder next = user.toBuilder().clearSessions();
        user.getSessionsList().stream()
                .filter(session -> !session.getSessionId().equals(opened.getSessionId()))
                .filter(session -> !replaced.contains(session))
                .forEach(next::addSessions);
        return next.addSessions(opened).build();
    }

    public static UserRecord close(UserRecord user, Session closed) {
        UserRecord.Builder next = user.toBuilder().clearSessions();
        user.getSessionsList().stream()
                .filter(session -> !session.equals(closed))
                .forEach(next::addSessions);
        return next.build();
    }

    /** A gateway that came up again took all its earlier sessions with it. */
    private static boolean isOfEarlierEpoch(Session session, Session opened) {
        return session.getGatewaySlot() == opened.getGatewaySlot()
                && session.getGatewayEpoch() < opened.getGatewayEpoch();
    }

    private static MessagePreview preview(long seq, Timestamp sentAt, MessageSent sent) {
        return MessagePreview.newBuilder()
                .setSeq(seq)
                .setSender(sent.getSender())
                .setSentAt(sentAt)
                .setText(preview(sent.getContent()))
                .build();
    }

    private static String preview(Content content) {
        return switch (content.getBodyCase()) {
            case TEXT -> abbreviated(content.getText().getBody());
            case IMAGE -> "[image]";
            case AUDIO -> "[audio]";
            case VIDEO -> "[video]";
            case FILE -> "[file]";
            case LOCATION -> "[location]";
            case CARD -> "[card]";
            case CUSTOM -> "[custom]";
            case ENCRYPTED -> "[encrypted]";
            case BODY_NOT_SET -> "";
        };
    }

    /** Never cuts a character outside the basic plane in two. */
    private static String abbreviated(String text) {
        return text.codePointCount(0, text.length()) <= PREVIEW_CHARACTERS
                ? text
                : text.substring(0, text.offsetByCodePoints(0, PREVIEW_CHARACTERS));
    }
}
