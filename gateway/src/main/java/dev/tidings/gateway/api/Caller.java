package dev.tidings.gateway.api;

import dev.tidings.v1.Origin;
import java.util.function.Predicate;

/**
 * Who asks, and from where.
 *
 * @param userId as authenticated
 * @param deviceId the device's own name for itself
 * @param origin where the answer goes
 * @param rooms whether the session is in the room of this conversation id
 */
public record Caller(String userId, String deviceId, Origin origin, Predicate<String> rooms) {}
