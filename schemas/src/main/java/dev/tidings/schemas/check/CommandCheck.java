package dev.tidings.schemas.check;

import dev.tidings.schemas.id.ConversationId;
import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.Command;
import dev.tidings.v1.Content;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.SendMessage;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What can be said against a command by looking at nothing but the command. */
public final class CommandCheck {

    public static final int MAX_CONTENT_BYTES = 65_536;
    public static final int MAX_CLIENT_MSG_ID_BYTES = 128;

    private CommandCheck() {}

    /** Why this command cannot be accepted by any conversation, or null where nothing speaks against it. */
    public static @Nullable Refusal check(Command command) {
        ConversationId id = ConversationId.parse(command.getConversationId());
        if (id == null) {
            return refusal(
                    Refusal.Reason.INVALID_CONVERSATION_ID,
                    "conversationId must be p:<a>:<b> with the user ids sorted, or g:, r:, s:, b: and an id; it is \""
                            + abbreviated(command.getConversationId()) + '"');
        }
        if (id instanceof ConversationId.Private pair && pair.withOneself()) {
            return refusal(
                    Refusal.Reason.CONVERSATION_WITH_ONESELF, "a private conversation needs two different users");
        }
        if (!UserId.isValid(command.getActor())) {
            return refusal(Refusal.Reason.INVALID_USER_ID, "actor must be [A-Za-z0-9_.-]{1,64}");
        }
        return switch (command.getBodyCase()) {
            case SEND_MESSAGE -> check(command.getSendMessage());
            case MARK_READ ->
                command.getMarkRead().getSeq() < 1
                        ? refusal(Refusal.Reason.SEQ_OUT_OF_RANGE, "seq must be at least 1")
                        : null;
            case BODY_NOT_SET -> null;
        };
    }

    public static Refusal refusal(Refusal.Reason reason, String message) {
        return Refusal.newBuilder().setReason(reason).setMessage(message).build();
    }

    private static @Nullable Refusal check(SendMessage send) {
        if (!isToken(send.getClientMsgId())) {
            return refusal(
                    Refusal.Reason.INVALID_CLIENT_MSG_ID,
                    "clientMsgId must be 1 to " + MAX_CLIENT_MSG_ID_BYTES + " bytes without control characters");
        }
        Content content = send.getContent();
        int size = content.getSerializedSize();
        if (size > MAX_CONTENT_BYTES) {
            return refusal(
                    Refusal.Reason.CONTENT_TOO_LARGE,
                    "content must be at most " + MAX_CONTENT_BYTES + " bytes; it is " + size);
        }
        boolean empty = switch (content.getBodyCase()) {
            case TEXT -> content.getText().getBody().isBlank();
            case IMAGE -> !content.getImage().hasMedia();
            case AUDIO -> !content.getAudio().hasMedia();
            case VIDEO -> !content.getVideo().hasMedia();
            case FILE -> !content.getFile().hasMedia();
            case LOCATION -> false;
            case CARD -> content.getCard().getTitle().isBlank();
            case CUSTOM -> content.getCustom().getType().isBlank();
            case ENCRYPTED -> content.getEncrypted().getPayload().isEmpty();
            case BODY_NOT_SET -> true;
        };
        return empty ? refusal(Refusal.Reason.CONTENT_EMPTY, "content must not be empty or blank") : null;
    }

    /** Whether a name given by a client is fit to be kept: device ids, client message ids. */
    public static boolean isToken(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_CLIENT_MSG_ID_BYTES
                && text.getBytes(StandardCharsets.UTF_8).length <= MAX_CLIENT_MSG_ID_BYTES
                && text.chars().noneMatch(Character::isISOControl);
    }

    private static String abbreviated(String text) {
        return text.codePointCount(0, text.length()) <= 80
                ? text
                : text.substring(0, text.offsetByCodePoints(0, 80)) + "…";
    }
}
