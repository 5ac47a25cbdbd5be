package dev.tidings.schemas;

/**
 * The maximum sizes of all messages and state values, in bytes of the serialized message unless a constant says otherwise. They
 * nest: whatever one step accepts fits into the output of the next.
 *
 * <pre>
 * frame ─▶ command ─▶ event (command + additions of the decision) ─▶ inbox record (event + recipients of one partition)
 *                                                               └▶ delivery (event + sessions of one gateway, a page, or an answer)
 * view ─▶ user event, page (several views) ─▶ delivery
 * each of them, with key and headers ─▶ Kafka record
 * </pre>
 *
 * <p>The writer of a message checks its size: the gateway checks frames, {@code CommandCheck} and {@code UserCommandCheck} check
 * commands, and the topologies check each output and each state value before they write any of them. A too large output becomes a
 * dead letter, so every list that can grow is capped, split or paged below its limit.
 */
public final class Limits {

    // --- input ---------------------------------------------------------------------------------------------------

    /** A client's WebSocket frame before its session is connected. The gateway closes the connection with 1009. */
    public static final int FRAME_BEFORE_CONNECTED = 16 * 1024;

    /** A client's WebSocket frame: twice a command, because JSON is larger than protobuf. The gateway closes with 1009. */
    public static final int FRAME = 256 * 1024;

    /**
     * A value in {@code tidings.business}. JSON can need six bytes for one byte of content: 393,216 for the largest content. INTAKE
     * makes a larger value a dead letter.
     */
    public static final int BUSINESS_VALUE = 400 * 1024;

    /** A {@code Command} except rules: content of 64 kB or 1,000 user ids, and the other fields. Checked by {@code CommandCheck}. */
    public static final int COMMAND = 128 * 1024;

    /** A {@code Command} that changes rules; only operators write it. Checked by {@code CommandCheck}. */
    public static final int RULES_COMMAND = BUSINESS_VALUE + 1024;

    /** A {@code UserCommand}; the largest has 1,000 message references. Checked by {@code UserCommandCheck}. */
    public static final int USER_COMMAND = 192 * 1024;

    /** A {@code DirectoryCommand}: a change from a business value, or rules. */
    public static final int DIRECTORY_COMMAND = BUSINESS_VALUE + 2048;

    // --- output of the topologies, checked before they write --------------------------------------------------------

    /** A decision adds at most this to its command: a group's profile (9.5 kB), mentions (3.5 kB), ids and times. */
    private static final int ADDED_BY_A_DECISION = 16 * 1024;

    /** A {@code ConversationEvent}. */
    public static final int EVENT = COMMAND + ADDED_BY_A_DECISION;

    /** A user id of 64 characters, with its tag and length. */
    private static final int USER_ID = 64 + 2;

    /** Recipients of one inbox record: the largest group threshold, 5,000, and 1,000 users that one command adds. */
    public static final int RECIPIENTS = 6_000;

    /** An {@code InboxRecord}: an event and its recipients in one partition. */
    public static final int INBOX_RECORD = EVENT + RECIPIENTS * USER_ID + 1024;

    /** A {@code ConversationView}, and a {@code ViewRecord}. */
    public static final int VIEW = 96 * 1024;

    /** A {@code UserEvent}: a view, a presence, a session or a badge. */
    public static final int USER_EVENT = VIEW + 1024;

    /** A {@code SyncAnswer}: one page of views. Also the events in one reply to a pull. A page has at least one view or event. */
    public static final int PAGE = 256 * 1024;

    /** An {@code Answer} or a {@code UserAnswer}; large ones have pages. */
    public static final int ANSWER = 256 * 1024;

    /** A {@code Delivery}: a page, an answer, or an event with as many session ids as fit. */
    public static final int DELIVERY = 320 * 1024;

    /** A {@code BusinessReply}: an answer, or a refusal that repeats a conversation id of up to {@link #BUSINESS_VALUE}. */
    public static final int BUSINESS_REPLY = BUSINESS_VALUE + 16 * 1024;

    /** A {@code ModerationCase}: a content and its findings. */
    public static final int MODERATION_CASE = 256 * 1024;

    /** A {@code UserProfile}: custom data of 4 kB, an avatar URL of 2 kB, a name, and ids. Checked by {@code DirectoryCheck}. */
    public static final int USER_PROFILE = 8 * 1024;

    /** A {@code Ban} in {@code tidings.bans}: a device id of 128 bytes and a time. */
    public static final int BAN = 256;

    /** An {@code AuditRecord}: cut texts, 20 user ids, and a refusal. */
    public static final int AUDIT_RECORD = 16 * 1024;

    /** A {@code Notification}: 64 devices with push tokens of 4 kB. */
    public static final int NOTIFICATION = 320 * 1024;

    /** A value in a state store, and so in its changelog. Views have the limit {@link #VIEW}. */
    public static final int STATE_VALUE = 512 * 1024;

    // --- all records -----------------------------------------------------------------------------------------------

    /**
     * A Kafka record: key, value and headers. By default a broker accepts batches of 1,048,588 bytes and a producer sends requests
     * of 1,048,576; the difference leaves room for the batch around the record.
     */
    public static final int RECORD = 1_000_000;

    /** A dead letter: key, value and headers. Larger ones are truncated, and a header says so. */
    public static final int DEAD_LETTER = 900_000;

    // --- work ------------------------------------------------------------------------------------------------------

    /**
     * State store entries that a topology reads and writes for one record. A record that needs more becomes a dead letter, because
     * its transaction would time out and the record would be retried forever. An entry costs 2 to 10 µs; an event with {@link
     * #RECIPIENTS} recipients needs 50,000. Handlers of larger work continue by a cursor after {@link #STORE_OPERATIONS_PER_STEP}.
     */
    public static final int STORE_OPERATIONS_PER_RECORD = 500_000;

    /** Written entries among them. They are in memory until the record is complete: about 200 bytes each and their values. */
    public static final int STORE_WRITES_PER_RECORD = 100_000;

    /** State store entries in one step of a handler that continues by a cursor: at most 100 ms on a busy machine. */
    public static final int STORE_OPERATIONS_PER_STEP = 2_000;

    private Limits() {}
}
