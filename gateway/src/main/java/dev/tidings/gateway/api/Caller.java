package dev.tidings.gateway.api;

import dev.tidings.v1.Origin;
import java.util.function.Predicate;

/**
 * The author of a request.
 *
 * @param userId the authenticated user
 * @param deviceId as the client names its device
 * @param origin the session and the frame that the answer goes to
 * @param rooms whether the session is in the room with this conversation id
 */
public record Caller(String userId, String deviceId, Origin origin, Predicate<String> rooms) {}
