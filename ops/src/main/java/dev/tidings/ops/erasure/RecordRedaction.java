package dev.tidings.ops.erasure;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.tidings.ops.deadletters.DeadLetterRecord;
import dev.tidings.ops.deadletters.RecordPosition;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.state.v1.BroadcastRecord;
import dev.tidings.state.v1.GroupHeadRecord;
import dev.tidings.state.v1.GroupRecord;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.state.v1.PendingRequest;
import dev.tidings.state.v1.PresenceRecord;
import dev.tidings.state.v1.SequenceRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.UserProfile;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Removes the words of erased subjects from the records of one broker. Pass all events of a partition to {@link
 * #collectCommand} before its commands to {@link #redact}: a command of an erased message that caused no event was refused, and is
 * removed whole, because a replay could not refuse it again without its content.
 */
final class RecordRedaction {

    /** A record as the log has it. */
    record LogRecord(String topic, Headers headers, byte @Nullable [] key, byte @Nullable [] value, long atMillis) {}

    /** The result of a redaction. */
    sealed interface Outcome {
        record Unchanged() implements Outcome {}

        record Changed(byte[] value) implements Outcome {}

        record Removed() implements Outcome {}
    }

    private static final Outcome UNCHANGED = new Outcome.Unchanged();
    private static final Outcome REMOVED = new Outcome.Removed();

    private static final Map<String, Topic<?, ?>> TOPICS =
            Topics.ALL.stream().collect(Collectors.toMap(Topic::name, Function.identity()));

    /** A changelog whose values can have words: its store, the type of its values, and the scope that its keys give. */
    private record Changelog(String store, Parser<? extends Message> values, Function<String[], RecordScope> scope) {

        boolean isTopic(String topic) {
            return topic.startsWith("tidings-") && topic.endsWith('-' + store + "-changelog");
        }
    }

    private static final RecordScope NOWHERE = RecordScope.at(0);

    private static final Set<Changelog> CHANGELOGS = Set.of(
            new Changelog("sequences", SequenceRecord.parser(), RecordRedaction::entry),
            new Changelog("members", MemberRecord.parser(), key -> user(key, 1).inConversation(key[0])),
            new Changelog("groups", GroupRecord.parser(), key -> NOWHERE.inConversation(key[0])),
            new Changelog("views", ViewRecord.parser(), key -> user(key, 0).inConversation(part(key, 1))),
            new Changelog("broadcasts", BroadcastRecord.parser(), key -> NOWHERE.inConversation(key[0])),
            new Changelog("group-heads", GroupHeadRecord.parser(), key -> NOWHERE.inConversation(key[0])),
            new Changelog("presence", PresenceRecord.parser(), key -> user(key, 0)),
            new Changelog("user-profiles", UserProfile.parser(), key -> NOWHERE),
            new Changelog("pending-requests", PendingRequest.parser(), key -> NOWHERE));

    private final ErasedSubjects erased;
    private final Redaction redaction;
    private final Set<String> acceptedCommandIds = new HashSet<>();
    /** Of other messages whose senders have used the client message id of an erased one again. */
    private final Set<String> keptCommandIds = new HashSet<>();

    RecordRedaction(ErasedSubjects erased) {
        this.erased = erased;
        this.redaction = new Redaction(erased);
    }

    /** Whether records of the topic can have words of users. */
    static boolean covers(String topic) {
        return TOPICS.containsKey(topic) || CHANGELOGS.stream().anyMatch(changelog -> changelog.isTopic(topic));
    }

    /** Collects the id of the command of an event of {@code tidings.conversation-events}, if the event concerns an erased subject. */
    void collectCommand(LogRecord record) {
        try {
            ConversationEvent event = ConversationEvent.parseFrom(orEmpty(record.value()));
            if (redaction.concerns(event, record.atMillis())) {
                acceptedCommandIds.add(event.getCommandId());
            } else if (event.hasMessageSent()
                    && erased.hasMessage(
                            event.getConversationId(),
                            event.getMessageSent().getSender(),
                            event.getMessageSent().getClientMsgId())) {
                keptCommandIds.add(event.getCommandId());
            }
        } catch (InvalidProtocolBufferException e) {
            // not an event: it has no command
        }
    }

    Outcome redact(LogRecord record) {
        byte[] value = record.value();
        if (value == null) {
            return UNCHANGED;
        }
        if (record.topic().equals(Topics.DEAD_LETTERS.name())) {
            return redactDeadLetter(record, value);
        }
        if (record.topic().equals(Topics.BUSINESS.name())) {
            return redactRequest(record, value);
        }
        Topic<?, ?> topic = TOPICS.get(record.topic());
        return topic == null ? redactState(record, value) : redactTyped(topic, record, value);
    }

    private <V> Outcome redactTyped(Topic<?, V> topic, LogRecord record, byte[] value) {
        V parsed;
        try {
            parsed = topic.value().deserializer().deserialize(topic.name(), record.headers(), value);
        } catch (SerializationException e) {
            return redactUnreadable(value);
        }
        if (!(parsed instanceof Message message)
                || parsed instanceof Command other && keptCommandIds.contains(other.getCommandId())) {
            return UNCHANGED;
        }
        Message redacted = redaction.redacted(message, RecordScope.at(record.atMillis()));
        if (redacted == message) {
            return UNCHANGED;
        }
        if (redacted instanceof Command command) {
            if (!acceptedCommandIds.contains(command.getCommandId())) {
                return REMOVED;
            }
            redacted = command.hasSendMessage() || command.hasEditMessage()
                    ? command.toBuilder().setContentErased(true).build()
                    : command;
        }
        @SuppressWarnings("unchecked") // a redaction keeps the type
        V typed = (V) redacted;
        return new Outcome.Changed(topic.value().serializer().serialize(topic.name(), record.headers(), typed));
    }

    private Outcome redactState(LogRecord record, byte[] value) {
        for (Changelog changelog : CHANGELOGS) {
            if (changelog.isTopic(record.topic())) {
                RecordScope scope = changelog.scope().apply(parts(record.key()));
                return redactState(
                        changelog.values(),
                        value,
                        new RecordScope(scope.conversationId(), scope.seq(), scope.userId(), record.atMillis()));
            }
        }
        return UNCHANGED;
    }

    private Outcome redactState(Parser<? extends Message> parser, byte[] value, RecordScope scope) {
        try {
            return redactParsed(parser.parseFrom(value), scope);
        } catch (InvalidProtocolBufferException e) {
            return UNCHANGED;
        }
    }

    private Outcome redactParsed(Message parsed, RecordScope scope) {
        Message redacted = redaction.redacted(parsed, scope);
        return redacted == parsed ? UNCHANGED : new Outcome.Changed(redacted.toByteArray());
    }

    /** A dead letter is removed if its record has words of an erased subject. */
    private Outcome redactDeadLetter(LogRecord letter, byte[] value) {
        RecordPosition from = DeadLetterRecord.of(new ConsumerRecord<>(
                        letter.topic(),
                        0,
                        0,
                        letter.atMillis(),
                        TimestampType.CREATE_TIME,
                        ConsumerRecord.NULL_SIZE,
                        ConsumerRecord.NULL_SIZE,
                        letter.key(),
                        value,
                        letter.headers(),
                        Optional.empty()))
                .from();
        if (from == null || !TOPICS.containsKey(from.topic()) || from.topic().equals(Topics.DEAD_LETTERS.name())) {
            return redactUnreadable(value);
        }
        Outcome outcome = redact(new LogRecord(from.topic(), letter.headers(), letter.key(), value, letter.atMillis()));
        return outcome instanceof Outcome.Unchanged ? UNCHANGED : REMOVED;
    }

    /** A request of a business system is in protobuf or JSON. */
    private Outcome redactRequest(LogRecord record, byte[] value) {
        RecordScope scope = RecordScope.at(record.atMillis());
        if (value.length == 0 || value[0] != '{') {
            try {
                return redactParsed(BusinessCommand.parser().parseFrom(value), scope);
            } catch (InvalidProtocolBufferException e) {
                return redactUnreadable(value);
            }
        }
        try {
            Message parsed = ProtoJson.parse(new String(value, StandardCharsets.UTF_8), BusinessCommand.newBuilder())
                    .build();
            Message redacted = redaction.redacted(parsed, scope);
            return redacted == parsed
                    ? UNCHANGED
                    : new Outcome.Changed(ProtoJson.print(redacted).getBytes(StandardCharsets.UTF_8));
        } catch (InvalidProtocolBufferException e) {
            return redactUnreadable(value);
        }
    }

    /** A record that cannot be parsed is removed if it names an erased subject. */
    private Outcome redactUnreadable(byte[] value) {
        return erased.isNamedIn(value) ? REMOVED : UNCHANGED;
    }

    private static RecordScope entry(String[] key) {
        int generation = key[0].indexOf('#');
        RecordScope scope = NOWHERE.inConversation(generation < 0 ? key[0] : key[0].substring(0, generation));
        return key.length < 2 ? scope : scope.atSeq(Long.parseLong(key[1], 16));
    }

    private static RecordScope user(String[] key, int place) {
        return NOWHERE.ofUser(part(key, place));
    }

    private static String part(String[] key, int place) {
        return place < key.length ? key[place] : "";
    }

    /** The parts of a key of a store. */
    private static String[] parts(byte @Nullable [] key) {
        return new String(orEmpty(key), StandardCharsets.UTF_8).split("\0", -1);
    }

    private static byte[] orEmpty(byte @Nullable [] bytes) {
        return bytes == null ? new byte[0] : bytes;
    }
}
