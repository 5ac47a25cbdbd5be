package dev.tidings.gateway.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OpenApiDocumentTest {

    private final Routes routes = new Routes();
    private final JsonObject document =
            JsonParser.parseString(OpenApiDocument.of(routes)).getAsJsonObject();

    @Test
    void every_route_is_documented_and_every_documented_operation_is_a_route() {
        Set<String> documented = new TreeSet<>();
        for (Map.Entry<String, JsonElement> path :
                document.getAsJsonObject("paths").entrySet()) {
            path.getValue()
                    .getAsJsonObject()
                    .keySet()
                    .forEach(method -> documented.add(method.toUpperCase(Locale.ROOT) + ' ' + path.getKey()));
        }

        assertEquals(
                routes.all().stream()
                        .map(route -> route.method() + ' ' + route.path().text())
                        .collect(Collectors.toCollection(TreeSet::new)),
                documented);
    }

    @Test
    void operation_ids_and_pairs_of_method_and_path_are_unique() {
        assertEquals(
                routes.all().size(),
                routes.all().stream().map(Route::operationId).distinct().count());
        assertEquals(
                routes.all().size(),
                routes.all().stream()
                        .map(route -> route.method() + route.path().text())
                        .distinct()
                        .count());
    }

    @Test
    void every_reference_leads_to_a_component() {
        assertReferencesLeadSomewhere(document);
    }

    private void assertReferencesLeadSomewhere(JsonElement element) {
        if (element.isJsonArray()) {
            element.getAsJsonArray().forEach(this::assertReferencesLeadSomewhere);
        } else if (element.isJsonObject()) {
            for (Map.Entry<String, JsonElement> entry :
                    element.getAsJsonObject().entrySet()) {
                if (entry.getKey().equals("$ref")) {
                    String[] reference = entry.getValue().getAsString().split("/");
                    assertTrue(
                            document.getAsJsonObject(reference[1])
                                    .getAsJsonObject(reference[2])
                                    .has(reference[3]),
                            entry.getValue()::getAsString);
                } else {
                    assertReferencesLeadSomewhere(entry.getValue());
                }
            }
        }
    }

    @Test
    void a_body_has_no_field_that_the_path_or_the_server_sets() {
        JsonObject schemas = document.getAsJsonObject("components").getAsJsonObject("schemas");

        JsonObject edit = schemas.getAsJsonObject("EditMessageBody").getAsJsonObject("properties");
        assertEquals(Set.of("content", "mentions"), edit.keySet());
        assertFalse(schemas.getAsJsonObject("ChangeProfileBody")
                .getAsJsonObject("properties")
                .has("origin"));
    }

    @Test
    void the_page_for_people_names_every_operation() {
        String page = ApiPage.of(routes);

        for (Route route : routes.all()) {
            assertTrue(page.contains("id=\"" + route.operationId() + '"'), route::operationId);
        }
    }
}
