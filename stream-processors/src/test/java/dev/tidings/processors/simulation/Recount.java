package dev.tidings.processors.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.schemas.Topic;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.Answer;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.UserEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.common.errors.SerializationException;

/** What the log says of a world that stands still, counted from scratch; each invariant is a method. */
final class Recount {

    private final World world;
    private final Map<String, List<ConversationEvent>> messages = new TreeMap<>();
    private final Map<String, Long> readSeqs = new TreeMap<>();
    private final Map<Name, Long> seqs;
    private final List<Command> commands;

    private record Name(String conversation, String sender, String clientMsgId) {}

    Recount(World world) {
        this.world = world;
        for (ConversationEvent event : world.cluster.committed(Topics.CONVERSATION_EVENTS)) {
            if (event.hasMessageSent()) {
                messages.computeIfAbsent(event.getConversationId(), none -> new ArrayList<>())
                        .add(event);
            } else {
                readSeqs.merge(
                        event.getReadAdvanced().getUserId() + '@' + event.getConversationId(),
                        event.getReadAdvanced().getReadSeq(),
                        Math::max);
            }
        }
        seqs = allMessages().stream()
                .collect(Collectors.toMap(
                        event -> name(event),
                        ConversationEvent::getSeq,
                        (one, other) -> one == other.longValue() ? one : -1L));
        commands = readableCommands();
    }

    void noGap() {
        messages.forEach((conversation, events) -> assertEquals(
                LongStream.rangeClosed(1, events.size()).boxed().toList(),
                events.stream().map(ConversationEvent::getSeq).toList(),
                conversation));
    }

    void noMessageWithTwoSeqs() {
        assertEquals(
                allMessages().size(),
                allMessages().stream().map(Recount::name).distinct().count());
    }

    void noSeqWithTwoMessages() {
        Map<String, Set<String>> messagesAt = new TreeMap<>();
        for (Partition partition : world.cluster.partitions(Topics.CONVERSATION_EVENTS)) {
            for (Partition.Appended record : partition.all()) {
                ConversationEvent event = value(Topics.CONVERSATION_EVENTS, record);
                if (event.hasMessageSent()) {
                    messagesAt
                            .computeIfAbsent(event.getConversationId() + '#' + event.getSeq(), none -> new TreeSet<>())
                            .add(event.toString());
                }
            }
        }
        messagesAt.forEach((seq, all) -> assertEquals(1, all.size(), seq));
    }

    void noneLost() {
        Set<Name> asked = commands.stream()
                .filter(Command::hasSendMessage)
                .filter(Recount::isAllowed)
                .map(Recount::name)
                .collect(Collectors.toSet());
        assertEquals(asked, seqs.keySet());
    }

    void noMessageFromAStranger() {
        allMessages()
                .forEach(event -> assertTrue(
                        pair(event.getConversationId())
                                .has(event.getMessageSent().getSender()),
                        event::toString));
    }

    void everyoneWhoWaitsIsAnsweredOnceAndRight() {
        Map<String, Integer> answers = new TreeMap<>();
        for (Delivery delivery : world.cluster.committed(Topics.DELIVERIES)) {
            if (delivery.hasAnswer()) {
                answers.merge(delivery.getAnswer().getCommandId(), 1, Integer::sum);
            }
        }
        Map<String, Integer> waiting = new TreeMap<>();
        Map<String, Command> byId = new TreeMap<>();
        for (Command command : commands) {
            byId.put(command.getCommandId(), command);
            int slot = command.getOrigin().getGatewaySlot();
            if (command.hasOrigin() && command.hasSendMessage() && slot >= 0 && slot < World.LAYOUT.gatewaySlots()) {
                waiting.merge(command.getCommandId(), 1, Integer::sum);
            }
        }
        waiting.forEach((id, count) -> assertEquals(count, answers.getOrDefault(id, 0), id));
        for (Partition partition : world.cluster.partitions(Topics.DELIVERIES)) {
            for (Partition.Appended record : partition.all()) {
                Answer answer = value(Topics.DELIVERIES, record).getAnswer();
                Command command = byId.get(answer.getCommandId());
                if (answer.hasSequenced() && command != null) {
                    assertEquals(seqs.get(name(command)), answer.getSequenced().getSeq(), answer::toString);
                }
            }
        }
    }

