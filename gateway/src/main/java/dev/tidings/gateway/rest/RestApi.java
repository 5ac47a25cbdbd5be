package dev.tidings.gateway.rest;

import dev.tidings.gateway.api.AdminRequests;
import dev.tidings.gateway.api.UnaryRequests;

/**
 * The operations that routes carry out.
 *
 * @param users the requests of users
 * @param operators the requests of operators
 */
public record RestApi(UnaryRequests users, AdminRequests operators) {}
