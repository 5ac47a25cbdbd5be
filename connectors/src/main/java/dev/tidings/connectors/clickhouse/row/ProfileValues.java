package dev.tidings.connectors.clickhouse.row;

/**
 * The profile of a group.
 *
 * @param joinPolicy such as {@code by_approval}
 * @param maxMembers 0 for the policy's limit
 */
public record ProfileValues(
        String name,
        String avatarUrl,
        String description,
        String announcement,
        String joinPolicy,
        boolean historyFromStart,
        long maxMembers) {}
