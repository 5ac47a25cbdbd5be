package dev.tidings.processors.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.v1.Answer;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.SendMessage;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.common.errors.SerializationException;

/** Checks that commands lead to the right events, in one order, and that events go to all recipients. */
final class SequenceRecount {

    private final World world;
    private final Ledger ledger;
    private final List<Commanded> commands = new ArrayList<>();
    private final Map<Name, Long> seqs = new HashMap<>();

    private record Name(String conversation, String sender, String clientMsgId) {}

    private record Commanded(Command command, long atMillis) {}

    SequenceRecount(World world, Ledger ledger) {
        this.world = world;
        this.ledger = ledger;
        for (Partition partition : world.cluster.partitions(Topics.COMMANDS)) {
            for (Partition.Appended record : partition.all()) {
                try {
                    commands.add(new Commanded(Ledger.value(Topics.COMMANDS, record), record.timestampMillis));
                } catch (SerializationException poison) {
                    // counted by onlyUnreadableRecordsAreDeadLetters
                }
            }
        }
        ledger.messages().forEach(event -> seqs.putIfAbsent(name(event), event.getSeq()));
    }

    void noGap() {
        ledger.events.keySet().forEach(conversation -> {
            List<Long> inOrder = ledger.sequence(conversation).stream()
                    .map(ConversationEvent::getSeq)
                    .toList();
            assertEquals(LongStream.rangeClosed(1, inOrder.size()).boxed().toList(), inOrder, conversation);
        });
    }

    void noMessageWithTwoSeqs() {
        Map<Name, Set<Long>> places = new HashMap<>();
        ledger.messages()
                .forEach(event -> places.computeIfAbsent(name(event), none -> new TreeSet<>())
                        .add(event.getSeq()));
        places.forEach((name, found) -> assertEquals(1, found.size(), () -> name + " at " + found));
    }

    void noSeqWithTwoEvents() {
        Map<String, Set<String>> eventsAt = new TreeMap<>();
        for (Partition partition : world.cluster.partitions(Topics.CONVERSATION_EVENTS)) {
            for (Partition.Appended record : partition.all()) {
                ConversationEvent event = Ledger.value(Topics.CONVERSATION_EVENTS, record);
                if (event.getSeq() > 0) {
                    eventsAt.computeIfAbsent(event.getConversationId() + '#' + event.getSeq(), none -> new TreeSet<>())
                            .add(event.toString());
                }
            }
        }
        eventsAt.forEach((seq, all) -> assertEquals(1, all.size(), seq));
    }

    /** Every message has a seq, unless it is a duplicate or may be refused. */
    void noMessageLost() {
        Map<String, ConversationEvent> outcomes = outcomes();
        Memberships memberships = new Memberships();
        Set<Name> known = new HashSet<>();
        for (Commanded commanded : commands) {
            Command command = commanded.command();
            ConversationEvent event = outcomes.get(command.getCommandId() + '@' + commanded.atMillis());
            if (event != null) {
                memberships.recipients(event);
            }
            if (command.hasSendMessage()) {
                assertTrue(
                        event != null
                                || known.contains(name(command))
                                || mayBeRefused(command, memberships, commanded.atMillis()),
                        () -> "lost: " + command);
                if (event != null) {
                    known.add(name(command));
                }
            }
        }
    }

    /** By command and time. */
    private Map<String, ConversationEvent> outcomes() {
        Map<String, ConversationEvent> outcomes = new HashMap<>();
        world.cluster
                .committed(Topics.CONVERSATION_EVENTS)
                .forEach(event ->
                        outcomes.put(event.getCommandId() + '@' + Timestamps.toMillis(event.getSentAt()), event));
        return outcomes;
    }

    private static boolean mayBeRefused(Command command, Memberships memberships, long atMillis) {
        SendMessage send = command.getSendMessage();
        boolean expired = send.hasExpiresAt() && Timestamps.toMillis(send.getExpiresAt()) <= atMillis;
        boolean callsAll =
                send.getMentions().getAll() && command.getConversationId().startsWith("g:");
        return CommandCheck.check(command) != null
                || expired
                || callsAll
                || memberships.isSilenced(command.getConversationId())
                || !memberships.belongs(command.getActor(), command.getConversationId());
    }

