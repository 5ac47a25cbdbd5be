package dev.tidings.processors.audit;

import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The result of an administrative command.
 *
 * @param refusal null unless the result is {@code REFUSED}
 */
public record AuditResult(
        AuditRecord.Result result, @Nullable Refusal refusal) {

    public static final AuditResult APPLIED = new AuditResult(AuditRecord.Result.APPLIED, null);
    public static final AuditResult UNCHANGED = new AuditResult(AuditRecord.Result.UNCHANGED, null);

    public static AuditResult refused(Refusal refusal) {
        return new AuditResult(AuditRecord.Result.REFUSED, refusal);
    }

    /** @param refusal null if the command was applied */
    public static AuditResult of(@Nullable Refusal refusal) {
        return refusal == null ? APPLIED : refused(refusal);
    }
}
