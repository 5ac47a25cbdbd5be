package dev.tidings.ops.registry;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.tidings.ops.registry.SchemaRegistry.Reference;
import dev.tidings.ops.registry.SchemaRegistry.SchemaVersion;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ModerationCase;
import dev.tidings.v1.Notification;
import dev.tidings.v1.PushOutcome;
import dev.tidings.v1.UserEvent;
import dev.tidings.v1.UserProfile;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The schemas of the values of all public topics, and their publication. Each {@code .proto} file is a subject of its own, named as it is
 * imported; the subject of a topic, {@code <topic>-value}, has the file with the message of its values.
 */
public final class PublicSchemas {

    /** The type of the values of a topic. */
    record TopicValue(Topic<?, ?> topic, Descriptor type) {

        String subject() {
            return topic.name() + "-value";
        }
    }

    static final List<TopicValue> ALL = List.of(
            new TopicValue(Topics.BUSINESS, BusinessCommand.getDescriptor()),
            new TopicValue(Topics.BUSINESS_REPLIES, BusinessReply.getDescriptor()),
            new TopicValue(Topics.CONVERSATION_EVENTS, ConversationEvent.getDescriptor()),
            new TopicValue(Topics.USER_EVENTS, UserEvent.getDescriptor()),
            new TopicValue(Topics.NOTIFICATIONS, Notification.getDescriptor()),
            new TopicValue(Topics.PUSH_OUTCOMES, PushOutcome.getDescriptor()),
            new TopicValue(Topics.MODERATION, ModerationCase.getDescriptor()),
            new TopicValue(Topics.DIRECTORY, UserProfile.getDescriptor()),
            new TopicValue(Topics.AUDIT, AuditRecord.getDescriptor()));

    /** Every registry has these files. */
    private static final String OF_PROTOBUF = "google/protobuf/";

    private final SchemaRegistry registry;
    private final Map<String, Reference> published = new HashMap<>();

    private PublicSchemas(SchemaRegistry registry) {
        this.registry = registry;
    }

    /**
     * Registers the schemas that the registry does not have yet.
     *
     * @return a line for each topic
     * @throws SchemaRegistryException if the registry does not answer or rejects a schema; those before it stay
     */
    public static List<String> publish(SchemaRegistry registry) {
        PublicSchemas schemas = new PublicSchemas(registry);
        return ALL.stream().map(schemas::publish).toList();
    }

    private String publish(TopicValue value) {
        FileDescriptor file = value.type().getFile();
        publish(file);
        SchemaVersion registered = registry.register(value.subject(), text(file), references(file));
        return "schema " + value.subject() + " version " + registered.version();
    }

    private Reference publish(FileDescriptor file) {
        Reference known = published.get(file.getName());
        if (known != null) {
            return known;
        }
        SchemaVersion registered = registry.register(file.getName(), text(file), references(file));
        Reference reference = new Reference(file.getName(), file.getName(), registered.version());
        published.put(file.getName(), reference);
        return reference;
    }

    /** The imported files, each after those that it imports itself. */
    private List<Reference> references(FileDescriptor file) {
        List<Reference> references = new ArrayList<>();
        for (FileDescriptor imported : file.getDependencies()) {
            if (!imported.getName().startsWith(OF_PROTOBUF)) {
                references.add(publish(imported));
            }
        }
        return references;
    }

    private static String text(FileDescriptor file) {
        return Base64.getEncoder().encodeToString(file.toProto().toByteArray());
    }
}
