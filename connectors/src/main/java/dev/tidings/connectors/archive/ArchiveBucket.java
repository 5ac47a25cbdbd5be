package dev.tidings.connectors.archive;

import dev.tidings.connectors.retention.RetentionClass;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The events of one kind of conversation in a month: the content of one object. Every event is in exactly one bucket.
 *
 * @param label in the name of the object
 * @param kind empty: conversations whose ids have an unknown prefix
 * @param condition the rows of the bucket, in SQL
 */
record ArchiveBucket(String label, Optional<RetentionClass> kind, String condition) {

    static final List<ArchiveBucket> ALL = Stream.concat(
                    RetentionClass.conversationKinds()
                            .map(kind -> new ArchiveBucket(kind.label(), Optional.of(kind), startsWith(kind))),
                    Stream.of(new ArchiveBucket("other", Optional.empty(), others())))
            .toList();

    /** The label of a row's bucket, in SQL. */
    static final String LABEL = RetentionClass.conversationKinds()
            .map(kind -> startsWith(kind) + ", '" + kind.label() + "', ")
            .collect(Collectors.joining("", "multiIf(", "'other')"));

    static ArchiveBucket of(String label) {
        return ALL.stream()
                .filter(bucket -> bucket.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no kind " + label));
    }

    private static String startsWith(RetentionClass kind) {
        return "startsWith(conversation_id, '" + kind.idPrefix() + "')";
    }

    private static String others() {
        return RetentionClass.conversationKinds()
                .map(ArchiveBucket::startsWith)
                .collect(Collectors.joining(" OR ", "NOT (", ")"));
    }
}
