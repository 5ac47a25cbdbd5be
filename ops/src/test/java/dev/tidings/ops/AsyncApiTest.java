package dev.tidings.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.GenericDescriptor;
import dev.tidings.processors.supervision.DeadLetter;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Holds {@code asyncapi.yaml} to {@link Topics} and to the schema, both ways. */
class AsyncApiTest {

    private static final String SCHEMAS = "#/components/schemas/";

    private static final List<Descriptor> MESSAGES = List.of(
            BusinessCommand.getDescriptor(),
            BusinessReply.getDescriptor(),
            ConversationEvent.getDescriptor(),
            UserEvent.getDescriptor(),
            Notification.getDescriptor(),
            PushOutcome.getDescriptor(),
            ModerationCase.getDescriptor(),
            UserProfile.getDescriptor(),
            AuditRecord.getDescriptor());

    private final Map<String, Object> document = map(new Yaml(new SafeConstructor(new LoaderOptions()))
            .load(RepositoryFiles.read(RepositoryFiles.ROOT.resolve("ops/docs/asyncapi.yaml"))));

    @Test
    void every_topic_is_a_channel_or_internal() {
        List<String> documented = new ArrayList<>(strings(document.get("x-internal-topics")));
        channels().forEach(channel -> documented.add((String) channel.get("address")));

        assertEquals(
                Topics.ALL.stream().map(Topic::name).sorted().toList(),
                documented.stream().sorted().toList());
    }

    @Test
    void every_channel_states_the_retention_or_compaction_of_its_topic() {
        for (Map<String, Object> channel : channels()) {
            Topic<?, ?> topic = Topics.ALL.stream()
                    .filter(some -> some.name().equals(channel.get("address")))
                    .findFirst()
                    .orElseThrow();
            Map<String, Object> documented = at(channel, "bindings", "kafka", "topicConfiguration");
            Object retention = documented.get("retention.ms");
            Object cleanup = documented.get("cleanup.policy");

            assertEquals(
                    topic.config().get("retention.ms"), retention == null ? null : retention.toString(), topic.name());
            assertEquals(
                    topic.config().get("cleanup.policy"),
                    cleanup == null ? null : String.join(",", strings(cleanup)),
                    topic.name());
        }
    }

    @Test
    void every_public_message_is_in_the_document() {
        Set<String> payloads = new HashSet<>();
        at(document, "components", "messages").forEach((name, message) -> {
            Map<String, Object> payload = map(map(message).get("payload"));
            if (payload.containsKey("$ref")) {
                assertEquals(SCHEMAS + name, payload.get("$ref"));
                payloads.add(name);
            }
        });
        assertEquals(Set.copyOf(MESSAGES.stream().map(AsyncApiTest::name).toList()), payloads);
    }

    @Test
    void the_schemas_have_all_fields_and_enum_values_and_no_others() {
        Map<String, Object> documented = new TreeMap<>(at(document, "components", "schemas"));
        documented.remove("TraceHeaders");

        assertEquals(lines(schemas()), lines(documented));
    }

    @Test
    void every_reference_leads_to_a_part_of_the_document() {
        requireReferences(document);
    }

    @Test
    void the_headers_of_dead_letters_are_those_of_the_code() {
        assertEquals(
                Set.of(DeadLetter.TOPIC, DeadLetter.PARTITION, DeadLetter.OFFSET, DeadLetter.REASON, DeadLetter.CUT),
                at(document, "components", "messages", "DeadLetter", "headers", "properties")
                        .keySet());
    }

    private void requireReferences(Object node) {
        if (node instanceof Map<?, ?> map) {
            if (map.get("$ref") instanceof String reference) {
                assertTrue(reference.startsWith("#/"), reference);
                String[] path = reference.substring(2).split("/");
                assertTrue(!at(document, path).isEmpty(), reference);
            }
            map.values().forEach(this::requireReferences);
        } else if (node instanceof List<?> list) {
            list.forEach(this::requireReferences);
        }
    }

