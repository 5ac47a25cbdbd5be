package dev.tidings.gateway.token;

import dev.tidings.gateway.auth.Scope;
import dev.tidings.schemas.id.UserId;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A back end that may ask for tokens of any user. Its line in the file of clients is {@code id:hash:scopes}.
 *
 * @param id of the characters of a user id
 * @param secretHash the hash of the client's secret
 * @param scopes that its tokens may have; not empty
 */
public record TokenClient(String id, SecretHash secretHash, Set<Scope> scopes) {

    public TokenClient {
        if (!UserId.isValid(id)) {
            throw new IllegalArgumentException("the id is \"" + id + "\"; [A-Za-z0-9_.-]{1,64} is allowed");
        }
        if (scopes.isEmpty()) {
            throw new IllegalArgumentException("the client has no scopes");
        }
        scopes = Set.copyOf(scopes);
    }

    /** @throws IllegalArgumentException if the line is not {@code id:hash:scopes}, the scopes separated by commas */
    static TokenClient parse(String line) {
        String[] parts = line.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("the line has " + parts.length + " parts; it must be id:hash:scopes");
        }
        EnumSet<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String name : parts[2].split(",")) {
            Scope scope = Scope.find(name.strip());
            if (scope == null) {
                throw new IllegalArgumentException("the scope is \"" + name.strip() + "\"; allowed are "
                        + Arrays.stream(Scope.values()).map(Scope::claimName).collect(Collectors.joining(", ")));
            }
            scopes.add(scope);
        }
        return new TokenClient(parts[0].strip(), SecretHash.parse(parts[1].strip()), scopes);
    }

    /** The client's line in the file. */
    public String line() {
        return id
                + ':'
                + secretHash.text()
                + ':'
                + scopes.stream().sorted().map(Scope::claimName).collect(Collectors.joining(","));
    }
}
