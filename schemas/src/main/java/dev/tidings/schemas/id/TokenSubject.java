package dev.tidings.schemas.id;

import dev.tidings.v1.TokenRevocation;

/** Names the tokens that a revocation ends: one token, all of a device, or all of a user. The key of {@code tidings.token-revocations}. */
public final class TokenSubject {

    private TokenSubject() {}

    /** @throws IllegalArgumentException if the revocation names neither a token nor a user, or has an id that is not allowed */
    public static String of(TokenRevocation revocation) {
        boolean ofToken = !revocation.getTokenId().isEmpty();
        boolean ofUser = !revocation.getUserId().isEmpty();
        if (ofToken == ofUser || (ofToken && !revocation.getDeviceId().isEmpty())) {
            throw new IllegalArgumentException("a revocation names a token, a user, or a user and a device");
        }
        if (ofToken) {
            requireId("token id", revocation.getTokenId());
            return ofToken(revocation.getTokenId());
        }
        if (!UserId.isValid(revocation.getUserId())) {
            throw new IllegalArgumentException(
                    "user id is \"" + revocation.getUserId() + "\"; [A-Za-z0-9_.-]{1,64} is allowed");
        }
        if (revocation.getDeviceId().isEmpty()) {
            return ofUser(revocation.getUserId());
        }
        requireId("device id", revocation.getDeviceId());
        return ofDevice(revocation.getUserId(), revocation.getDeviceId());
    }

    public static String ofToken(String tokenId) {
        return "token:" + tokenId;
    }

    public static String ofUser(String userId) {
        return "user:" + userId;
    }

    /** A user id has no colon, so that two pairs never have the same text. */
    public static String ofDevice(String userId, String deviceId) {
        return "device:" + userId + ':' + deviceId;
    }

    private static void requireId(String what, String id) {
        if (!ExternalId.isValid(id)) {
            throw new IllegalArgumentException(what + " must have 1 to 128 bytes without control characters");
        }
    }
}
