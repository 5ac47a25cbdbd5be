package dev.tidings.ops.erasure;

import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.ErasedMessage;
import dev.tidings.v1.Erasure;
import dev.tidings.v1.ForwardedFrom;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The messages and users that are erased, by everything that identifies them. Immutable. */
final class ErasedSubjects {

    private record Position(String conversationId, long seq) {}

    private record ClientMessage(String conversationId, String sender, String clientMsgId) {}

    private final Set<Position> positions = new HashSet<>();
    private final Set<String> messageIds = new HashSet<>();
    private final Set<ClientMessage> clientMessages = new HashSet<>();
    /** By user id: the time of the erasure. The user may come back later. */
    private final Map<String, Long> erasedMillis = new HashMap<>();

    ErasedSubjects(Collection<Erasure> erasures) {
        for (Erasure erasure : erasures) {
            switch (erasure.getSubjectCase()) {
                case MESSAGE -> add(erasure.getMessage());
                case USER ->
                    erasedMillis.merge(erasure.getUser().getUserId(), Timestamps.toMillis(erasure.getAt()), Math::max);
                case SUBJECT_NOT_SET ->
                    throw new IllegalArgumentException("the erasure " + erasure.getAuditId() + " has no subject");
            }
        }
    }

    private void add(ErasedMessage message) {
        positions.add(new Position(message.getConversationId(), message.getSeq()));
        messageIds.add(message.getMessageId());
        clientMessages.add(
                new ClientMessage(message.getConversationId(), message.getSender(), message.getClientMsgId()));
    }

    boolean hasMessage(String conversationId, long seq) {
        return positions.contains(new Position(conversationId, seq));
    }

    boolean hasMessage(String messageId) {
        return messageIds.contains(messageId);
    }

    boolean hasMessage(String conversationId, String sender, String clientMsgId) {
        return clientMessages.contains(new ClientMessage(conversationId, sender, clientMsgId));
    }

    /** Whether a forwarded message is a copy of an erased one. */
    boolean hasOrigin(ForwardedFrom origin, long atMillis) {
        return hasMessage(origin.getConversationId(), origin.getSeq())
                || hasMessage(origin.getMessageId())
                || hasUser(origin.getSender(), atMillis);
    }

    /** Whether the user was erased at this time or later. */
    boolean hasUser(String userId, long atMillis) {
        Long erased = erasedMillis.get(userId);
        return erased != null && atMillis <= erased;
    }

    /**
     * Whether bytes of any format contain the id of an erased user or message: between characters that ids do not have, or after its length,
     * as protobuf writes it.
     */
    boolean isNamedIn(byte[] bytes) {
        // one character for each byte, so that no byte is lost
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int begin = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || !UserId.isAllowed(text.charAt(i))) {
                if (isId(text.substring(begin, i))) {
                    return true;
                }
                begin = i + 1;
            }
            int end = i < text.length() ? i + 1 + text.charAt(i) : Integer.MAX_VALUE;
            if (end <= text.length() && isId(text.substring(i + 1, end))) {
                return true;
            }
        }
        return false;
    }

    private boolean isId(String text) {
        return erasedMillis.containsKey(text) || messageIds.contains(text);
    }
}
