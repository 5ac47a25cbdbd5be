package dev.tidings.ops.bench.history;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The messages of the measurement: texts of ten words in private conversations, within one year. ClickHouse generates the rows from
 * numbers, so that the same count always makes the same rows.
 *
 * @param count of all messages
 * @param conversations among which they are divided in turn
 */
record GeneratedMessages(long count, long conversations) {

    /** Users whose conversations are searched: each has the same number of them. */
    static final int OWNERS = 100;

    /** A word of one message in {@link #RARE_EVERY}. All words have five letters. */
    static final String RARE_WORD = "zebra";

    static final long RARE_EVERY = 1_000_003;

    private static final long FIRST_SENT_AT_MILLIS = 1_735_689_600_000L;
    private static final long SPAN_MILLIS = 365L * 24 * 60 * 60 * 1_000;
    private static final int WORDS = 10;
    private static final int WORD_LENGTH = 5;

    private static final String OWNER = "concat('user-', leftPad(toString(conversation % " + OWNERS + "), 6, '0'))";
    private static final String PEER = "concat('user-', leftPad(toString(conversation + 1000), 6, '0'))";

    static String owner(long conversation) {
        return "user-%06d".formatted(conversation % OWNERS);
    }

    static String conversationId(long conversation) {
        return "p:%s:user-%06d".formatted(owner(conversation), conversation + 1_000);
    }

    long perConversation() {
        return count / conversations;
    }

    long sentAtMillis(long number) {
        return FIRST_SENT_AT_MILLIS + number * SPAN_MILLIS / count;
    }

    /** Returns statements that insert some of the messages into both tables. */
    List<String> inserts(long from, long rows) {
        String source = " FROM (SELECT number % " + conversations + " AS conversation, toInt64(intDiv(number, "
                + conversations + ") + 1) AS seq, " + FIRST_SENT_AT_MILLIS + " + intDiv(number * " + SPAN_MILLIS + ", "
                + count
                + ") AS millis, fromUnixTimestamp64Milli(toInt64(millis), 'UTC') AS sent_at, concat('p:', " + OWNER
                + ", ':', " + PEER + ") AS conversation_id, if(seq % 2 = 0, " + OWNER + ", " + PEER
                + ") AS sender, concat('01a1fab8-6c0e-7d32-9a55-', leftPad(toString(number), 12, '0')) AS id,"
                + " concat('m', leftPad(toString(number), 11, '0')) AS client_msg_id, arrayMap((x, i) -> if(i = 9 AND number % "
                + RARE_EVERY + " = 7, '" + RARE_WORD
                + "', concat('w', leftPad(toString(intDiv(x * x, 10000)), 4, '0'))), arrayMap(i -> cityHash64(number, i) % 10000,"
                + " range(" + WORDS + ")), range(" + WORDS
                + ")) AS words, arrayStringConcat(words, ' ') AS text FROM numbers(" + from + ", " + rows + "))";
        return List.of(
                "INSERT INTO tidings.messages (conversation_id, seq, message_id, sender, client_msg_id, content_type, text,"
                        + " content, message_index, sent_at, version, search_terms) SELECT conversation_id, seq, id, sender,"
                        + " client_msg_id, 'text', text, concat('{\"text\":{\"body\":\"', text, '\"}}'), seq, sent_at, seq, words"
                        + source,
                "INSERT INTO tidings.events (conversation_id, seq, message_index, sent_at, command_id, kind, actor, body, raw)"
                        + " SELECT conversation_id, seq, seq, sent_at, id, 'message_sent', sender, '{}', " + event()
                        + source);
    }

    /** Returns an expression for the serialized {@code ConversationEvent}. Every field has a constant length. */
    private static String event() {
        Bytes text = Bytes.text(1, "text", WORDS * (WORD_LENGTH + 1) - 1);
        Bytes message = Bytes.all(
                Bytes.text(1, "id", 36),
                Bytes.text(2, "sender", 11),
                Bytes.text(3, "client_msg_id", 12),
                Bytes.message(4, Bytes.message(1, text)));
        Bytes sentAt = Bytes.all(Bytes.number(1, "intDiv(millis, 1000)"), Bytes.number(2, "millis % 1000 * 1000000"));
        return Bytes.all(
                        Bytes.text(1, "conversation_id", 25),
                        Bytes.number(2, "seq"),
                        Bytes.number(3, "seq"),
                        Bytes.message(4, sentAt),
                        Bytes.text(5, "id", 36),
                        Bytes.message(10, message))
                .sql();
    }

    /** An SQL expression for bytes of a known length. */
    private record Bytes(String sql, int length) {

        private static final int VARINT_LENGTH = 5;
        private static final int LENGTH_DELIMITED = 2;

        static Bytes all(Bytes... parts) {
            List<Bytes> list = List.of(parts);
            return new Bytes(
                    "concat(" + list.stream().map(Bytes::sql).collect(Collectors.joining(", ")) + ')',
                    list.stream().mapToInt(Bytes::length).sum());
        }

        static Bytes text(int field, String sql, int length) {
            return all(constant((field << 3) | LENGTH_DELIMITED, length), new Bytes(sql, length));
        }

        static Bytes message(int field, Bytes body) {
            return text(field, body.sql, body.length);
        }

        /** A varint of five bytes, whatever the number: below 2^35. */
        static Bytes number(int field, String sql) {
            String value = "toUInt64(" + sql + ')';
            StringBuilder bytes = new StringBuilder("char(");
            for (int i = 0; i < VARINT_LENGTH - 1; i++) {
                bytes.append("bitOr(bitAnd(bitShiftRight(%s, %d), 127), 128), ".formatted(value, 7 * i));
            }
            bytes.append("bitShiftRight(%s, %d))".formatted(value, 7 * (VARINT_LENGTH - 1)));
            return all(constant(field << 3), new Bytes(bytes.toString(), VARINT_LENGTH));
        }

        /** Varints of numbers below 2^14. */
        private static Bytes constant(int... numbers) {
            StringBuilder hex = new StringBuilder();
            for (int number : numbers) {
                byte[] varint = number < 128
                        ? new byte[] {(byte) number}
                        : new byte[] {(byte) ((number & 127) | 128), (byte) (number >> 7)};
                hex.append(HexFormat.of().formatHex(varint));
            }
            return new Bytes("unhex('" + hex + "')", hex.length() / 2);
        }
    }
}
