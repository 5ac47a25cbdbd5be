package dev.tidings.ops.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.FileDescriptor;
import dev.tidings.ops.RepositoryFiles;
import dev.tidings.ops.registry.PublicSchemas.TopicValue;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas go over HTTP to a registry that checks each request as a real one does. */
class PublicSchemasTest {

    private final FakeSchemaRegistry registry = start();

    private static FakeSchemaRegistry start() {
        try {
            return new FakeSchemaRegistry("ada", "secret");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void the_value_of_each_public_topic_is_a_subject_with_the_type_of_its_records() {
        List<String> lines = PublicSchemas.publish(client(Map.of()));

        assertEquals(
                PublicSchemas.ALL.stream()
                        .map(value -> "schema " + value.subject() + " version 1")
                        .toList(),
                lines);
        for (TopicValue value : PublicSchemas.ALL) {
            FileDescriptor file = Objects.requireNonNull(registry.subjects.get(value.subject()))
                    .getFirst()
                    .file();
            assertNotNull(file.findMessageTypeByName(value.type().getName()), value.subject());
        }
    }

    @Test
    void imported_files_are_subjects_under_their_names() {
        PublicSchemas.publish(client(Map.of()));

        assertTrue(registry.subjects.containsKey("tidings/v1/content.proto"), registry.subjects.keySet()::toString);
        assertTrue(registry.subjects.keySet().stream().noneMatch(subject -> subject.startsWith("google/")));
    }

    @Test
    void publishing_again_adds_no_version() {
        PublicSchemas.publish(client(Map.of()));
        int registrations = registry.registrations();

        List<String> lines = PublicSchemas.publish(client(Map.of()));

        assertEquals(registrations, registry.registrations());
        assertTrue(lines.stream().allMatch(line -> line.endsWith(" version 1")), lines::toString);
    }

    @Test
    void a_schema_that_the_registry_rejects_is_an_error_with_its_message() {
        registry.incompatible = "tidings.business-value";

        SchemaRegistryException rejected =
                assertThrows(SchemaRegistryException.class, () -> PublicSchemas.publish(client(Map.of())));

        assertTrue(
                String.valueOf(rejected.getMessage())
                        .endsWith("answers 409 to /subjects/tidings.business-value/versions: Schema being registered is"
                                + " incompatible with an earlier schema for subject"),
                rejected::getMessage);
    }

    @Test
    void wrong_credentials_are_an_error() {
        SchemaRegistryException rejected = assertThrows(
                SchemaRegistryException.class,
                () -> PublicSchemas.publish(client(Map.of("schema-registry.password", "wrong"))));

        assertTrue(String.valueOf(rejected.getMessage()).contains("answers 401"), rejected::getMessage);
    }

    @Test
    void a_registry_that_does_not_run_is_an_error() {
        SchemaRegistry client = client(Map.of());
        registry.close();

        SchemaRegistryException failed =
                assertThrows(SchemaRegistryException.class, () -> PublicSchemas.publish(client));

        assertTrue(String.valueOf(failed.getMessage()).contains("does not answer"), failed::getMessage);
    }

    @Test
    void without_a_url_there_is_no_registry() {
        assertNull(SchemaRegistry.from(Settings.of(Map.of())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"registry:8081", "ftp://registry", "http://", "http://registry?x=1"})
    void another_url_is_rejected(String url) {
        SettingsException rejected = assertThrows(
                SettingsException.class, () -> SchemaRegistry.from(Settings.of(Map.of("schema-registry.url", url))));

        assertEquals("schema-registry.url is \"" + url + "\"; an http or https URL is allowed", rejected.getMessage());
    }

    @Test
    void the_topics_are_those_of_the_asyncapi_document_with_protobuf_values() {
        Set<String> documented = Pattern.compile("^    address: (\\S+)$", Pattern.MULTILINE)
                .matcher(RepositoryFiles.read(RepositoryFiles.ROOT.resolve("ops/docs/asyncapi.yaml")))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        documented.remove("tidings.dead-letters"); // as received

        assertEquals(
                documented,
                PublicSchemas.ALL.stream()
                        .map(value -> value.topic().name())
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    /** The client of the registry with a slash too many, which does no harm. */
    private SchemaRegistry client(Map<String, String> more) {
        Settings settings = Settings.of(Map.of(
                        "schema-registry.url", registry.url() + '/',
                        "schema-registry.user", "ada",
                        "schema-registry.password", "secret"))
                .with(more);
        return Objects.requireNonNull(SchemaRegistry.from(settings));
    }
}
