package dev.tidings.schemas;

import static dev.tidings.schemas.Topic.Partitioning.CONVERSATIONS;
import static dev.tidings.schemas.Topic.Partitioning.GATEWAY_SLOTS;
import static dev.tidings.schemas.Topic.Partitioning.SINGLE;
import static dev.tidings.schemas.Topic.Partitioning.USERS;

import dev.tidings.schemas.serde.BusinessReplySerde;
import dev.tidings.schemas.serde.ProtoSerde;
import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.Ban;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.DirectoryCommand;
import dev.tidings.v1.Erasure;
import dev.tidings.v1.GatewayBeat;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.LegalHold;
import dev.tidings.v1.ModerationCase;
import dev.tidings.v1.Notification;
import dev.tidings.v1.PushOutcome;
import dev.tidings.v1.PushRetry;
import dev.tidings.v1.TokenRevocation;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserEvent;
import dev.tidings.v1.UserProfile;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;

/**
 * All topics, in the order in which records flow through them:
 *
 * <pre>
 * business systems ─▶ BUSINESS ─▶ intake ─┤ (INTAKE_STEPS ─▶ intake)
 *                               gateway ─▶ COMMANDS ─▶ conversation ─▶ CONVERSATION_EVENTS ─▶ connectors
 *                                                           ├────────▶ BUSINESS_REPLIES ─▶ business systems
 *                                                           ├────────▶ MODERATION ─▶ reviewers
 *                                                           ├────────▶ BANS ─▶ gateways
 *                                                           ├────────▶ AUDIT ─▶ connectors
 *                                                           └────────▶ INBOX ─▶ inbox ─▶ DELIVERIES ─▶ gateway
 *                               gateway ─▶ USER_COMMANDS ───────────────────────▶ │
 *                                                                                 ├───▶ USER_EVENTS ─▶ connectors
 *                                                                                 └───▶ NOTIFICATIONS ─▶ push connector ─▶ PUSH_OUTCOMES
 *                                                                                                      └─▶ PUSH_RETRIES ─▶ push connector
 *                      operators, gateway ─▶ TOKEN_REVOCATIONS ─▶ gateways
 *                      operators ─▶ ERASURES ─▶ erasure of the log
 *                      operators ─▶ LEGAL_HOLDS ─▶ operators
 * intake, gateway ─▶ DIRECTORY_COMMANDS ─▶ directory ─▶ DIRECTORY ─▶ connectors
 * </pre>
 */
public final class Topics {

    /** Commands of business systems, as received: see {@code business.proto}. Key: as received. */
    public static final Topic<byte[], byte[]> BUSINESS = Topic.of(
                    "tidings.business", Serdes.ByteArray(), Serdes.ByteArray(), CONVERSATIONS)
            .logAppendTime()
            .compressedBy("lz4") // LZ4 needs no native library
            .keptFor(Duration.ofDays(7));

    /**
     * The next steps of requests to many users. Key: the partition, which is also that of the request in {@link #BUSINESS}.
     * Value: the offset of the request.
     */
    public static final Topic<Integer, Long> INTAKE_STEPS = Topic.of(
                    "tidings.intake-steps", Serdes.Integer(), Serdes.Long(), CONVERSATIONS)
            .keptFor(Duration.ofDays(7));

    /** Commands to conversations. Key: conversation id; empty for commands that concern all conversations. */
    public static final Topic<String, Command> COMMANDS = Topic.of(
                    "tidings.commands",
                    Serdes.String(),
                    ProtoSerde.discardingUnknownFields(Command.parser()),
                    CONVERSATIONS)
            .logAppendTime()
            .keptForever();

    /** Events of conversations: the history. Key: conversation id. */
    public static final Topic<String, ConversationEvent> CONVERSATION_EVENTS = Topic.of(
                    "tidings.conversation-events",
                    Serdes.String(),
                    ProtoSerde.of(ConversationEvent.parser()),
                    CONVERSATIONS)
            .keptForever();

    /** Replies to business systems, in the format of the request: protobuf or JSON. Key: request id. */
    public static final Topic<String, BusinessReply> BUSINESS_REPLIES = Topic.of(
                    "tidings.business-replies", Serdes.String(), BusinessReplySerde.create(), CONVERSATIONS)
            .keptFor(Duration.ofDays(7));

    /** Messages and other texts that need a review. Key: conversation id. */
    public static final Topic<String, ModerationCase> MODERATION = Topic.of(
                    "tidings.moderation", Serdes.String(), ProtoSerde.of(ModerationCase.parser()), CONVERSATIONS)
            .keptFor(Duration.ofDays(30));

    /** Events on their way to users. Key: the inbox partition, which is also the topic partition. */
    public static final Topic<Integer, InboxRecord> INBOX = Topic.of(
                    "tidings.inbox", Serdes.Integer(), ProtoSerde.of(InboxRecord.parser()), USERS)
            .keptFor(Duration.ofDays(7));

    /** Commands of users about their own state. Key: user id; empty for commands that concern many users. */
    public static final Topic<String, UserCommand> USER_COMMANDS = Topic.of(
                    "tidings.user-commands",
                    Serdes.String(),
                    ProtoSerde.discardingUnknownFields(UserCommand.parser()),
                    USERS)
            .logAppendTime()
            .keptForever();

