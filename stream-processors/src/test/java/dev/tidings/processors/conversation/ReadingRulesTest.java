package dev.tidings.processors.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tidings.v1.MessagesDeleted;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The message indexes in a deletion: INBOX knows messages by their indexes only. */
class ReadingRulesTest {

    private final Scene pair = new Scene("p:alice:bob");

    @Test
    void a_deletion_names_the_indexes_of_the_messages_that_counted() {
        pair.accepts(pair.send("alice", "m1"));
        pair.accepts(pair.react("bob", 1, "+1"));
        pair.accepts(pair.send("alice", "m2"));

        MessagesDeleted deleted = pair.accepts(pair.delete(
                        "bob", what -> what.addSeqs(3).addSeqs(2).addSeqs(3).addSeqs(1)))
                .getMessagesDeleted();

        assertEquals(List.of(1L, 2L), deleted.getMessageIndexesList());
        assertEquals(0, deleted.getUpToIndex());
    }

    @Test
    void a_deletion_up_to_a_seq_names_the_index_there() {
        pair.accepts(pair.send("alice", "m1"));
        pair.accepts(pair.send("alice", "m2"));
        pair.accepts(pair.react("bob", 1, "+1"));
        pair.accepts(pair.send("alice", "m3"));

        MessagesDeleted deleted =
                pair.accepts(pair.delete("bob", what -> what.setUpToSeq(3))).getMessagesDeleted();

        assertEquals(2, deleted.getUpToIndex());
        assertEquals(List.of(), deleted.getMessageIndexesList());
    }
}
