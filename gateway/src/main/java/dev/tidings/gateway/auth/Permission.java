package dev.tidings.gateway.auth;

import static dev.tidings.gateway.auth.Scope.ADMIN;
import static dev.tidings.gateway.auth.Scope.ANALYST;
import static dev.tidings.gateway.auth.Scope.BUSINESS;
import static dev.tidings.gateway.auth.Scope.MODERATOR;
import static dev.tidings.gateway.auth.Scope.SUPPORT;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** The right to an administrative operation, and the scopes that grant it: the table of roles. See decision 56. */
public enum Permission {
    READ_CASES(MODERATOR),
    RECALL_MESSAGES(MODERATOR),
    /** Mutes and removes members, and dissolves groups. */
    MODERATE_GROUPS(MODERATOR),
    READ_GROUPS(MODERATOR, SUPPORT),
    READ_BANS(MODERATOR, SUPPORT),
    BAN(MODERATOR),
    READ_RULES(MODERATOR, SUPPORT),
    CHANGE_RULES(),
    /** Sends messages as the system: to groups, to users and to everyone. */
    SEND_AS_SYSTEM(BUSINESS),
    /** Adds and changes users in the directory. */
    CHANGE_USERS(BUSINESS),
    DISABLE_USERS(MODERATOR),
    END_SESSIONS(MODERATOR, SUPPORT),
    /** Reads who is online, in groups and rooms, and the newest positions of conversations. */
    READ_PRESENCE(BUSINESS, MODERATOR, SUPPORT),
    READ_AUDIT(ANALYST);

    private final Set<Scope> scopes;

    /** @param scopes besides {@code admin}, which grants every permission */
    Permission(Scope... scopes) {
        this.scopes = EnumSet.of(ADMIN, scopes);
    }

    public boolean isGrantedTo(Principal principal) {
        return scopes.stream().anyMatch(principal::has);
    }

    /** Returns the names of the scopes that grant it, separated by commas. */
    public String scopeNames() {
        return scopes.stream().map(Scope::claimName).collect(Collectors.joining(", "));
    }
}
