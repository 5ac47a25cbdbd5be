package dev.tidings.gateway.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.auth.Scope;
import dev.tidings.gateway.auth.TestTokens;
import dev.tidings.gateway.session.TestGateway;
import dev.tidings.v1.TokenRevocation;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The authorization matrix of the REST API: each route with each kind of token, over real HTTP with real tokens. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RestAuthorizationTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final Set<Scope> PRESENCE = EnumSet.of(Scope.ADMIN, Scope.BUSINESS, Scope.MODERATOR, Scope.SUPPORT);

    /** The scopes that grant each operation for operators. All other operations need the scope user. */
    private static final Map<String, Set<Scope>> ADMIN = Map.ofEntries(
            Map.entry("sendAsSystem", EnumSet.of(Scope.ADMIN, Scope.BUSINESS)),
            Map.entry("recallAsSystem", EnumSet.of(Scope.ADMIN, Scope.MODERATOR)),
            Map.entry("readAnyGroup", EnumSet.of(Scope.ADMIN, Scope.MODERATOR, Scope.SUPPORT)),
            Map.entry("transferOwnershipAsSystem", EnumSet.of(Scope.ADMIN, Scope.MODERATOR)),
            Map.entry("dissolveAsSystem", EnumSet.of(Scope.ADMIN, Scope.MODERATOR)),
            Map.entry("removeMemberAsSystem", EnumSet.of(Scope.ADMIN, Scope.MODERATOR)),
            Map.entry("muteMemberAsSystem", EnumSet.of(Scope.ADMIN, Scope.MODERATOR)),
            Map.entry("unmuteMemberAsSystem", EnumSet.of(Scope.ADMIN, Scope.MODERATOR)),
            Map.entry("muteAllAsSystem", EnumSet.of(Scope.ADMIN, Scope.MODERATOR)),
            Map.entry("unmuteAllAsSystem", EnumSet.of(Scope.ADMIN, Scope.MODERATOR)),
            Map.entry("putUser", EnumSet.of(Scope.ADMIN, Scope.BUSINESS)),
            Map.entry("patchAnyUser", EnumSet.of(Scope.ADMIN, Scope.BUSINESS)),
            Map.entry("disableUser", EnumSet.of(Scope.ADMIN, Scope.MODERATOR)),
            Map.entry("enableUser", EnumSet.of(Scope.ADMIN, Scope.MODERATOR)),
            Map.entry("endSessions", EnumSet.of(Scope.ADMIN, Scope.MODERATOR, Scope.SUPPORT)),
            Map.entry("listBans", EnumSet.of(Scope.ADMIN, Scope.MODERATOR, Scope.SUPPORT)),
            Map.entry("banUser", EnumSet.of(Scope.ADMIN, Scope.MODERATOR)),
            Map.entry("unbanUser", EnumSet.of(Scope.ADMIN, Scope.MODERATOR)),
            Map.entry("banDevice", EnumSet.of(Scope.ADMIN, Scope.MODERATOR)),
            Map.entry("unbanDevice", EnumSet.of(Scope.ADMIN, Scope.MODERATOR)),
            Map.entry("banAddress", EnumSet.of(Scope.ADMIN, Scope.MODERATOR)),
            Map.entry("unbanAddress", EnumSet.of(Scope.ADMIN, Scope.MODERATOR)),
            Map.entry("listRules", EnumSet.of(Scope.ADMIN, Scope.MODERATOR, Scope.SUPPORT)),
            Map.entry("changeRules", EnumSet.of(Scope.ADMIN)),
            Map.entry("readAnyPresence", PRESENCE),
            Map.entry("listOnlineMembers", PRESENCE),
            Map.entry("listRoomUsers", PRESENCE),
            Map.entry("countOnlineUsers", PRESENCE),
            Map.entry("readHead", PRESENCE),
            Map.entry("listCases", EnumSet.of(Scope.ADMIN, Scope.MODERATOR)),
            Map.entry("listAudit", EnumSet.of(Scope.ADMIN, Scope.ANALYST)));

    /** Replies never come: a request that is carried out times out at once. */
    private final TestGateway gateway =
            new TestGateway.Builder().unaryTimeout(Duration.ZERO).build();

    private final TestTokens tokens = new TestTokens(gateway.logMillis::get);
    private final Routes routes = new Routes();
    private final RestServer server = new RestServer(gateway, gateway.revocations.guard(tokens.authenticator()));

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void each_operation_is_open_to_the_scopes_of_its_row_and_to_no_others() {
        assertEquals(
                routes.all().stream()
                        .filter(route -> route.permission() != null)
                        .map(Route::operationId)
                        .collect(Collectors.toSet()),
                ADMIN.keySet());
        Map<String, String> expected = new TreeMap<>();
        Map<String, Integer> statuses = new LinkedHashMap<>();
        for (Route route : routes.all()) {
            Set<Scope> allowed = ADMIN.getOrDefault(route.operationId(), EnumSet.of(Scope.USER));
            for (Scope scope : Scope.values()) {
                String cell = route.operationId() + " with " + scope.claimName();
                expected.put(cell, allowed.contains(scope) ? "allowed" : "403");
                statuses.put(cell, status(route, tokens.of(scope)));
            }
        }

        assertEquals(expected, outcomes(statuses));
        assertTrue(expected.size() > 400, () -> "cells: " + expected.size());
    }

    @Test
    void no_operation_accepts_a_token_that_is_absent_forged_expired_or_revoked() {
        Map<String, String> rejected = tokens.rejected();
        gateway.revocations.accept(
                TokenRevocation.newBuilder().setUserId(TestTokens.REVOKED).build(), gateway.logMillis.get());
        Map<String, String> expected = new TreeMap<>();
        Map<String, Integer> statuses = new LinkedHashMap<>();
        for (Route route : routes.all()) {
            rejected.forEach((flaw, token) -> {
                String cell = route.operationId() + ": " + flaw;
                expected.put(cell, "401");
                statuses.put(cell, status(route, token));
            });
            expected.put(route.operationId() + " without token", "401");
            statuses.put(
                    route.operationId() + " without token", send(request(route).build()));
        }

        assertEquals(expected, outcomes(statuses));
        assertEquals(List.of(), gateway.log.commands());
        assertEquals(List.of(), gateway.log.operatorRequests());
    }

    @Test
    void only_business_systems_and_admins_act_for_other_users() {
        Route route = routes.all().stream()
                .filter(one -> one.operationId().equals("sendMessage"))
                .findFirst()
                .orElseThrow();
        Map<String, String> expected = new TreeMap<>();
        Map<String, Integer> statuses = new LinkedHashMap<>();
        for (Scope scope : Scope.values()) {
            expected.put(scope.claimName(), scope == Scope.BUSINESS || scope == Scope.ADMIN ? "allowed" : "403");
            statuses.put(
                    scope.claimName(),
                    send(request(route)
                            .header("Authorization", "Bearer " + tokens.of(scope))
                            .header("Tidings-Actor", "bob")
                            .build()));
        }

        assertEquals(expected, outcomes(statuses));
    }

    private int status(Route route, String token) {
        return send(request(route).header("Authorization", "Bearer " + token).build());
    }

    private HttpRequest.Builder request(Route route) {
        String path = route.path()
                .text()
                .replace("{conversationId}", "nonsense")
                .replace("{groupId}", "g:club")
                .replace("{userId}", "bob")
                .replace("{seq}", "1")
                .replaceAll("\\{[a-zA-Z]+}", "x");
        String query = route.query().stream()
                .filter(QueryParameter::isRequired)
                .map(parameter -> parameter.name() + "=bob")
                .collect(Collectors.joining("&"));
        return HttpRequest.newBuilder(server.uri(path + (query.isEmpty() ? "" : '?' + query)))
                .header("Content-Type", "application/json")
                .method(
                        route.method(),
                        route.body() == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString("{}"));
    }

    private static int send(HttpRequest request) {
        return HTTP.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                .join()
                .statusCode();
    }

    /** Returns 401, 403, or that the request was allowed. */
    private static Map<String, String> outcomes(Map<String, Integer> statuses) {
        Map<String, String> outcomes = new TreeMap<>();
        statuses.forEach((cell, status) -> {
            outcomes.put(cell, status == 401 || status == 403 ? Integer.toString(status) : "allowed");
        });
        return outcomes;
    }
}
