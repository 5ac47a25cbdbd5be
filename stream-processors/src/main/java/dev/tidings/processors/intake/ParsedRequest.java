package dev.tidings.processors.intake;

import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessOrigin;
import org.jspecify.annotations.Nullable;

/** The result of reading a record of a business system. */
sealed interface ParsedRequest {

    /**
     * A request that {@link CommandExpansion} can turn into commands. CONVERSATION may still refuse them.
     *
     * @param origin where the replies go, and their format
     * @param command has a request id and a body, and passes {@link CommandExpansion#violation}
     */
    record Valid(BusinessOrigin origin, BusinessCommand command) implements ParsedRequest {}

    /**
     * A record that gives no command.
     *
     * @param reason for people; may quote from the record; cut to {@value #MAX_REASON_LENGTH} characters
     * @param origin where the refusal goes; null if the source or the request id cannot be read: there is no refusal
     */
    record Invalid(String reason, @Nullable BusinessOrigin origin) implements ParsedRequest {

        static final int MAX_REASON_LENGTH = 300;

        public Invalid {
            if (reason.length() > MAX_REASON_LENGTH) {
                reason = reason.substring(0, MAX_REASON_LENGTH) + "…";
            }
        }

        /** A record that gets no refusal. */
        Invalid(String reason) {
            this(reason, null);
        }

        /** The reason without quotations of the record, which come after a colon or a semicolon. For logs. */
        String summary() {
            return reason.split("[:;]", 2)[0];
        }
    }
}
