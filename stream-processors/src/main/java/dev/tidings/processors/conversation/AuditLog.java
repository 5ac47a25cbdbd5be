package dev.tidings.processors.conversation;

import com.google.protobuf.Message;
import dev.tidings.processors.audit.AuditRecords;
import dev.tidings.processors.audit.AuditResult;
import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.Command;
import dev.tidings.v1.Refusal;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Writes the audit record of each administrative command, with its result. Ignores all other commands. */
final class AuditLog {

    private final ProcessorContext<Object, Message> context;

    AuditLog(ProcessorContext<Object, Message> context) {
        this.context = context;
    }

    void write(Record<String, Command> record, Decision decision) {
        if (AuditRecords.isAdministrative(record.value())) {
            write(record, AuditRecords.of(record.value(), resultOf(decision), record.timestamp()));
        }
    }

    /** @param refusal null if the change of rules was applied */
    void writeRules(Record<String, Command> record, @Nullable Refusal refusal) {
        AuditRecords.ofRules(record.value(), AuditResult.of(refusal), record.timestamp())
                .forEach(audit -> write(record, audit));
    }

    private void write(Record<String, Command> record, AuditRecord audit) {
        context.forward(record.withKey(audit.getTarget()).withValue(audit), ConversationSinks.AUDIT);
    }

    private static AuditResult resultOf(Decision decision) {
        return switch (decision) {
            case Decision.Accepted _ -> AuditResult.APPLIED;
            case Decision.Duplicate _,
                    Decision.Unchanged _,
                    Decision.Described _,
                    Decision.Counted _,
                    Decision.HeadRead _ -> AuditResult.UNCHANGED;
            case Decision.Refused(Refusal refusal) -> AuditResult.refused(refusal);
        };
    }
}
