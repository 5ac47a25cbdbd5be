package dev.tidings.ops.e2e;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A message as the chat page shows it.
 *
 * @param seq null while it is not sequenced
 * @param text empty if it was recalled
 * @param tick null on messages of others
 * @param reactions such as "👍 2"
 */
record ChatMessage(
        @Nullable Long seq,
        String sender,
        String text,
        @Nullable String tick,
        boolean edited,
        boolean recalled,
        List<String> reactions) {

    /** JavaScript that reads the messages of the page. {@link #listOf} takes its result. */
    static final String SCRIPT = """
            return [...document.querySelectorAll('[data-testid="message"]')].map((m) => ({
              seq: m.dataset.seq ?? null,
              sender: m.dataset.sender,
              text: m.classList.contains('recalled') ? '' : m.querySelector('[data-testid="message-text"]').textContent,
              tick: m.querySelector('[data-testid="tick"]')?.dataset.state ?? null,
              edited: m.querySelector('[data-testid="edited"]') !== null,
              recalled: m.classList.contains('recalled'),
              reactions: [...m.querySelectorAll('[data-testid="reaction"]')].map((r) => [...r.children].map((c) => c.textContent).join(' ')),
            }));
            """;

    static List<ChatMessage> listOf(Object rows) {
        return ((List<?>) rows)
                .stream().map(Map.class::cast).map(ChatMessage::of).toList();
    }

    private static ChatMessage of(Map<?, ?> row) {
        return new ChatMessage(
                row.get("seq") instanceof String seq ? Long.valueOf(seq) : null,
                String.valueOf(row.get("sender")),
                String.valueOf(row.get("text")),
                row.get("tick") instanceof String tick ? tick : null,
                Boolean.TRUE.equals(row.get("edited")),
                Boolean.TRUE.equals(row.get("recalled")),
                row.get("reactions") instanceof List<?> reactions
                        ? reactions.stream().map(String::valueOf).toList()
                        : List.of());
    }

    /** Returns sender, text, edits and reactions in one line. */
    String summary() {
        return String.join(
                " ",
                Stream.of(
                                sender + ":",
                                recalled ? "(recalled)" : text,
                                edited ? "(edited)" : "",
                                reactions.isEmpty() ? "" : reactions.toString())
                        .filter(word -> !word.isEmpty())
                        .toList());
    }
}
