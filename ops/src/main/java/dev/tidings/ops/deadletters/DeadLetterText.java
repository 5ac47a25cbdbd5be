package dev.tidings.ops.deadletters;

import dev.tidings.ops.log.Printable;
import dev.tidings.schemas.Topic;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Prints dead letters for a terminal, without control characters. */
public final class DeadLetterText {

    private static final int REASON_LENGTH = 120;
    private static final String INDENT = "  ";

    private DeadLetterText() {}

    /** Returns id, time, original position and reason, separated by tabs. */
    public static String line(DeadLetterRecord letter) {
        return String.join(
                "\t",
                Long.toString(letter.id()),
                letter.time().toString(),
                position(letter),
                Printable.oneLine(letter.reason(), REASON_LENGTH));
    }

    /** Prints the whole letter. */
    public static void print(DeadLetterRecord letter, PrintWriter out) {
        RecordPosition from = letter.from();
        Topic<?, ?> topic = from == null ? null : ReadableValue.topic(from.topic());
        out.println("letter  " + letter.id());
        out.println("time    " + letter.time());
        out.println("from    " + position(letter));
        out.println("reason  " + Printable.oneLine(letter.reason(), Integer.MAX_VALUE - 1));
        if (letter.cut() != null) {
            out.println("cut     " + Printable.oneLine(letter.cut(), REASON_LENGTH));
        }
        printHeaders("headers it had", letter.original(), out);
        printHeaders("headers added", letter.added(), out);
        print("key", ReadableValue.ofKey(topic, letter.key()), out);
        print("value", ReadableValue.of(topic, letter.value()), out);
        out.flush();
    }

    private static void printHeaders(String title, List<Header> headers, PrintWriter out) {
        if (headers.isEmpty()) {
            return;
        }
        out.println(title);
        for (Header header : headers) {
            String name = Printable.oneLine(header.key(), REASON_LENGTH);
            out.println(INDENT + name + ": " + indented(valueOf(header)));
        }
    }

    private static String valueOf(Header header) {
        byte @Nullable [] value = header.value();
        if (value == null) {
            return "none";
        }
        String text = Printable.text(value);
        return Objects.requireNonNullElseGet(text, () -> '\n' + Printable.dump(value));
    }

    private static void print(String title, ReadableValue value, PrintWriter out) {
        out.println(title + " (" + value.form() + ')');
        if (!value.text().isEmpty()) {
            out.println(INDENT + indented(value.text()));
        }
    }

    private static String indented(String text) {
        return text.stripTrailing().replace("\n", '\n' + INDENT + INDENT);
    }

    private static String position(DeadLetterRecord letter) {
        RecordPosition from = letter.from();
        return from == null ? "?" : Printable.oneLine(from.toString(), REASON_LENGTH);
    }
}