    /** Checks the events against a model that shares no code with the product. */
    void everyEventIsAllowed() {
        ReferenceModel model = new ReferenceModel();
        Set<String> asSystem = commands.stream()
                .map(Commanded::command)
                .filter(Command::getAsSystem)
                .map(Command::getCommandId)
                .collect(Collectors.toSet());
        Map<String, ConversationEvent> outcomes = outcomes();
        Set<ConversationEvent> seen = new HashSet<>();
        for (Commanded commanded : commands) {
            Command command = commanded.command();
            if (command.hasSubscribeGateway()) {
                model.subscribed(command.getConversationId(), command.getSubscribeGateway());
            }
            if (command.hasGatewayGone()) {
                model.gone(command.getGatewayGone());
            }
            ConversationEvent event = outcomes.get(command.getCommandId() + '@' + commanded.atMillis());
            if (event != null && seen.add(event)) {
                model.check(event, asSystem.contains(event.getCommandId()));
            }
        }
        assertEquals(world.cluster.committed(Topics.CONVERSATION_EVENTS).size(), seen.size());
        model.checkRecipients(world.cluster.committed(Topics.INBOX));
        model.checkGateways(world.cluster.committed(Topics.DELIVERIES));
    }

    void everyCommandIsAnsweredOnceAndCorrectly() {
        Map<String, Integer> answers = new TreeMap<>();
        for (Delivery delivery : world.cluster.committed(Topics.DELIVERIES)) {
            if (delivery.hasAnswer()) {
                answers.merge(delivery.getAnswer().getCommandId(), 1, Integer::sum);
            }
        }
        Map<String, Integer> waiting = new TreeMap<>();
        Map<String, Command> byId = new TreeMap<>();
        for (Commanded commanded : commands) {
            Command command = commanded.command();
            byId.put(command.getCommandId(), command);
            int slot = command.getOrigin().getGatewaySlot();
            boolean waits = command.hasOrigin() && !command.hasMarkRead() && !command.hasMarkDelivered();
            if (waits && slot >= 0 && slot < World.LAYOUT.gatewaySlots()) {
                waiting.merge(command.getCommandId(), 1, Integer::sum);
            }
        }
        waiting.forEach((id, count) -> assertEquals(count, answers.getOrDefault(id, 0), id));
        for (Partition partition : world.cluster.partitions(Topics.DELIVERIES)) {
            for (Partition.Appended record : partition.all()) {
                Answer answer = Ledger.value(Topics.DELIVERIES, record).getAnswer();
                Command command = byId.get(answer.getCommandId());
                if (answer.hasSequenced() && command != null && command.hasSendMessage()) {
                    assertEquals(seqs.get(name(command)), answer.getSequenced().getSeq(), answer::toString);
                }
            }
        }
    }

    void noPartialFanOut() {
        Map<String, Integer> received = new TreeMap<>();
        for (InboxRecord record : world.cluster.committed(Topics.INBOX)) {
            record.getRecipientsList()
                    .forEach(userId -> received.merge(place(record.getEvent()) + '@' + userId, 1, Integer::sum));
        }
        Map<String, Integer> expected = new TreeMap<>();
        ledger.received.forEach((userId, conversations) -> conversations.values().stream()
                .flatMap(List::stream)
                .forEach(event -> expected.merge(place(event) + '@' + userId, 1, Integer::sum)));
        assertEquals(expected, received);
    }

    /**
     * Records of an aborted transaction are written again, byte for byte, except for the versions of views: these depend on the commands that
     * INBOX has processed before. Badges are left out for the same reason, and so are views of users with settings: an event may be processed before or after a
     * change of settings.
     */
    void abortedRecordsAreWrittenAgain() {
        Set<String> withSettings = new HashSet<>();
        for (Partition partition : world.cluster.partitions(Topics.USER_COMMANDS)) {
            for (Partition.Appended record : partition.all()) {
                try {
                    UserCommand command = Ledger.value(Topics.USER_COMMANDS, record);
                    if (command.hasChangeSettings()) {
                        withSettings.add(command.getUserId());
                    }
                } catch (SerializationException poison) {
                    // belongs to no user
                }
            }
        }
        for (Topic<?, ?> topic : List.of(Topics.CONVERSATION_EVENTS, Topics.INBOX, Topics.USER_EVENTS)) {
            for (Partition partition : world.cluster.partitions(topic)) {
                Set<String> committed = partition.committed().stream()
                        .map(record -> comparable(topic, record))
                        .collect(Collectors.toSet());
                for (Partition.Appended record : partition.all()) {
                    boolean mayDiffer = Ledger.value(topic, record) instanceof UserEvent event
                            && (event.hasBadgeChanged()
                                    || event.hasViewChanged() && withSettings.contains(event.getUserId()));
                    assertTrue(
                            mayDiffer || committed.contains(comparable(topic, record)),
                            () -> topic.name() + ": " + Ledger.value(topic, record));
                }
            }
        }
    }

