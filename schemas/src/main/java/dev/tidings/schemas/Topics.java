package dev.tidings.schemas;

import static dev.tidings.schemas.Topic.Partitioning.CONVERSATIONS;
import static dev.tidings.schemas.Topic.Partitioning.GATEWAY_SLOTS;
import static dev.tidings.schemas.Topic.Partitioning.SINGLE;
import static dev.tidings.schemas.Topic.Partitioning.USERS;

import dev.tidings.schemas.serde.ProtoSerde;
import dev.tidings.v1.Ban;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.GatewayBeat;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.ModerationCase;
import dev.tidings.v1.Notification;
import dev.tidings.v1.PushOutcome;
import dev.tidings.v1.PushRetry;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserEvent;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;

/**
 * Everything that is said, in the order in which it flows:
 *
 * <pre>
 * business systems ─▶ BUSINESS ─▶ intake ─┐
 *                               gateway ─▶ COMMANDS ─▶ conversation ─▶ CONVERSATION_EVENTS ─▶ connectors
 *                                                           ├────────▶ BUSINESS_REPLIES ─▶ business systems
 *                                                           ├────────▶ MODERATION ─▶ whoever reviews
 *                                                           ├────────▶ BANS ─▶ gateways
 *                                                           └────────▶ INBOX ─▶ inbox ─▶ DELIVERIES ─▶ gateway
 *                               gateway ─▶ USER_COMMANDS ───────────────────────▶ │
 *                                                                                 ├───▶ USER_EVENTS ─▶ connectors
 *                                                                                 └───▶ NOTIFICATIONS ─▶ push connector ─▶ PUSH_OUTCOMES
 *                                                                                                      └─▶ PUSH_RETRIES ─▶ push connector
 * </pre>
 */
public final class Topics {

    /** What business systems ask for, as they wrote it: see {@code business.proto}. Key: whatever they chose. */
    public static final Topic<byte[], byte[]> BUSINESS = Topic.of(
                    "tidings.business", Serdes.ByteArray(), Serdes.ByteArray(), CONVERSATIONS)
            .logAppendTime()
            .compressedBy("lz4") // LZ4 can do without a native library
            .keptFor(Duration.ofDays(7));

    /** What is asked of conversations. Key: conversation id. */
    public static final Topic<String, Command> COMMANDS = Topic.of(
                    "tidings.commands",
                    Serdes.String(),
                    ProtoSerde.discardingUnknownFields(Command.parser()),
                    CONVERSATIONS)
            .logAppendTime()
            .keptForever();

    /** What was decided: the history. Key: conversation id. */
    public static final Topic<String, ConversationEvent> CONVERSATION_EVENTS = Topic.of(
                    "tidings.conversation-events",
                    Serdes.String(),
                    ProtoSerde.of(ConversationEvent.parser()),
                    CONVERSATIONS)
            .keptForever();

    /** What became of the commands of business systems. Key: request id. */
    public static final Topic<String, BusinessReply> BUSINESS_REPLIES = Topic.of(
                    "tidings.business-replies", Serdes.String(), ProtoSerde.of(BusinessReply.parser()), CONVERSATIONS)
            .keptFor(Duration.ofDays(7));

    /** Messages that somebody should look at. Key: conversation id. */
    public static final Topic<String, ModerationCase> MODERATION = Topic.of(
                    "tidings.moderation", Serdes.String(), ProtoSerde.of(ModerationCase.parser()), CONVERSATIONS)
            .keptFor(Duration.ofDays(30));

    /** Events on their way to users. Key: inbox partition, which is also the partition it lies in. */
    public static final Topic<Integer, InboxRecord> INBOX = Topic.of(
                    "tidings.inbox", Serdes.Integer(), ProtoSerde.of(InboxRecord.parser()), USERS)
            .keptFor(Duration.ofDays(7));

    /** What users ask about themselves. Key: user id. */
    public static final Topic<String, UserCommand> USER_COMMANDS = Topic.of(
                    "tidings.user-commands",
                    Serdes.String(),
                    ProtoSerde.discardingUnknownFields(UserCommand.parser()),
                    USERS)
            .logAppendTime()
            .keptFor(Duration.ofDays(7));

    /** What changed for users. Key: user id. */
    public static final Topic<String, UserEvent> USER_EVENTS = Topic.of(
                    "tidings.user-events", Serdes.String(), ProtoSerde.of(UserEvent.parser()), USERS)
            .keptFor(Duration.ofDays(30));

    /** Who is to be notified away from the screen. Key: user id. */
    public static final Topic<String, Notification> NOTIFICATIONS = Topic.of(
                    "tidings.notifications", Serdes.String(), ProtoSerde.of(Notification.parser()), USERS)
            .keptFor(Duration.ofDays(7));

    /** Notifications that wait for another attempt at one target. Key: user id. Nothing waits for more than an hour. */
    public static final Topic<String, PushRetry> PUSH_RETRIES = Topic.of(
                    "tidings.push-retries", Serdes.String(), ProtoSerde.of(PushRetry.parser()), USERS)
            .keptFor(Duration.ofDays(1));

    /** What became of notifications. Key: notification id. */
    public static final Topic<String, PushOutcome> PUSH_OUTCOMES = Topic.of(
                    "tidings.push-outcomes", Serdes.String(), ProtoSerde.of(PushOutcome.parser()), USERS)
            .keptFor(Duration.ofDays(7));

    /** What gateways are to hand on. Key: gateway slot, which is also the partition it lies in. */
    public static final Topic<Integer, Delivery> DELIVERIES = Topic.of(
                    "tidings.deliveries", Serdes.Integer(), ProtoSerde.of(Delivery.parser()), GATEWAY_SLOTS)
            .keptFor(Duration.ofHours(6));

    /** Which gateway holds which slot. Key: gateway slot. */
    public static final Topic<Integer, GatewayBeat> GATEWAYS = Topic.of(
                    "tidings.gateways", Serdes.Integer(), ProtoSerde.of(GatewayBeat.parser()), SINGLE)
            .logAppendTime()
            .compactedWithin(Duration.ofMinutes(10));

    /** Who may not connect, for gateways. Key: what the ban is about ({@code BanSubject}). */
    public static final Topic<String, Ban> BANS = Topic.of(
                    "tidings.bans", Serdes.String(), ProtoSerde.of(Ban.parser()), SINGLE)
            .compacted();

    /** Input that cannot be read, as received; the headers say from where and why. Key: as received. */
    public static final Topic<byte[], byte[]> DEAD_LETTERS = Topic.of(
                    "tidings.dead-letters", Serdes.ByteArray(), Serdes.ByteArray(), SINGLE)
            .keptForever();

    public static final List<Topic<?, ?>> ALL = List.of(
            BUSINESS,
            COMMANDS,
            CONVERSATION_EVENTS,
            BUSINESS_REPLIES,
            MODERATION,
            INBOX,
            USER_COMMANDS,
            USER_EVENTS,
            NOTIFICATIONS,
            PUSH_RETRIES,
            PUSH_OUTCOMES,
            DELIVERIES,
            GATEWAYS,
            BANS,
            DEAD_LETTERS);

    private Topics() {}
}
