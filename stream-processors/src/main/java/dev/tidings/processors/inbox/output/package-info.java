/** Outputs of INBOX: answers to sessions, deliveries to gateways and events of users. */
@NullMarked
package dev.tidings.processors.inbox.output;

import org.jspecify.annotations.NullMarked;