    void noPartialFanOut() {
        Map<String, Integer> told = new TreeMap<>();
        for (InboxRecord record : world.cluster.committed(Topics.INBOX)) {
            ConversationEvent event = record.getEvent();
            record.getRecipientsList()
                    .forEach(user -> told.merge(
                            event.getConversationId() + '#' + event.getSeq() + event.getCommandId() + '@' + user,
                            1,
                            Integer::sum));
        }
        int expected = 0;
        for (ConversationEvent event : world.cluster.committed(Topics.CONVERSATION_EVENTS)) {
            for (String user : pair(event.getConversationId()).users()) {
                expected++;
                String key = event.getConversationId() + '#' + event.getSeq() + event.getCommandId() + '@' + user;
                assertEquals(1, told.get(key), key);
            }
        }
        assertEquals(expected, told.size());
    }

    /** Whatever was read from a transaction that was aborted later has been said again, byte for byte. */
    void whatWasReadEarlyWasTrue() {
        for (Topic<?, ?> topic : List.of(Topics.CONVERSATION_EVENTS, Topics.INBOX, Topics.USER_EVENTS)) {
            for (Partition partition : world.cluster.partitions(topic)) {
                Set<String> committed =
                        partition.committed().stream().map(Recount::bytes).collect(Collectors.toSet());
                partition
                        .all()
                        .forEach(record -> assertTrue(
                                committed.contains(bytes(record)), () -> topic.name() + ": " + value(topic, record)));
            }
        }
    }

    void unreadEqualsARecount() {
        Map<String, ConversationView> views = views();
        messages.forEach((conversation, events) -> {
            for (String user : pair(conversation).users()) {
                long from = readSeq(user, conversation);
                for (ConversationEvent event : events) {
                    if (event.getMessageSent().getSender().equals(user)) {
                        from = Math.max(from, event.getSeq());
                    }
                }
                long unread = events.size() - from;
                ConversationView view = views.get(user + '@' + conversation);
                assertEquals(events.size(), view == null ? 0 : view.getLastSeq(), user + " in " + conversation);
                assertEquals(unread, view == null ? 0 : view.getUnread(), user + " in " + conversation);
                assertEquals(
                        readSeq(user, conversation),
                        view == null ? 0 : view.getReadSeq(),
                        user + " in " + conversation);
            }
        });
    }

    /** By one for each event of any of the user's conversations, however often the event has come. */
    void versionsOnlyGrow() {
        Map<String, Long> versions = new TreeMap<>();
        for (UserEvent event : world.cluster.committed(Topics.USER_EVENTS)) {
            if (event.hasViewChanged()) {
                assertEquals(
                        versions.merge(event.getUserId(), 1L, Long::sum),
                        event.getViewChanged().getVersion(),
                        event.getUserId());
            }
        }
        Map<String, Long> events = new TreeMap<>();
        for (ConversationEvent event : world.cluster.committed(Topics.CONVERSATION_EVENTS)) {
            pair(event.getConversationId()).users().forEach(user -> events.merge(user, 1L, Long::sum));
        }
        assertEquals(events, versions);
    }

    void readingOnlyMovesForward() {
        Map<String, Long> before = new TreeMap<>();
        for (ConversationEvent event : world.cluster.committed(Topics.CONVERSATION_EVENTS)) {
            if (event.hasReadAdvanced()) {
                String reader = event.getReadAdvanced().getUserId() + '@' + event.getConversationId();
                long seq = event.getReadAdvanced().getReadSeq();
                Long earlier = before.put(reader, seq);
                assertTrue(earlier == null || earlier < seq, reader);
            }
        }
    }

    /** Live, by the answer to its own send, or below the head that a sync gave: with these a device has everything. */
    void everyOpenDeviceHasEveryEvent() {
        int open = 0;
        for (Device device : world.people.devices()) {
            Device.Connection connection = device.current();
            if (connection == null) {
                continue;
            }
            open++;
            assertTrue(connection.ready && connection.synced, connection.session::toString);
            messages.forEach((conversation, events) -> {
                if (pair(conversation).has(device.userId)) {
                    Set<Long> has = new TreeSet<>(connection.live.getOrDefault(conversation, Set.of()));
                    has.addAll(connection.answered.getOrDefault(conversation, Set.of()));
                    String where = connection.session.getSessionId() + " in " + conversation;
                    for (long seq = device.head(conversation) + 1; seq <= events.size(); seq++) {
                        assertTrue(has.contains(seq), where + " lacks " + seq + " of " + events.size());
                    }
                    String peer = peer(conversation, device.userId);
                    assertEquals(readSeq(peer, conversation), device.peerReadSeq(conversation), where);
                    assertTrue(device.readSeq(conversation) >= readSeq(device.userId, conversation), where);
                }
            });
        }
        assertTrue(open > 0, "nobody is open");
    }

