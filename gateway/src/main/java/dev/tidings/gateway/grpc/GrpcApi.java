package dev.tidings.gateway.grpc;

import dev.tidings.gateway.api.AdminRequests;
import dev.tidings.gateway.api.UnaryRequests;

/**
 * The operations that unary calls carry out.
 *
 * @param users the requests of users
 * @param operators the requests of operators
 */
public record GrpcApi(UnaryRequests users, AdminRequests operators) {}
