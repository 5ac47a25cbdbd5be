package dev.tidings.gateway.grpc;

import dev.tidings.gateway.api.RequestUser;
import dev.tidings.v1.AuditContext;

/**
 * The authenticated caller of a unary method.
 *
 * @param user the user who acts; of a method for operators the operator
 * @param audit the operator and their reason; empty in a call of a method for users
 */
record GrpcCaller(RequestUser user, AuditContext audit) {}