    /** The schemas of all messages and enums that the public messages contain. */
    private static Map<String, Object> schemas() {
        Map<String, Object> schemas = new TreeMap<>();
        Deque<GenericDescriptor> open = new ArrayDeque<>(MESSAGES);
        while (!open.isEmpty()) {
            GenericDescriptor type = open.pop();
            if (schemas.containsKey(name(type))) {
                continue;
            }
            if (type instanceof EnumDescriptor values) {
                schemas.put(
                        name(type),
                        Map.of(
                                "type",
                                "string",
                                "enum",
                                values.getValues().stream()
                                        .map(EnumValueDescriptor::getName)
                                        .toList()));
            } else if (type instanceof Descriptor message) {
                Map<String, Object> properties = new TreeMap<>();
                for (FieldDescriptor field : message.getFields()) {
                    Map<String, Object> schema = schema(field, open);
                    properties.put(
                            field.getJsonName(),
                            field.isRepeated() ? Map.of("type", "array", "items", schema) : schema);
                }
                schemas.put(
                        name(type),
                        properties.isEmpty()
                                ? Map.of("type", "object")
                                : Map.of("type", "object", "properties", properties));
            }
        }
        return schemas;
    }

    private static Map<String, Object> schema(FieldDescriptor field, Deque<GenericDescriptor> open) {
        return switch (field.getJavaType()) {
            case STRING -> Map.of("type", "string");
            case BOOLEAN -> Map.of("type", "boolean");
            case INT -> Map.of("type", "integer", "format", "int32");
            case LONG -> Map.of("type", "string", "format", "int64");
            case FLOAT -> Map.of("type", "number", "format", "float");
            case DOUBLE -> Map.of("type", "number", "format", "double");
            case BYTE_STRING -> Map.of("type", "string", "format", "byte");
            case ENUM -> reference(field.getEnumType(), open);
            case MESSAGE ->
                field.getMessageType().getFullName().equals("google.protobuf.Timestamp")
                        ? Map.of("type", "string", "format", "date-time")
                        : reference(field.getMessageType(), open);
        };
    }

    private static Map<String, Object> reference(GenericDescriptor type, Deque<GenericDescriptor> open) {
        open.push(type);
        return Map.of("$ref", SCHEMAS + name(type));
    }

    private static String name(GenericDescriptor type) {
        return type.getFullName().replace("tidings.v1.", "");
    }

    /** One line for each field and enum, so that a failure shows what is missing. */
    private static String lines(Map<String, Object> schemas) {
        List<String> lines = new ArrayList<>();
        schemas.forEach((name, schema) -> {
            Map<String, Object> parts = new TreeMap<>(map(schema));
            Object properties = parts.remove("properties");
            lines.add(name + ' ' + sorted(parts));
            if (properties != null) {
                map(properties).forEach((field, type) -> lines.add(name + '.' + field + ' ' + sorted(map(type))));
            }
        });
        return String.join("\n", lines.stream().sorted().toList());
    }

    private static Map<String, Object> sorted(Map<String, Object> map) {
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((key, value) -> sorted.put(key, value instanceof Map ? sorted(map(value)) : value));
        return sorted;
    }

    private List<Map<String, Object>> channels() {
        return at(document, "channels").values().stream().map(AsyncApiTest::map).toList();
    }

    private static Map<String, Object> at(Map<String, Object> from, String... path) {
        Map<String, Object> node = from;
        for (String step : path) {
            node = map(Objects.requireNonNull(node.get(step), () -> String.join("/", path)));
        }
        return node;
    }

    private static List<String> strings(@Nullable Object node) {
        List<String> strings = new ArrayList<>();
        for (Object element : assertInstanceOf(List.class, node)) {
            strings.add(String.valueOf(element));
        }
        return strings;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(@Nullable Object node) {
        return (Map<String, Object>) assertInstanceOf(Map.class, node);
    }
}
