package dev.tidings.processors.store;

import com.google.protobuf.MessageLite;
import dev.tidings.processors.store.LimitExceededException.Kind;
import dev.tidings.schemas.Limits;
import dev.tidings.schemas.check.UserCommandCheck;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.Ban;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.DirectoryCommand;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.ModerationCase;
import dev.tidings.v1.Notification;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserEvent;
import dev.tidings.v1.UserProfile;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Checks the outputs and state values of topologies against {@link Limits}. A Protobuf message caches its size, which
 * its serialization needs anyway, so the check is cheap.
 */
public final class OutputLimits {

    /** Lengths and attributes that Kafka writes beside a header's key and value. */
    private static final int HEADER_OVERHEAD = 10;

    private OutputLimits() {}

    /** Returns the largest allowed size of an output or a state value of this type, in bytes. */
    public static int of(@Nullable Object value) {
        return switch (value) {
            case ConversationEvent _ -> Limits.EVENT;
            case InboxRecord _ -> Limits.INBOX_RECORD;
            case Delivery _ -> Limits.DELIVERY;
            case BusinessReply _ -> Limits.BUSINESS_REPLY;
            case ModerationCase _ -> Limits.MODERATION_CASE;
            case AuditRecord _ -> Limits.AUDIT_RECORD;
            case Ban _ -> Limits.BAN;
            case DirectoryCommand _ -> Limits.DIRECTORY_COMMAND;
            case UserProfile _ -> Limits.USER_PROFILE;
            case UserEvent _ -> Limits.USER_EVENT;
            case Notification _ -> Limits.NOTIFICATION;
            case Command _ -> Limits.RULES_COMMAND;
            case UserCommand command -> UserCommandCheck.maxBytes(command);
            case ViewRecord _ -> Limits.VIEW;
            case byte[] _ -> Limits.DEAD_LETTER;
            case null, default -> Limits.STATE_VALUE;
        };
    }

    /** @throws LimitExceededException if the record is too large for its topic */
    static void require(Record<?, ?> output) {
        int size = sizeOf(output.value());
        requireSize(nameOf(output.value()), size, of(output.value()));
        long whole = (long) size + sizeOf(output.key()) + sizeOf(output.headers());
        requireSize(nameOf(output.value()) + " with key and headers", whole, Limits.RECORD);
    }

    /** @throws LimitExceededException if the state value, or its record in the changelog, is too large */
    static void require(String store, String key, Object value) {
        int size = sizeOf(value);
        requireSize("the value in store " + store, size, of(value));
        requireSize("the value in store " + store + " with its key", (long) size + sizeOf(key), Limits.RECORD);
    }

    private static void requireSize(String what, long size, int limit) {
        if (size > limit) {
            throw new LimitExceededException(
                    Kind.SIZE, what + " would have " + size + " bytes; at most " + limit + " are allowed");
        }
    }

    private static int sizeOf(@Nullable Object part) {
        if (part == null) {
            return 0;
        }
        return switch (part) {
            case MessageLite message -> message.getSerializedSize();
            case byte[] bytes -> bytes.length;
            case String text -> sizeOf(text);
            case Integer _ -> Integer.BYTES;
            case Long _ -> Long.BYTES;
            default -> throw new IllegalArgumentException("nothing of " + part.getClass() + " is written");
        };
    }

    /**
     * Returns the exact size of long texts, and an upper bound for short ones: a {@code char} takes at most three
     * bytes.
     */
    private static int sizeOf(String text) {
        return text.length() <= 1_024 ? text.length() * 3 : text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static long sizeOf(Headers headers) {
        long size = 0;
        for (Header header : headers) {
            size += HEADER_OVERHEAD + sizeOf(header.key()) + (header.value() == null ? 0 : header.value().length);
        }
        return size;
    }

    private static String nameOf(@Nullable Object value) {
        return value == null ? "the record" : "the " + value.getClass().getSimpleName();
    }
}
