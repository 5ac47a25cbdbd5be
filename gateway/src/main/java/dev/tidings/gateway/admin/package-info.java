/**
 * What operators read: moderation cases and the audit log, which the ClickHouse sink stores. {@link
 * dev.tidings.gateway.admin.OperatorReads} is the interface; keeps nothing.
 */
@NullMarked
package dev.tidings.gateway.admin;

import org.jspecify.annotations.NullMarked;