    /** The read position of a member who joins again starts anew. */
    void readingOnlyMovesForward() {
        Map<String, Long> before = new TreeMap<>();
        for (ConversationEvent event : world.cluster.committed(Topics.CONVERSATION_EVENTS)) {
            event.getMembersAdded()
                    .getUserIdsList()
                    .forEach(userId -> before.remove(userId + '@' + event.getConversationId()));
            if (event.hasReadAdvanced()) {
                String reader = event.getReadAdvanced().getUserId() + '@' + event.getConversationId();
                Long earlier = before.put(reader, event.getReadAdvanced().getReadSeq());
                assertTrue(earlier == null || earlier < event.getReadAdvanced().getReadSeq(), reader);
            }
        }
    }

    /**
     * An event carries the delivered position of its command if it is newer than those before, and no other; a position never exceeds the
     * sequence and never moves back; and a device of the user had received the event at the position before.
     *
     * @param carriers counts the events that carry a position
     */
    void deliveredPositionsAreTrue(LongAdder carriers) {
        Map<String, ConversationEvent> outcomes = outcomes();
        Map<String, Long> lastSeqs = new HashMap<>();
        Map<String, Long> carried = new HashMap<>();
        Map<String, Long> delivered = new HashMap<>();
        for (Commanded commanded : commands) {
            Command command = commanded.command();
            ConversationEvent event = outcomes.get(command.getCommandId() + '@' + commanded.atMillis());
            if (event == null) {
                continue;
            }
            String conversation = event.getConversationId();
            String user = command.getActor() + '@' + conversation;
            long last = lastSeqs.getOrDefault(conversation, 0L);
            long position = event.getDeliveredAdvanced().getDeliveredSeq();
            if (event.getSeq() > 0) {
                long carriedSeq = command.getDeliveredSeq();
                boolean isNew = conversation.startsWith("p:")
                        && carriedSeq <= last
                        && carriedSeq > carried.getOrDefault(user, 0L);
                position = isNew ? carriedSeq : 0;
                carried.merge(user, position, Math::max);
                lastSeqs.put(conversation, event.getSeq());
                assertEquals(position, event.getDeliveredSeq(), event::toString);
                if (position > 0) {
                    carriers.increment();
                }
            } else {
                assertEquals(0, event.getDeliveredSeq(), event::toString);
            }
            if (event.hasDeliveredAdvanced() || event.hasReadAdvanced()) {
                long said = Math.max(position, event.getReadAdvanced().getReadSeq());
                assertTrue(said <= last, () -> "beyond " + last + ": " + event);
                Long earlier = delivered.put(user, Math.max(said, delivered.getOrDefault(user, 0L)));
                assertTrue(
                        event.hasReadAdvanced()
                                || earlier == null
                                || (earlier < said && said > carried.getOrDefault(user, 0L)),
                        () -> "moves back from " + earlier + ": " + event);
            }
            if (position > 0) {
                long seq = position;
                assertTrue(
                        world.users.devices().stream()
                                .filter(device -> device.userId.equals(command.getActor()))
                                .map(device -> device.everArrived()
                                        .getOrDefault(conversation, Map.of())
                                        .get(seq))
                                .anyMatch(arrival -> arrival != null && arrival <= commanded.atMillis()),
                        () -> "no device had seq " + seq + ": " + event);
            }
        }
    }

    void onlyUnreadableRecordsAreDeadLetters() {
        assertEquals(
                world.users.poisoned(),
                world.cluster
                        .partitions(Topics.DEAD_LETTERS)
                        .getFirst()
                        .committed()
                        .size());
    }

    int commands() {
        return commands.size();
    }

    private static Name name(ConversationEvent event) {
        MessageSent sent = event.getMessageSent();
        return new Name(event.getConversationId(), sent.getSender(), sent.getClientMsgId());
    }

    private static Name name(Command command) {
        return new Name(
                command.getConversationId(),
                command.getActor(),
                command.getSendMessage().getClientMsgId());
    }

    private static String place(ConversationEvent event) {
        return event.getConversationId() + '#' + event.getSeq() + ' ' + event.getCommandId();
    }

    private static String comparable(Topic<?, ?> topic, Partition.Appended record) {
        byte[] value = record.value;
        if (Ledger.value(topic, record) instanceof UserEvent event && event.hasViewChanged()) {
            UserEvent.Builder received = event.toBuilder();
            received.getViewChangedBuilder().clearVersion();
            value = received.build().toByteArray();
        }
        return Arrays.toString(record.key) + Arrays.toString(value) + record.timestampMillis;
    }
}
