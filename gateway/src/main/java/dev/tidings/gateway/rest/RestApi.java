package dev.tidings.gateway.rest;

import dev.tidings.gateway.api.AdminRequests;
import dev.tidings.gateway.api.UnaryRequests;
import dev.tidings.gateway.token.TokenService;
import org.jspecify.annotations.Nullable;

/**
 * The operations that routes carry out.
 *
 * @param users the requests of users
 * @param operators the requests of operators
 * @param tokens the requests of token clients; null: the gateway has no token service
 */
public record RestApi(
        UnaryRequests users,
        AdminRequests operators,
        @Nullable TokenService tokens) {

    /** The operations of a gateway without a token service. */
    public RestApi(UnaryRequests users, AdminRequests operators) {
        this(users, operators, null);
    }
}
