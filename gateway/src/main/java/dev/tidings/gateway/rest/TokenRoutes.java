package dev.tidings.gateway.rest;

import dev.tidings.gateway.token.TokenService;
import dev.tidings.v1.Applied;
import dev.tidings.v1.IssuedToken;
import dev.tidings.v1.JsonWebKey;
import dev.tidings.v1.JsonWebKeySet;
import dev.tidings.v1.TokenRefreshRequest;
import dev.tidings.v1.TokenRequest;
import dev.tidings.v1.TokenRevocationRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The operations of the token service. */
final class TokenRoutes {

    private TokenRoutes() {}

    static List<Route> of(TokenService service) {
        List<Route> routes = new ArrayList<>();
        routes.add(Route.post("/v1/tokens", "issueToken", "Issues a token for a user. For trusted back ends.")
                .body(TokenRequest.getDescriptor())
                .replies(IssuedToken.getDescriptor())
                .security(RouteSecurity.TOKEN_CLIENT)
                .operation((requests, request) -> CompletableFuture.completedFuture(service.issue(
                        request.userId(),
                        request.body(TokenRequest.newBuilder()).build()))));
        routes.add(Route.post(
                        "/v1/tokens/refresh", "refreshToken", "Exchanges a refresh token, once, for fresh tokens.")
                .body(TokenRefreshRequest.getDescriptor())
                .replies(IssuedToken.getDescriptor())
                .security(RouteSecurity.NONE)
                .operation((requests, request) -> CompletableFuture.completedFuture(service.refresh(
                        request.body(TokenRefreshRequest.newBuilder()).build()))));
        routes.add(Route.post("/v1/tokens/revoke", "revokeTokens", "Revokes one token, or those of a user or a device.")
                .body(TokenRevocationRequest.getDescriptor())
                .replies(Applied.getDescriptor())
                .security(RouteSecurity.TOKEN_CLIENT)
                .operation((requests, request) -> service.revoke(
                        request.userId(),
                        request.body(TokenRevocationRequest.newBuilder()).build())));
        if (!service.publicKey().isEmpty()) {
            JsonWebKeySet keys = keys(service.publicKey());
            routes.add(Route.get(
                            "/v1/jwks.json", "readKeys", "Reads the public keys of the tokens that the gateway issues.")
                    .replies(JsonWebKeySet.getDescriptor())
                    .security(RouteSecurity.NONE)
                    .operation((requests, request) -> CompletableFuture.completedFuture(keys)));
        }
        return List.copyOf(routes);
    }

    private static JsonWebKeySet keys(Map<String, Object> publicKey) {
        JsonWebKey.Builder key = JsonWebKey.newBuilder();
        publicKey.forEach(
                (name, value) -> key.setField(JsonWebKey.getDescriptor().findFieldByName(name), value));
        return JsonWebKeySet.newBuilder().addKeys(key).build();
    }
}
