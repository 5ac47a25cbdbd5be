package dev.tidings.gateway.log;

import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.Origin;
import dev.tidings.v1.TokenRevocation;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Appends the requests of operators. Parameter {@code done} is as of {@link CommandAppender}. The first requests may block for some
 * seconds, until the topics are known.
 */
public interface OperatorLog {

    /**
     * Appends a request to the topic of business systems. Changes of rules have one key, so that all partitions of the command log
     * get them in one order.
     *
     * @param origin receives the reply
     */
    void append(BusinessCommand request, Origin origin, Consumer<@Nullable Exception> done);

    /** Comes after an append of an audit record. Does not block. */
    void append(TokenRevocation revocation, Consumer<@Nullable Exception> done);

    void append(AuditRecord record, Consumer<@Nullable Exception> done);
}
