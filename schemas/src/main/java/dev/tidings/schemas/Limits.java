package dev.tidings.schemas;

/**
 * The largest of everything, in one table. Sizes are in bytes of the serialized message unless a constant says otherwise.
 * They nest, so that nothing that was accepted at one hop is too large for the next:
 *
 * <pre>
 * frame ─▶ command ─▶ event (command + what a decision adds) ─▶ inbox record (event + recipients of one partition)
 *                                                           └▶ delivery (event + sessions of one gateway, or a page, or an answer)
 * view ─▶ user event, page (several views) ─▶ delivery
 * everything, with key and headers ─▶ record of Kafka
 * </pre>
 *
 * <p>The maker of a message checks its size: the gateway checks frames, {@code CommandCheck} and {@code UserCommandCheck}
 * check commands, and the topologies check each output and each state value before they write any of them. What is too
 * large there becomes a dead letter, so a list that can grow must be capped, split or paged before it reaches its limit.
 */
public final class Limits {

    // --- what enters ---------------------------------------------------------------------------------------------

    /** A client's WebSocket frame before its session is connected. Checked by the gateway, which closes with 1009. */
    public static final int FRAME_BEFORE_CONNECTED = 16 * 1024;

    /** A client's WebSocket frame. Twice a command, because JSON needs more bytes than protobuf. Checked by the gateway. */
    public static final int FRAME = 256 * 1024;

    /** A value in {@code tidings.business}. The largest content may take six bytes for one in JSON: 393,216. INTAKE checks. */
    public static final int BUSINESS_VALUE = 400 * 1024;

    /** A whole {@code Command}, but for rules: content of 64 kB, or 1,000 user ids, and the rest. Checked by {@code CommandCheck}. */
    public static final int COMMAND = 128 * 1024;

    /** A {@code Command} that changes rules, which only operators write. Checked by {@code CommandCheck}. */
    public static final int RULES_COMMAND = BUSINESS_VALUE + 1024;

    /** A whole {@code UserCommand}: 1,000 references to messages are the largest. Checked by {@code UserCommandCheck}. */
    public static final int USER_COMMAND = 192 * 1024;

    // --- what comes of it; checked by the topologies before they write -------------------------------------------

    /** A decision adds at most this much to a command: a group's profile (9.5 kB), mentions (3.5 kB), ids and times. */
    private static final int ADDED_BY_A_DECISION = 16 * 1024;

    /** A {@code ConversationEvent}. */
    public static final int EVENT = COMMAND + ADDED_BY_A_DECISION;

    /** A user id has at most 64 characters, and two bytes around it. */
    private static final int USER_ID = 64 + 2;

    /** Recipients of one inbox record: a group's largest threshold, 5,000, and 1,000 users added by one command. */
    public static final int RECIPIENTS = 6_000;

    /** An {@code InboxRecord}: an event and its recipients in one partition. */
    public static final int INBOX_RECORD = EVENT + RECIPIENTS * USER_ID + 1024;

    /** A {@code ConversationView}, and a {@code ViewRecord}. */
    public static final int VIEW = 96 * 1024;

    /** A {@code UserEvent}: a view, a presence or a session. */
    public static final int USER_EVENT = VIEW + 1024;

    /** A {@code SyncAnswer}: one page of views, with at least one view. And the events in one answer to a pull, or one event. */
    public static final int PAGE = 512 * 1024;

    /** An {@code Answer} or a {@code UserAnswer}, one page of it where it has pages. */
    public static final int ANSWER = 256 * 1024;

    /** A {@code Delivery}: a page, an answer, or an event with the ids of as many sessions as still fit. */
    public static final int DELIVERY = 576 * 1024;

    /** A {@code BusinessReply}: an answer, or a refusal that gives back a conversation id of up to {@link #BUSINESS_VALUE}. */
    public static final int BUSINESS_REPLY = BUSINESS_VALUE + 16 * 1024;

    /** A {@code ModerationCase}: a content and what was found in it. */
    public static final int MODERATION_CASE = 256 * 1024;

    /** A {@code Ban} on its way to gateways: a device id of 128 bytes and a time. */
    public static final int BAN = 256;

    /** A {@code Notification}: 64 devices with push tokens of 4 kB. */
    public static final int NOTIFICATION = 320 * 1024;

    /** A value in a state store, and so a record of its changelog. {@link #VIEW} is the limit of views. */
    public static final int STATE_VALUE = 512 * 1024;

    // --- what every record obeys ---------------------------------------------------------------------------------

    /**
     * A record of Kafka: key, value and headers. A broker takes batches of 1,048,588 bytes and a producer sends 1,048,576 by
     * default; what is left is for the batch around the record.
     */
    public static final int RECORD = 1_000_000;

    /** A dead letter: key, value and headers. What is larger is cut to this, and says so in its headers. */
    public static final int DEAD_LETTER = 900_000;

    // --- work ----------------------------------------------------------------------------------------------------

    /**
     * Entries read from and written to state stores for one record of a topology. A record that needs more is stopped and
     * becomes a dead letter: otherwise its transaction would end before it does, and the record would be tried again for
     * ever. An entry costs 2 to 10 µs. An event with {@link #RECIPIENTS} recipients needs 50,000. Handlers of what can be
     * larger continue by a cursor long before, after {@link #STORE_OPERATIONS_PER_STEP}.
     */
    public static final int STORE_OPERATIONS_PER_RECORD = 500_000;

    /** Of these, entries written. Until all are known to fit they are held in memory: about 200 bytes each and their values. */
    public static final int STORE_WRITES_PER_RECORD = 100_000;

    /** What one step of a handler that continues by a cursor may read and write: at most 100 ms on a busy machine. */
    public static final int STORE_OPERATIONS_PER_STEP = 2_000;

    private Limits() {}
}
