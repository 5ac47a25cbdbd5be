package dev.tidings.connectors.clickhouse;

import com.clickhouse.client.api.data_formats.RowBinaryFormatSerializer;
import java.io.IOException;

/** One row of one table: values in the order of its table's columns. Times are milliseconds since 1970 in UTC. */
sealed interface Row {

    Table table();

    /** Writes the values as RowBinary. */
    void writeTo(RowBinaryFormatSerializer out) throws IOException;

    /**
     * An event as it happened.
     *
     * @param kind the event's field in the contract, such as {@code message_sent}
     * @param actor who did it; empty where nobody did
     * @param body the event as JSON
     * @param raw the event as it lies in the log
     */
    record Event(
            String conversationId,
            long seq,
            long messageIndex,
            long sentAtMillis,
            String commandId,
            String kind,
            String actor,
            String body,
            byte[] raw)
            implements Row {

        @Override
        public Table table() {
            return Table.EVENTS;
        }

        @Override
        public void writeTo(RowBinaryFormatSerializer out) throws IOException {
            out.writeString(conversationId);
            out.writeInt64(seq);
            out.writeInt64(messageIndex);
            out.writeInt64(sentAtMillis);
            out.writeString(commandId);
            out.writeString(kind);
            out.writeString(actor);
            out.writeString(body);
            out.writeString(raw);
        }
    }

    /**
     * A message as it stands.
     *
     * @param contentType the content's field in the contract, such as {@code text}
     * @param text the body of a text, or the caption of a medium; otherwise empty
     * @param content the content as JSON
     * @param version seq of the event that last changed it
     */
    record Message(
            String conversationId,
            long seq,
            String messageId,
            String sender,
            String clientMsgId,
            String contentType,
            String text,
            String content,
            long messageIndex,
            long sentAtMillis,
            long version)
            implements Row {

        @Override
        public Table table() {
            return Table.MESSAGES;
        }

        @Override
        public void writeTo(RowBinaryFormatSerializer out) throws IOException {
            out.writeString(conversationId);
            out.writeInt64(seq);
            out.writeString(messageId);
            out.writeString(sender);
            out.writeString(clientMsgId);
            out.writeString(contentType);
            out.writeString(text);
            out.writeString(content);
            out.writeInt64(messageIndex);
            out.writeInt64(sentAtMillis);
            out.writeInt64(version);
        }
    }

    /** How far a user has read a conversation. */
    record Read(String conversationId, String userId, long readSeq, long readIndex, long readAtMillis) implements Row {

        @Override
        public Table table() {
            return Table.READS;
        }

        @Override
        public void writeTo(RowBinaryFormatSerializer out) throws IOException {
            out.writeString(conversationId);
            out.writeString(userId);
            out.writeInt64(readSeq);
            out.writeInt64(readIndex);
            out.writeInt64(readAtMillis);
        }
    }
}
