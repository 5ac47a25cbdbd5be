package dev.tidings.connectors.push;

/** A device of a user: the smallest target that can be slow by itself. */
record Device(String userId, String deviceId) {}
