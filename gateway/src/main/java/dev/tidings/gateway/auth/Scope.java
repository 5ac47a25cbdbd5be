package dev.tidings.gateway.auth;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
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
                for (Scope scope : values()) {
                    if (scope.claimName().equals(name)) {
                        scopes.add(scope);
                    }
                }
            }
        }
        return scopes.isEmpty() ? DEFAULT : Collections.unmodifiableSet(scopes);
    }

    public String claimName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
