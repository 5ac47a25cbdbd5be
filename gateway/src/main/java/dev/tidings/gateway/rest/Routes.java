package dev.tidings.gateway.rest;

import dev.tidings.gateway.token.TokenService;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The table of all operations of the REST API. */
final class Routes {

    /** The outcome of {@link #find}. */
    sealed interface Match {}

    /** @param pathValues of the variables in the path, decoded */
    record Found(Route route, Map<String, String> pathValues) implements Match {}

    /** @param allowed the methods of the path, ascending */
    record WrongMethod(List<String> allowed) implements Match {}

    record UnknownPath() implements Match {}

    private final List<Route> all;

    /** The routes of a gateway without a token service. */
    Routes() {
        this(null);
    }

    /** @param tokens null: the gateway has no token service, and no routes to it */
    Routes(@Nullable TokenService tokens) {
        this.all = Stream.of(
                        MessageRoutes.ALL,
                        ConversationRoutes.ALL,
                        GroupRoutes.ALL,
                        UserRoutes.ALL,
                        AdminRoutes.ALL,
                        PresenceRoutes.ALL,
                        tokens == null ? List.<Route>of() : TokenRoutes.of(tokens))
                .flatMap(List::stream)
                .toList();
    }

    List<Route> all() {
        return all;
    }

    /** @param path the decoded segments */
    Match find(String method, List<String> path) {
        TreeSet<String> allowed = new TreeSet<>();
        for (Route route : all) {
            Map<String, String> values = route.path().match(path);
            if (values != null) {
                if (route.method().equals(method)) {
                    return new Found(route, values);
                }
                allowed.add(route.method());
            }
        }
        return allowed.isEmpty() ? new UnknownPath() : new WrongMethod(List.copyOf(allowed));
    }
}
