package dev.tidings.ops.connect;

import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ReactionChanged;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Random events of some conversations, and what ClickHouse must hold once it has stored them. Not thread-safe. */
final class GeneratedLog {

    private static final int MESSAGE = 70;
    private static final int EDIT = 80;
    private static final int RECALL = 85;
    private static final int REACTION = 92;
    private static final int PERCENT = 100;

    /**
     * The number of rows and the sum of the CRC-32 of their texts. {@link #query} computes the same in ClickHouse.
     *
     * @param sum modulo 2^64
     */
    record Digest(long rows, long sum) {

        static Digest of(Collection<String> lines) {
            long sum = 0;
            for (String line : lines) {
                CRC32 crc = new CRC32();
                crc.update(line.getBytes(StandardCharsets.UTF_8));
                sum += crc.getValue();
            }
            return new Digest(lines.size(), sum);
        }

        /** @param columns expressions whose texts make a line */
        static String query(String table, String prefix, String... columns) {
            return "SELECT toString(count()), toString(sum(CRC32(concat(" + String.join(", '|', ", columns)
                    + ")))) FROM tidings." + table + " FINAL WHERE startsWith(conversation_id, '" + prefix + "')";
        }
    }

    private static final class Message {
        private final String sender;
        private String text;
        private long version;
        private boolean recalled;

        private Message(String sender, String text, long version) {
            this.sender = sender;
            this.text = text;
            this.version = version;
        }
    }

    private final Random random;
    private final List<String> conversations;
    private final Map<String, Long> lastSeqs = new HashMap<>();
    private final Map<String, List<Long>> messageSeqs = new HashMap<>();
    private final List<String> events = new ArrayList<>();
    private final Map<String, Message> messages = new TreeMap<>();
    private final Map<String, Long> reads = new TreeMap<>();
    private final Map<String, String> reactions = new TreeMap<>();

    GeneratedLog(long seed, List<String> conversations) {
        this.random = new Random(seed);
        this.conversations = List.copyOf(conversations);
    }

    /** Returns the next event, of a random conversation. The first event of each conversation is a message. */
    ConversationEvent next() {
        String id = conversations.get(random.nextInt(conversations.size()));
        List<Long> sent = messageSeqs.computeIfAbsent(id, key -> new ArrayList<>());
        int kind = sent.isEmpty() ? 0 : random.nextInt(PERCENT);
        long target = sent.isEmpty() ? 0 : sent.get(random.nextInt(sent.size()));
        if (kind >= REACTION) {
            String user = random.nextBoolean() ? "alice" : "bob";
            reads.merge(id + '|' + user, target, Math::max);
            return Events.read(id, user, target);
        }
        long seq = lastSeqs.merge(id, 1L, Long::sum);
        ConversationEvent event;
        if (kind < MESSAGE) {
            event = Events.message(id, seq);
            sent.add(seq);
            String text = event.getMessageSent().getContent().getText().getBody();
            messages.put(id + '|' + seq, new Message(event.getMessageSent().getSender(), text, seq));
        } else if (kind < EDIT) {
            event = Events.edit(id, seq, target);
            change(
                    id,
                    target,
                    seq,
                    event.getMessageEdited().getContent().getText().getBody());
        } else if (kind < RECALL) {
            event = Events.recall(id, seq, target);
            change(id, target, seq, null);
        } else {
            boolean removed = random.nextBoolean();
            event = Events.event(id, seq)
                    .setReactionChanged(ReactionChanged.newBuilder()
                            .setSeq(target)
                            .setUserId("carol")
                            .setReaction("+1")
                            .setRemoved(removed))
                    .build();
            reactions.put(id + '|' + target, (removed ? "true" : "false") + '|' + seq);
        }
        events.add(id + '|' + seq + '|' + crc(event.toByteArray()));
        return event;
    }

    private void change(String id, long messageSeq, long eventSeq, @Nullable String text) {
        Message message = Objects.requireNonNull(messages.get(id + '|' + messageSeq));
        message.version = eventSeq;
        message.recalled |= text == null;
        message.text = message.recalled || text == null ? "" : text;
    }

    /** Of {@code conversation_id, seq, CRC32(raw)}. */
    Digest events(String prefix) {
        return Digest.of(of(prefix, events));
    }

    /** Of {@code conversation_id, seq, sender, text, version, recalled}. */
    Digest messages(String prefix) {
        List<String> lines = new ArrayList<>();
        messages.forEach((key, message) -> lines.add(
                key + '|' + message.sender + '|' + message.text + '|' + message.version + '|' + message.recalled));
        return Digest.of(of(prefix, lines));
    }

    /** Of {@code conversation_id, user_id, read_seq}. */
    Digest reads(String prefix) {
        List<String> lines = new ArrayList<>();
        reads.forEach((key, seq) -> lines.add(key + '|' + seq));
        return Digest.of(of(prefix, lines));
    }

    /** Of {@code conversation_id, seq, removed, version}. */
    Digest reactions(String prefix) {
        List<String> lines = new ArrayList<>();
        reactions.forEach((key, state) -> lines.add(key + '|' + state));
        return Digest.of(of(prefix, lines));
    }

    /** Returns the number of events with a seq. */
    long sequenced() {
        return events.size();
    }

    long lastSeq(String conversationId) {
        return lastSeqs.getOrDefault(conversationId, 0L);
    }

    private static List<String> of(String prefix, List<String> lines) {
        return lines.stream().filter(line -> line.startsWith(prefix)).toList();
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }
}
