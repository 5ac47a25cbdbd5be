package dev.tidings.gateway.rest;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Timestamp;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes the page that describes the REST API for people: plain HTML without scripts. */
final class ApiPage {

    private static final String STYLE = """
            body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
            code{font-size:.95em}h3{margin:1.5rem 0 0}h3 code{font-weight:600}td,th{text-align:left;padding:.1rem 1rem .1rem 0}
            @media(prefers-color-scheme:dark){body{color:#e8e8e8;background:#16181c}a{color:#8ab4f8}}
            """;

    private final StringBuilder html = new StringBuilder();
    private final Map<String, Descriptor> messages = new LinkedHashMap<>();

    private ApiPage() {}

    static String of(Routes routes) {
        ApiPage page = new ApiPage();
        page.html
                .append(
                        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Tidings REST API</title><style>")
                .append(STYLE)
                .append(
                        "</style></head><body><h1>Tidings REST API</h1><p>Requests need the header <code>Authorization: Bearer"
                                + " &lt;token&gt;</code>. Errors are problem details (RFC 9457). For programs:"
                                + " <a href=\"/v1/openapi.json\">OpenAPI 3.1</a>.</p><h2>Operations</h2>");
        routes.all().forEach(page::operation);
        page.html.append("<h2>Messages</h2>");
        page.messages();
        return page.html.append("</body></html>").toString();
    }

    private void operation(Route route) {
        html.append("<h3 id=\"")
                .append(route.operationId())
                .append("\"><code>")
                .append(route.method())
                .append(' ')
                .append(escaped(route.path().text()))
                .append("</code></h3><p>")
                .append(escaped(route.summary()))
                .append("</p><table>");
        if (route.permission() != null) {
            row("scope", escaped(route.permission().scopeNames()));
        }
        for (QueryParameter parameter : route.query()) {
            row("?" + parameter.name(), escaped(parameter.description()));
        }
        switch (route.security()) {
            case USER -> {} // as the page says
            case TOKEN_CLIENT -> row("Authorization", "Basic, of a token client");
            case NONE -> row("Authorization", "none");
        }
        if (route.body() != null) {
            String without = route.reserved().isEmpty()
                    ? ""
                    : " without " + route.reserved().stream().sorted().collect(Collectors.joining(", "));
            row("body", link(route.body()) + without);
        }
        row("reply", route.replies().stream().map(this::link).collect(Collectors.joining(" or ")));
        html.append("</table>");
    }

    private void row(String name, String cell) {
        html.append("<tr><th><code>")
                .append(escaped(name))
                .append("</code></th><td>")
                .append(cell)
                .append("</td></tr>");
    }

    /** Describes the linked messages, and the ones that these link to. */
    private void messages() {
        Set<String> written = new HashSet<>();
        while (written.size() < messages.size()) {
            for (Descriptor message : Map.copyOf(messages).values().stream()
                    .sorted(Comparator.comparing(Descriptor::getName))
                    .toList()) {
                if (written.add(message.getName())) {
                    message(message);
                }
            }
        }
    }

    private void message(Descriptor message) {
        html.append("<h3 id=\"")
                .append(message.getName())
                .append("\"><code>")
                .append(message.getName())
                .append("</code></h3><table>");
        for (FieldDescriptor field : message.getFields()) {
            row(field.getJsonName(), (field.isRepeated() ? "list of " : "") + type(field));
        }
        html.append("</table>");
    }

    private String type(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT -> "number";
            case LONG -> "number of 64 bits, as a string";
            case FLOAT, DOUBLE -> "decimal number";
            case BOOLEAN -> "true or false";
            case STRING -> "text";
            case BYTE_STRING -> "bytes in base64";
            case ENUM ->
                field.getEnumType().getValues().stream()
                        .map(value -> value.getName())
                        .collect(Collectors.joining(", "));
            case MESSAGE ->
                field.getMessageType()
                                .getFullName()
                                .equals(Timestamp.getDescriptor().getFullName())
                        ? "time, RFC 3339"
                        : link(field.getMessageType());
        };
    }

    private String link(Descriptor message) {
        messages.putIfAbsent(message.getName(), message);
        return "<a href=\"#" + message.getName() + "\">" + message.getName() + "</a>";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
