package dev.tidings.processors.intake;

import dev.tidings.v1.BusinessCommand;

/** The result of reading a record of a business system. */
sealed interface ParsedRequest {

    /**
     * A request that {@link CommandExpansion} can turn into commands. CONVERSATION may still refuse them.
     *
     * @param source the name of the business system
     * @param command has a request id and a body, and passes {@link CommandExpansion#violation}
     */
    record Valid(String source, BusinessCommand command) implements ParsedRequest {}

    /**
     * A record that gives no command and gets no reply.
     *
     * @param reason for people; may quote from the record; cut to {@value #MAX_REASON_LENGTH} characters
     */
    record Unreadable(String reason) implements ParsedRequest {

        static final int MAX_REASON_LENGTH = 300;

        public Unreadable {
            if (reason.length() > MAX_REASON_LENGTH) {
                reason = reason.substring(0, MAX_REASON_LENGTH) + "…";
            }
        }

        /** The reason without quotations of the record, which come after a colon or a semicolon. For logs. */
        String summary() {
            return reason.split("[:;]", 2)[0];
        }
    }
}
