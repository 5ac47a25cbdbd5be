package dev.tidings.processors.intake;

import dev.tidings.schemas.serde.GatewayRequests;
import dev.tidings.v1.AuditContext;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessOrigin;
import dev.tidings.v1.Origin;
import org.apache.kafka.common.header.Headers;

/** Makes the origin of the commands of a request: where their replies go, and who requested them. */
final class RequestOrigin {

    private RequestOrigin() {}

    /** Returns the gateway that the headers name, or the business system. */
    static Origin of(BusinessOrigin business, BusinessCommand request, Headers headers) {
        Origin gateway = GatewayRequests.originIn(headers);
        return gateway == null
                ? of(business, request)
                : gateway.toBuilder().setAudit(audit(request)).build();
    }

    /** Returns the business system. */
    static Origin of(BusinessOrigin business, BusinessCommand request) {
        Origin.Builder origin = Origin.newBuilder().setBusiness(business);
        AuditContext audit = audit(request);
        return (audit.equals(AuditContext.getDefaultInstance()) ? origin : origin.setAudit(audit)).build();
    }

    private static AuditContext audit(BusinessCommand request) {
        return AuditContext.newBuilder()
                .setOperator(request.getOperator())
                .setReason(request.getReason())
                .build();
    }
}
