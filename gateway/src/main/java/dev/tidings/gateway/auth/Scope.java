package dev.tidings.gateway.auth;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A kind of access that a token grants, named in its {@code scope} claim in lower case. */
public enum Scope {
    /** Connects as the user and acts for them. */
    USER,
    /** Acts for a business system: sends as the system, and for its users. */
    BUSINESS,
    /** Has every {@link Permission}, and acts for all users. */
    ADMIN,
    /** Reads the audit log. */
    ANALYST,
    /** Moderates messages, groups and users: see {@link Permission}. */
    MODERATOR,
    /** Reads groups and bans, and ends sessions: see {@link Permission}. */
    SUPPORT;

    private static final Set<Scope> DEFAULT = Collections.unmodifiableSet(EnumSet.of(USER));

    /**
     * Reads the {@code scope} claim. Ignores names of other services, such as {@code openid}.
     *
     * @param claim names separated by spaces; null or without any of these scopes: {@code user}
     */
    public static Set<Scope> parse(@Nullable String claim) {
        EnumSet<Scope> scopes = EnumSet.noneOf(Scope.class);
        if (claim != null) {
            for (String name : claim.split(" ")) {
                Scope scope = find(name);
                if (scope != null) {
                    scopes.add(scope);
                }
            }
        }
        return scopes.isEmpty() ? DEFAULT : Collections.unmodifiableSet(scopes);
    }

    /** The text of a {@code scope} claim: the names in their order, separated by spaces. */
    public static String format(Set<Scope> scopes) {
        return scopes.stream().sorted().map(Scope::claimName).collect(Collectors.joining(" "));
    }

    /** Returns the scope with this name in a claim, or null. */
    public static @Nullable Scope find(String claimName) {
        for (Scope scope : values()) {
            if (scope.claimName().equals(claimName)) {
                return scope;
            }
        }
        return null;
    }

    public String claimName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
