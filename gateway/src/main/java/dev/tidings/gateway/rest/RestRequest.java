package dev.tidings.gateway.rest;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.api.Errors;
import dev.tidings.gateway.api.RequestException;
import dev.tidings.gateway.api.RequestUser;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.schemas.id.UserId;
import dev.tidings.schemas.serde.StrictJson;
import dev.tidings.v1.AuditContext;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One request to a route, of an authenticated caller. The accessors throw a {@link RequestException} that names the wrong value.
 *
 * @param user the user of the token, or the one for whom a business system acts; for {@link RouteSecurity#TOKEN_CLIENT} with the id
 *     of the client, for {@link RouteSecurity#NONE} with an empty id
 * @param audit the operator and their reason; empty in a request to a route for users
 * @param pathValues decoded
 * @param query decoded; only parameters that the route has
 * @param idempotencyKey the header; empty: absent
 * @param body empty: {@code {}}
 */
record RestRequest(
        Route route,
        RequestUser user,
        AuditContext audit,
        Map<String, String> pathValues,
        Map<String, String> query,
        String idempotencyKey,
        String body) {

    String userId() {
        return user.userId();
    }

    String path(String name) {
        return pathValues.getOrDefault(name, "");
    }

    String conversationId() {
        return path("conversationId");
    }

    String groupId() {
        return path("groupId");
    }

    long seq() {
        return number("seq", path("seq"));
    }

    /** The user that the path names. */
    String pathUserId() {
        String other = path("userId");
        if (!UserId.isValid(other)) {
            throw invalid("userId is \"" + other + "\"; it must match [A-Za-z0-9_.-]{1,64}");
        }
        return other;
    }

    /** The private conversation of the user and the one that the path names. */
    String privateConversationId() {
        return ConversationId.between(userId(), pathUserId()).toString();
    }

    String text(String name) {
        return query.getOrDefault(name, "");
    }

    boolean flag(String name) {
        return switch (query.getOrDefault(name, "false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid(name + " is \"" + text(name) + "\"; true and false are allowed");
        };
    }

    /** A query parameter; 0: absent. */
    long number(String name) {
        return query.containsKey(name) ? number(name, text(name)) : 0;
    }

    /** A query parameter, a time in RFC 3339; null: absent. */
    @Nullable
    Timestamp time(String name) {
        if (!query.containsKey(name)) {
            return null;
        }
        try {
            return Timestamps.parse(text(name));
        } catch (ParseException e) {
            throw invalid(name + " is \"" + text(name) + "\"; a time such as 2026-11-29T10:00:00Z is allowed");
        }
    }

    /** A query parameter within 1 and a maximum. */
    int limit(String name, int defaultValue, int max) {
        if (!query.containsKey(name)) {
            return defaultValue;
        }
        Long limit = parsed(text(name));
        if (limit == null || limit < 1 || limit > max) {
            throw invalid(name + " is \"" + text(name) + "\"; 1 to " + max + " is allowed");
        }
        return limit.intValue();
    }

    private static long number(String name, String text) {
        Long number = parsed(text);
        if (number == null) {
            throw invalid(name + " is \"" + text + "\"; a whole number from 0 to " + Long.MAX_VALUE + " is allowed");
        }
        return number;
    }

    /** Returns a number that is not negative, or null if the text is something else. */
    private static @Nullable Long parsed(String text) {
        try {
            long number = Long.parseLong(text);
            return number >= 0 && !text.startsWith("+") && !text.startsWith("-") ? number : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Distinct user ids, separated by commas. */
    List<String> userIds(String name, int max) {
        if (text(name).isEmpty()) {
            throw invalid(name + " is " + (query.containsKey(name) ? "empty" : "absent") + "; 1 to " + max
                    + " user ids, separated by commas, are allowed");
        }
        List<String> userIds =
                List.of(text(name).split(",", -1)).stream().distinct().toList();
        if (userIds.size() > max) {
            throw invalid(name + " has " + userIds.size() + " entries; at most " + max + " are allowed");
        }
        for (String one : userIds) {
            if (!UserId.isValid(one)) {
                throw invalid(name + " has \"" + one + "\"; a user id must match [A-Za-z0-9_.-]{1,64}");
            }
        }
        return userIds;
    }

    /**
     * Parses the body.
     *
     * @throws RequestException if it is missing, is not JSON of this type, or has a field that the path or the server sets
     */
    <B extends Message.Builder> B body(B into) {
        if (body.isBlank()) {
            throw invalid("the body is missing; it must be the JSON of a "
                    + into.getDescriptorForType().getName());
        }
        try {
            StrictJson.parse(body, into);
        } catch (InvalidProtocolBufferException e) {
            throw invalid("the body is not a " + into.getDescriptorForType().getName() + ": " + e.getMessage());
        }
        for (FieldDescriptor field : into.getAllFields().keySet()) {
            if (route.reserved().contains(field.getJsonName())) {
                throw invalid("the body has " + field.getJsonName() + "; the path or the server sets it");
            }
        }
        return into;
    }

    /**
     * Returns the client message id of a message: that of the body, the Idempotency-Key, or a random one.
     *
     * @param inBody empty: absent
     * @throws RequestException if both are present and differ
     */
    String clientMsgId(String inBody) {
        if (inBody.isEmpty()) {
            return idempotencyKey.isEmpty() ? UUID.randomUUID().toString() : idempotencyKey;
        }
        if (!idempotencyKey.isEmpty() && !idempotencyKey.equals(inBody)) {
            throw invalid("Idempotency-Key and clientMsgId differ; one of them is enough");
        }
        return inBody;
    }

    static RequestException invalid(String message) {
        return new RequestException(Errors.invalidArgument(message));
    }
}
