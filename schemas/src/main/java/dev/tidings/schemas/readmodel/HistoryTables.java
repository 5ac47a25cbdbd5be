package dev.tidings.schemas.readmodel;

/** The tables in ClickHouse that gateways read. The whole schema is in the numbered migrations of the connectors. */
public final class HistoryTables {

    public static final String DATABASE = "tidings";

    /** Columns {@code conversation_id, seq, raw}, where raw is the serialized {@code ConversationEvent}. */
    public static final String EVENTS = DATABASE + ".events";

    /**
     * Edits and recalls: columns {@code conversation_id, message_seq, event_seq, recalled, raw}, where message_seq is the changed
     * message, and event_seq and raw are the {@code ConversationEvent} that changed it.
     */
    public static final String MESSAGE_CHANGES = DATABASE + ".message_changes";

    /**
     * Messages as they stand: columns {@code conversation_id, seq, sender, content_type, sent_at, search_terms}, where search_terms
     * are {@code SearchTerms} of the content, and empty for a recalled message. A query without FINAL also reads older versions.
     */
    public static final String MESSAGES = DATABASE + ".messages";

    /** Reactions: columns {@code conversation_id, seq, user_id, reaction, removed, version}, where version is the seq of the event. */
    public static final String REACTIONS = DATABASE + ".reactions";

    /** Changes of pins: columns {@code conversation_id, message_seq, event_seq, pinned}. */
    public static final String PIN_CHANGES = DATABASE + ".pin_changes";

    /**
     * Ranges of events that the retention deletes: columns {@code conversation_id, last_seq}. Events up to last_seq may be absent from
     * {@link #EVENTS}. A query without FINAL also reads smaller seqs.
     */
    public static final String DELETED_RANGES = DATABASE + ".deleted_ranges";

    /**
     * Events that are in objects of the archive: columns {@code conversation_id, first_seq, last_seq, first_sent_at, last_sent_at,
     * object}.
     */
    public static final String ARCHIVED_RANGES = DATABASE + ".archived_ranges";

    /**
     * The events of the archive: columns {@code conversation_id, seq, sent_at, raw}, where raw is in Base64, and {@code _file}, the name of
     * the object. Does not exist without an archive.
     */
    public static final String ARCHIVED_EVENTS = DATABASE + ".archived_events";

    /** Joins, leaves and changes of members: columns {@code conversation_id, user_id}. */
    public static final String MEMBER_CHANGES = DATABASE + ".member_changes";

    /**
     * Profiles of the user directory: columns {@code user_id, display_name, avatar_url, locale, time_zone, custom, created_at,
     * updated_at, disabled, version}. A query without FINAL also reads older versions.
     */
    public static final String USERS = DATABASE + ".users";

    /**
     * The index of display names: columns {@code name_key, user_id}, where name_key is one of {@code NameKeys}. Also has keys of former
     * names.
     */
    public static final String USER_NAME_KEYS = DATABASE + ".user_name_keys";

    /** Texts that need a review: see {@code ModerationCase}. */
    public static final String MODERATION_CASES = DATABASE + ".moderation_cases";

    /** Administrative acts: see {@code AuditRecord}. */
    public static final String AUDIT = DATABASE + ".audit";

    /** Legal holds: columns {@code subject, held}. */
    public static final String LEGAL_HOLDS = DATABASE + ".legal_holds";

    private HistoryTables() {}
}
