package dev.tidings.processors.intake;

import dev.tidings.v1.BusinessCommand;

/** What a record of a business system turns out to be. */
sealed interface Reading {

    /**
     * A command, from the system of this name, of which {@link Expansion} makes commands to conversations. They may
     * still be refused: that is CONVERSATION's to decide.
     *
     * @param command with a request id and a body, and without a flaw
     */
    record Understood(String source, BusinessCommand command) implements Reading {}

    /**
     * Nothing that could be decided or answered.
     *
     * @param reason for people; may quote from the record, and is cut to {@value #MAX_REASON_LENGTH} characters
     */
    record Poison(String reason) implements Reading {

        static final int MAX_REASON_LENGTH = 300;

        public Poison {
            if (reason.length() > MAX_REASON_LENGTH) {
                reason = reason.substring(0, MAX_REASON_LENGTH) + "…";
            }
        }

        /** The reason for a log, which must not quote what users wrote: our own words, which end with a colon or a semicolon. */
        String summary() {
            return reason.split("[:;]", 2)[0];
        }
    }
}
