package dev.tidings.processors.intake;

import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessCommand.BodyCase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rights of business systems, by the {@code source} of their requests. A listed source has the rights of its setting and no
 * others. See decision 56.
 *
 * @param bySource the rights of the listed sources
 * @param unlistedAllowed whether all other sources have all rights ({@code business.unlisted-sources}); otherwise none
 */
public record SourceRights(Map<String, Rights> bySource, boolean unlistedAllowed) {

    /** Every source has all rights. */
    public static final SourceRights ALL = new SourceRights(Map.of(), true);

    private static final String SOURCES = "business.sources.";
    private static final String UNLISTED = "business.unlisted-sources";

    public SourceRights {
        bySource = Map.copyOf(bySource);
    }

    /**
     * The rights of one source.
     *
     * @param bodies the bodies of its requests
     * @param actors user ids, or the beginnings of user ids before {@code *}; empty: all users
     * @param asSystem whether its requests may be as system
     */
    public record Rights(Set<BodyCase> bodies, List<String> actors, boolean asSystem) {

        public Rights {
            bodies = Set.copyOf(bodies);
            actors = List.copyOf(actors);
        }

        private @Nullable String violation(BusinessCommand request) {
            if (!bodies.contains(request.getBodyCase())) {
                return "requests with " + nameOf(request.getBodyCase()) + "; allowed are "
                        + String.join(
                                ", ",
                                bodies.stream()
                                        .map(SourceRights::nameOf)
                                        .sorted()
                                        .toList());
            }
            if (request.getAsSystem() && !asSystem) {
                return "requests as system";
            }
            return mayActFor(request) ? null : "requests with this actor; allowed are " + String.join(", ", actors);
        }

        private boolean mayActFor(BusinessCommand request) {
            String actor = request.getActor();
            return actors.isEmpty()
                    || (actor.isEmpty() && request.getAsSystem())
                    || actors.stream()
                            .anyMatch(allowed -> allowed.endsWith("*")
                                    ? actor.startsWith(allowed.substring(0, allowed.length() - 1))
                                    : actor.equals(allowed));
        }
    }

    /** Reads the settings {@code business.sources.<source>} and {@code business.unlisted-sources}. */
    public static SourceRights from(Settings settings) {
        Map<String, Rights> bySource = new TreeMap<>();
        settings.under("business.sources.").forEach((source, value) -> bySource.put(source, rights(source, value)));
        String unlisted = settings.text("business.unlisted-sources", "allow");
        return switch (unlisted) {
            case "allow" -> new SourceRights(bySource, true);
            case "reject" -> new SourceRights(bySource, false);
            default -> throw new SettingsException(UNLISTED + " must be allow or reject; it is \"" + unlisted + '"');
        };
    }

    /** Parses {@code bodies=send_message,react actors=shop,crm-* as-system}. */
    private static Rights rights(String source, String value) {
        Set<BodyCase> bodies = EnumSet.noneOf(BodyCase.class);
        List<String> actors = new ArrayList<>();
        boolean asSystem = false;
        for (String part : value.split("\\s+")) {
            if (part.startsWith("bodies=")) {
                for (String name : entries(part)) {
                    bodies.add(body(source, name));
                }
            } else if (part.startsWith("actors=")) {
                actors.addAll(entries(part));
            } else if (part.equals("as-system")) {
                asSystem = true;
            } else {
                throw new SettingsException(SOURCES + source + " has \"" + part
                        + "\"; bodies=<name,...>, actors=<user id,...> and as-system are allowed");
            }
        }
        return new Rights(bodies, actors, asSystem);
    }

    private static List<String> entries(String part) {
        return Arrays.stream(part.substring(part.indexOf('=') + 1).split(","))
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    private static BodyCase body(String source, String name) {
        for (BodyCase body : BodyCase.values()) {
            if (body != BodyCase.BODY_NOT_SET && nameOf(body).equals(name)) {
                return body;
            }
        }
        List<String> known = Arrays.stream(BodyCase.values())
                .filter(body -> body != BodyCase.BODY_NOT_SET)
                .map(SourceRights::nameOf)
                .toList();
        throw new SettingsException(
                SOURCES + source + " has the body \"" + name + "\"; allowed are " + String.join(", ", known));
    }

    /** Returns the name of the field in {@code business.proto}. */
    private static String nameOf(BodyCase body) {
        return body.name().toLowerCase(Locale.ROOT);
    }

    /** Returns the right that the source does not have, for people; null if the request is allowed. */
    @Nullable
    String violation(String source, BusinessCommand request) {
        Rights rights = bySource.get(source);
        if (rights == null) {
            return unlistedAllowed
                    ? null
                    : "source \"" + source + "\" may send no requests; list it in " + SOURCES + source;
        }
        String missing = rights.violation(request);
        return missing == null ? null : "source \"" + source + "\" may not send " + missing;
    }
}
