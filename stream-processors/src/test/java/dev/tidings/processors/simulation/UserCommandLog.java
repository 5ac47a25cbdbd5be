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

/** The user commands of one partition by their time in the log, and the push settings of users as of a time. */
final class UserCommandLog {

    private final TreeMap<Long, UserCommand> byTime = new TreeMap<>();
    private final Set<String> granted = new HashSet<>();

    /**
     * @param tokens push tokens by device
     * @param settings the user's notification settings
     */
    record PushSettings(Map<String, String> tokens, NotificationSettings settings) {}

    UserCommandLog(Cluster cluster, int partition) {
        for (Partition.Appended record :
                cluster.partitions(Topics.USER_COMMANDS).get(partition).all()) {
            try {
                byTime.put(record.timestampMillis, Ledger.value(Topics.USER_COMMANDS, record));
            } catch (SerializationException poison) {
                // belongs to no user
            }
        }
        for (Delivery delivery : cluster.committed(Topics.DELIVERIES)) {
            if (delivery.getUserAnswer().hasApplied()) {
                granted.add(delivery.getUserAnswer().getOrigin().getFrameId());
            }
        }
    }

    /** The command with this time, or an empty one. */
    UserCommand at(long millis) {
        return byTime.getOrDefault(millis, UserCommand.getDefaultInstance());
    }

    boolean isOne(long millis) {
        return byTime.containsKey(millis);
    }

    /** The push settings as of this time, a command with this time included. */
    PushSettings of(String userId, long millis) {
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
        return new PushSettings(tokens, settings.build());
    }

    /** Whether the push settings did not change between these times. */
    boolean isSame(String userId, long fromMillis, long toMillis) {
        return byTime.subMap(fromMillis, false, Math.max(fromMillis, toMillis), false).values().stream()
                .filter(command -> command.getUserId().equals(userId))
                .noneMatch(command -> command.hasRegisterPush()
                        || command.hasRevokeDevice()
                        || command.getChangeProfile().hasNotifications());
    }

    /** Whether a gateway had reported the message as undelivered to this session by then. */
    boolean isUndelivered(String sessionId, ConversationEvent message, long millis) {
        return byTime.headMap(millis, true).values().stream()
                .filter(command -> command.getUndelivered().getSessionId().equals(sessionId))
                .flatMap(command -> command.getUndelivered().getMessagesList().stream())
                .anyMatch(reference -> reference.getConversationId().equals(message.getConversationId())
                        && reference.getSeq() == message.getSeq());
    }
}