    /** Changes of the own facts of users, their sessions, presence and badge. A message writes none. Key: user id. */
    public static final Topic<String, UserEvent> USER_EVENTS = Topic.of(
                    "tidings.user-events", Serdes.String(), ProtoSerde.of(UserEvent.parser()), USERS)
            .keptFor(Duration.ofDays(30));

    /** Push notifications. Key: user id. */
    public static final Topic<String, Notification> NOTIFICATIONS = Topic.of(
                    "tidings.notifications", Serdes.String(), ProtoSerde.of(Notification.parser()), USERS)
            .keptFor(Duration.ofDays(7));

    /** Push notifications that wait for another attempt at one target, at most an hour. Key: user id. */
    public static final Topic<String, PushRetry> PUSH_RETRIES = Topic.of(
                    "tidings.push-retries", Serdes.String(), ProtoSerde.of(PushRetry.parser()), USERS)
            .keptFor(Duration.ofDays(1));

    /** Outcomes of push notifications. Key: notification id. */
    public static final Topic<String, PushOutcome> PUSH_OUTCOMES = Topic.of(
                    "tidings.push-outcomes", Serdes.String(), ProtoSerde.of(PushOutcome.parser()), USERS)
            .keptFor(Duration.ofDays(7));

    /** Deliveries to gateways. Key: the gateway slot, which is also the topic partition. */
    public static final Topic<Integer, Delivery> DELIVERIES = Topic.of(
                    "tidings.deliveries", Serdes.Integer(), ProtoSerde.of(Delivery.parser()), GATEWAY_SLOTS)
            .keptFor(Duration.ofHours(6));

    /** Heartbeats of gateways, which claim the slots. Key: gateway slot. */
    public static final Topic<Integer, GatewayBeat> GATEWAYS = Topic.of(
                    "tidings.gateways", Serdes.Integer(), ProtoSerde.of(GatewayBeat.parser()), SINGLE)
            .logAppendTime()
            .compactedWithin(Duration.ofMinutes(10));

    /** Bans, for gateways. Key: the subject of the ban ({@code BanSubject}). */
    public static final Topic<String, Ban> BANS = Topic.of(
                    "tidings.bans", Serdes.String(), ProtoSerde.of(Ban.parser()), SINGLE)
            .compacted();

    /**
     * Revocations of tokens, for gateways. Key: what is revoked ({@code TokenSubject}). A record is older than every token that it
     * revokes lives: at most 90 days ({@code gateway.jwt.max-lifetime-days}).
     */
    public static final Topic<String, TokenRevocation> TOKEN_REVOCATIONS = Topic.of(
                    "tidings.token-revocations", Serdes.String(), ProtoSerde.of(TokenRevocation.parser()), SINGLE)
            .logAppendTime()
            .compactedAndKeptFor(Duration.ofDays(91));

    /** Changes of the user directory. Key: user id; empty for rules. */
    public static final Topic<String, DirectoryCommand> DIRECTORY_COMMANDS = Topic.of(
                    "tidings.directory-commands",
                    Serdes.String(),
                    ProtoSerde.discardingUnknownFields(DirectoryCommand.parser()),
                    USERS)
            .logAppendTime()
            .keptForever();

    /** The user directory. Key: user id. */
    public static final Topic<String, UserProfile> DIRECTORY = Topic.of(
                    "tidings.directory", Serdes.String(), ProtoSerde.of(UserProfile.parser()), USERS)
            .compacted();

    /** Administrative acts and their results. Key: the target of the act. */
    public static final Topic<String, AuditRecord> AUDIT = Topic.of(
                    "tidings.audit", Serdes.String(), ProtoSerde.of(AuditRecord.parser()), CONVERSATIONS)
            .keptForever();

    /** Messages and users whose words the erasure of the log removes. Key: conversation id or user id. */
    public static final Topic<String, Erasure> ERASURES = Topic.of(
                    "tidings.erasures", Serdes.String(), ProtoSerde.of(Erasure.parser()), SINGLE)
            .keptForever();

    /** Users and conversations that must not be erased. Key: {@code user:<id>} or {@code conversation:<id>}. */
    public static final Topic<String, LegalHold> LEGAL_HOLDS = Topic.of(
                    "tidings.legal-holds", Serdes.String(), ProtoSerde.of(LegalHold.parser()), SINGLE)
            .compacted();

    /** Records that could not be processed, as received; the headers have their source and the reason. Key: as received. */
    public static final Topic<byte[], byte[]> DEAD_LETTERS = Topic.of(
                    "tidings.dead-letters", Serdes.ByteArray(), Serdes.ByteArray(), SINGLE)
            .keptForever();

    public static final List<Topic<?, ?>> ALL = List.of(
            BUSINESS,
            INTAKE_STEPS,
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
            TOKEN_REVOCATIONS,
            DIRECTORY_COMMANDS,
            DIRECTORY,
            AUDIT,
            ERASURES,
            LEGAL_HOLDS,
            DEAD_LETTERS);

    private Topics() {}
}
