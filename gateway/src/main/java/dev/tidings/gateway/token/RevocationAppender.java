package dev.tidings.gateway.token;

import com.google.protobuf.Message;
import dev.tidings.v1.AuditContext;
import dev.tidings.v1.TokenRevocation;
import java.util.concurrent.CompletableFuture;

/** Appends revocations to topic {@code token-revocations}, and what they are for to the audit log. */
public interface RevocationAppender {

    /**
     * Completes once the revocation is durable, with {@link dev.tidings.v1.Applied}, or with an error.
     *
     * @param audit the token client, and why
     */
    CompletableFuture<Message> append(AuditContext audit, TokenRevocation revocation);
}
