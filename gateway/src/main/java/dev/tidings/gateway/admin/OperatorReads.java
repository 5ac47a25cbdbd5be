package dev.tidings.gateway.admin;

import dev.tidings.v1.AuditPage;
import dev.tidings.v1.ModerationCases;

/** Reads moderation cases and the audit log. Both lag behind live events as history does. Methods may block. */
public interface OperatorReads {

    /** Which moderation cases: those of this conversation; empty: of all. */
    record CaseFilter(String conversationId) {}

    /** Which administrative acts; all conditions must hold, and an empty one always does. */
    record AuditFilter(String operator, String target, String userId, String action) {}

    /**
     * Returns a page of moderation cases, newest first.
     *
     * @param cursor of the page before; empty: the first page
     * @throws IllegalArgumentException if the cursor is not one of such a page
     * @throws RuntimeException if the cases cannot be read now
     */
    ModerationCases cases(CaseFilter filter, String cursor, int limit);

    /**
     * Returns a page of the audit log, newest first.
     *
     * @param cursor of the page before; empty: the first page
     * @throws IllegalArgumentException if the cursor is not one of such a page
     * @throws RuntimeException if the log cannot be read now
     */
    AuditPage audit(AuditFilter filter, String cursor, int limit);
}
