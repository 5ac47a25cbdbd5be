package dev.tidings.processors.intake;

import com.google.protobuf.ByteString;
import dev.tidings.state.v1.PendingProgress;
import dev.tidings.v1.Command;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.header.Headers;

/**
 * The commands of one request that are not written yet. Each command is returned once: by {@link #next} in the order of the
 * users, or earlier by {@link #take}. Not thread-safe.
 */
final class PendingCommands {

    private final RecipientCommands commands;
    private final Headers headers;
    private final Map<String, Integer> indexes = new TreeMap<>();
    private final BitSet written;
    private int next;

    /** @param headers of the commands */
    PendingCommands(RecipientCommands commands, Headers headers, PendingProgress progress) {
        this.commands = commands;
        this.headers = headers;
        this.written = BitSet.valueOf(progress.getWritten().toByteArray());
        this.next = progress.getNext();
        for (int index = next; index < commands.size(); index++) {
            if (!written.get(index)) {
                indexes.put(commands.conversationIds().get(index), index);
            }
        }
    }

    Headers headers() {
        return headers;
    }

    boolean isDone() {
        return written.nextClearBit(next) >= commands.size();
    }

    /** Returns the next commands; fewer than the limit if there are no more. */
    List<Command> next(int limit) {
        List<Command> some = new ArrayList<>();
        while (next < commands.size() && some.size() < limit) {
            if (!written.get(next)) {
                Command command = commands.command(next);
                indexes.remove(command.getConversationId());
                some.add(command);
            }
            next++;
        }
        written.clear(0, next);
        return some;
    }

    /** Returns the command to this conversation, out of turn; empty if there is none or it is written. */
    Optional<Command> take(String conversationId) {
        Integer index = indexes.remove(conversationId);
        if (index == null) {
            return Optional.empty();
        }
        written.set(index);
        return Optional.of(commands.command(index));
    }

    PendingProgress progress() {
        return PendingProgress.newBuilder()
                .setNext(next)
                .setWritten(ByteString.copyFrom(written.toByteArray()))
                .build();
    }
}
