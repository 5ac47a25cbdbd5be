package dev.tidings.processors.conversation;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.processors.store.StoreIndex;
import dev.tidings.processors.store.StoreKey;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.state.v1.SequenceRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;

/**
 * Derives the head of a conversation and the names of its recent commands from the entries in store {@code sequences}, so that a
 * message costs one record in the changelog.
 *
 * <pre>
 * written and logged                  derived
 * (space, seq) = entry, head ──┬────▶ conversation id = head
 *                              └────▶ (space, command name) = seq
 * conversation id = head (of a room that becomes empty)
 * </pre>
 *
 * <p>Only the newest entry has a head: an entry that changes later is written without one. So the last head written is the
 * newest, whichever older records the changelog has lost to compaction. The names of two entries are never equal, because a
 * command whose name is known is a duplicate. A name is deleted with its entry; the head stays.
 */
final class SequenceIndex implements StoreIndex {

    /** Separates the space from a name. Sorts after the separator of entries, so that ranges of entries contain no names. */
    private static final char NAME_SEPARATOR = '\2';

    private static final char GENERATION_SEPARATOR = '#';

    /** Returns the first part of the keys of all records of one generation. Conversation ids contain no #. */
    static String space(String conversationId, long generation) {
        return generation == 0 ? conversationId : conversationId + GENERATION_SEPARATOR + generation;
    }

    static String headKey(String conversationId) {
        return conversationId;
    }

    static String entryKey(String space, long seq) {
        return StoreKey.of(space, seq);
    }

    static String nameKey(String space, String scope, String name) {
        return StoreKey.of(space + NAME_SEPARATOR + scope, name);
    }

    @Override
    public List<KeyValue<Bytes, byte[]>> derivedFrom(Bytes key, byte[] value) {
        SequenceRecord record = parse(value);
        if (!record.hasEntry()) {
            return List.of();
        }
        String entryKey = text(key);
        List<KeyValue<Bytes, byte[]>> derived = new ArrayList<>(2);
        derived.add(new KeyValue<>(
                nameKey(entryKey, record.getEntry()),
                SequenceRecord.newBuilder()
                        .setSeq(Long.parseLong(StoreKey.second(entryKey), 16))
                        .build()
                        .toByteArray()));
        if (record.hasHead()) {
            derived.add(new KeyValue<>(
                    bytes(headKey(conversationId(entryKey))),
                    SequenceRecord.newBuilder()
                            .setHead(record.getHead())
                            .build()
                            .toByteArray()));
        }
        return derived;
    }

    @Override
    public List<Bytes> deletedWith(Bytes key, byte[] value) {
        SequenceRecord record = parse(value);
        return record.hasEntry() ? List.of(nameKey(text(key), record.getEntry())) : List.of();
    }

    private static Bytes nameKey(String entryKey, EntryRecord entry) {
        return bytes(nameKey(StoreKey.first(entryKey), entry.getSender(), entry.getClientMsgId()));
    }

    private static String conversationId(String entryKey) {
        String space = StoreKey.first(entryKey);
        int generation = space.indexOf(GENERATION_SEPARATOR);
        return generation < 0 ? space : space.substring(0, generation);
    }

    private static SequenceRecord parse(byte[] value) {
        try {
            return SequenceRecord.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("store sequences has a value that is no SequenceRecord", e);
        }
    }

    private static String text(Bytes key) {
        return new String(key.get(), StandardCharsets.UTF_8);
    }

    private static Bytes bytes(String key) {
        return Bytes.wrap(key.getBytes(StandardCharsets.UTF_8));
    }
}
