/**
 * Limits of clients: token buckets for each connection, user and address, and quotas of the connections of a user or address. They are in the memory of one gateway, bounded,
 * and are lost when it stops. Reads {@code gateway.limit.*}; writes nothing but metrics.
 */
@NullMarked
package dev.tidings.gateway.limit;

import org.jspecify.annotations.NullMarked;
