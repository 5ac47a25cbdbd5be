package dev.tidings.processors.simulation;

import dev.tidings.schemas.Topics;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.NotificationSettings;
import dev.tidings.v1.UserCommand;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.errors.SerializationException;

/** What users have asked for in one partition, by the time in the log; and where and how they want to be notified, as of a time. */
final class Wishes {

    private final TreeMap<Long, UserCommand> byTime = new TreeMap<>();
    private final Set<String> granted = new HashSet<>();

    /**
     * @param tokens where the user is notified: by device
     * @param settings how he wants to be
     */
    record Wish(Map<String, String> tokens, NotificationSettings settings) {}

    Wishes(Cluster cluster, int partition) {
        for (Partition.Appended record :
                cluster.partitions(Topics.USER_COMMANDS).get(partition).all()) {
            try {
                byTime.put(record.timestampMillis, Ledger.value(Topics.USER_COMMANDS, record));
            } catch (SerializationException poison) {
                // nobody's
            }
        }
        for (Delivery delivery : cluster.committed(Topics.DELIVERIES)) {
            if (delivery.getUserAnswer().hasApplied()) {
                granted.add(delivery.getUserAnswer().getOrigin().getFrameId());
            }
        }
    }

    /** What was asked at this very time, or nothing. */
    UserCommand at(long millis) {
        return byTime.getOrDefault(millis, UserCommand.getDefaultInstance());
    }

    boolean isOne(long millis) {
        return byTime.containsKey(millis);
    }

    /** As of this time, what was asked then included. */
    Wish of(String userId, long millis) {
        Map<String, String> tokens = new TreeMap<>();
        NotificationSettings.Builder settings = NotificationSettings.newBuilder();
        for (UserCommand command : byTime.headMap(millis, true).values()) {
            if (!command.getUserId().equals(userId)) {
                continue;
            }
            if (command.hasRegisterPush()
                    && granted.contains(command.getRegisterPush().getOrigin().getFrameId())) {
                tokens.put(
                        command.getRegisterPush().getDeviceId(),
                        command.getRegisterPush().getToken());
            } else if (command.hasRevokeDevice()
                    && granted.contains(command.getRevokeDevice().getOrigin().getFrameId())) {
                tokens.remove(command.getRevokeDevice().getDeviceId());
            } else if (command.getChangeProfile().hasNotifications()
                    && granted.contains(command.getChangeProfile().getOrigin().getFrameId())) {
                settings.clear().mergeFrom(command.getChangeProfile().getNotifications());
            }
        }
        return new Wish(tokens, settings.build());
    }

    /** Whether it was the same all the time between. */
    boolean isSame(String userId, long fromMillis, long toMillis) {
        return byTime.subMap(fromMillis, false, Math.max(fromMillis, toMillis), false).values().stream()
                .filter(command -> command.getUserId().equals(userId))
                .noneMatch(command -> command.hasRegisterPush()
                        || command.hasRevokeDevice()
                        || command.getChangeProfile().hasNotifications());
    }

    /** Whether its gateway has said by then that this session did not acknowledge the message. */
    boolean isUndelivered(String sessionId, ConversationEvent message, long millis) {
        return byTime.headMap(millis, true).values().stream()
                .filter(command -> command.getUndelivered().getSessionId().equals(sessionId))
                .flatMap(command -> command.getUndelivered().getMessagesList().stream())
                .anyMatch(reference -> reference.getConversationId().equals(message.getConversationId())
                        && reference.getSeq() == message.getSeq());
    }
}