    /**
     * Once it has synced, and above the head it then knows. Before that, and below, a crash may bring an event after a
     * later one: it was on its way when the session opened, and the topology may take the two in another order now.
     */
    void everySyncedDeviceSeesEventsInOrder() {
        int seen = 0;
        for (Device device : world.people.devices()) {
            for (Device.Connection connection : device.connections()) {
                for (var entry : connection.news.entrySet()) {
                    String conversation = entry.getKey();
                    List<Long> news = entry.getValue();
                    String where = connection.session.getSessionId() + " in " + conversation;
                    assertEquals(news.stream().sorted().toList(), news, where);
                    Set<Long> live = connection.live.getOrDefault(conversation, Set.of());
                    for (long seq = news.getFirst(); seq < news.getLast(); seq++) {
                        boolean has = seq <= device.head(conversation) || live.contains(seq);
                        assertTrue(has || isFrom(connection, conversation, seq), where + " lacks " + seq);
                    }
                    seen += news.size();
                }
            }
        }
        assertTrue(seen > 0, "nothing is new to anyone");
    }

    void onlyPoisonIsDead() {
        assertEquals(
                world.people.poisoned(),
                world.cluster
                        .partitions(Topics.DEAD_LETTERS)
                        .getFirst()
                        .committed()
                        .size());
    }

    /** How much has happened, for people. */
    @Override
    public String toString() {
        return "commands=" + commands.size() + " messages=" + allMessages().size() + " conversations="
                + messages.size() + " crashes=" + world.crashes() + " aborted="
                + Topics.ALL.stream()
                        .flatMap(topic -> world.cluster.partitions(topic).stream())
                        .flatMap(partition -> partition.all().stream())
                        .filter(Partition.Appended::isAborted)
                        .count();
    }

    private boolean isFrom(Device.Connection connection, String conversation, long seq) {
        ConversationEvent event = messages.getOrDefault(conversation, List.of()).get((int) seq - 1);
        return world.people.sessionOf(event.getCommandId()).equals(connection.session.getSessionId());
    }

    private Map<String, ConversationView> views() {
        Map<String, ConversationView> views = new TreeMap<>();
        for (UserEvent event : world.cluster.committed(Topics.USER_EVENTS)) {
            if (event.hasViewChanged()) {
                views.put(event.getUserId() + '@' + event.getViewChanged().getConversationId(), event.getViewChanged());
            }
        }
        return views;
    }

    private List<Command> readableCommands() {
        List<Command> readable = new ArrayList<>();
        for (Partition partition : world.cluster.partitions(Topics.COMMANDS)) {
            for (Partition.Appended record : partition.all()) {
                try {
                    readable.add(value(Topics.COMMANDS, record));
                } catch (SerializationException poison) {
                    // counted by onlyPoisonIsDead
                }
            }
        }
        return readable;
    }

    private List<ConversationEvent> allMessages() {
        return messages.values().stream().flatMap(List::stream).toList();
    }

    private long readSeq(String user, String conversation) {
        return readSeqs.getOrDefault(user + '@' + conversation, 0L);
    }

    private static boolean isAllowed(Command command) {
        return CommandCheck.check(command) == null
                && ConversationId.parse(command.getConversationId()) instanceof ConversationId.Private pair
                && pair.has(command.getActor());
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

    private static ConversationId.Private pair(String conversation) {
        if (ConversationId.parse(conversation) instanceof ConversationId.Private pair) {
            return pair;
        }
        throw new IllegalStateException("no private conversation: " + conversation);
    }

    private static String peer(String conversation, String userId) {
        ConversationId.Private pair = pair(conversation);
        return pair.a().equals(userId) ? pair.b() : pair.a();
    }

    private static <V> V value(Topic<?, V> topic, Partition.Appended record) {
        return topic.value().deserializer().deserialize(topic.name(), record.value);
    }

    private static String bytes(Partition.Appended record) {
        return Arrays.toString(record.key) + Arrays.toString(record.value) + record.timestampMillis;
    }
}
