package dev.tidings.gateway.rest;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

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

    Routes() {
        this.all = Stream.of(
                        MessageRoutes.ALL, ConversationRoutes.ALL, GroupRoutes.ALL, UserRoutes.ALL, AdminRoutes.ALL)
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
