package dev.tidings.ops.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.TimestampProto;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A server with the two operations of Confluent's registry API that {@link SchemaRegistry} uses. It rejects what a real registry rejects:
 * other media types, wrong credentials, schemas that are not protobuf, and schemas whose imports are not all registered and named.
 */
final class FakeSchemaRegistry implements AutoCloseable {

    /** One version of a subject. */
    record Version(int id, String schema, FileDescriptor file) {}

    /** A response that is an error. */
    private static final class Rejected extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        Rejected(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    final Map<String, List<Version>> subjects = new LinkedHashMap<>();
    private final Map<String, Integer> ids = new LinkedHashMap<>();
    private final HttpServer server;
    private final String authorization;
    private int registrations;

    /** The subject whose schemas are incompatible; null: none. */
    @Nullable
    String incompatible;

    FakeSchemaRegistry(String user, String password) throws IOException {
        authorization = "Basic " + Base64.getEncoder().encodeToString((user + ':' + password).getBytes(UTF_8));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/registry/subjects/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/registry";
    }

    /** The number of new versions since the start. */
    int registrations() {
        return registrations;
    }

    private void handle(HttpExchange exchange) throws IOException {
        int status = 200;
        JsonObject body;
        try {
            body = answer(exchange);
        } catch (Rejected e) {
            status = e.status;
            body = new JsonObject();
            body.addProperty("error_code", status * 100 + 1);
            body.addProperty("message", e.getMessage());
        }
        byte[] bytes = body.toString().getBytes(UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/vnd.schemaregistry.v1+json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private JsonObject answer(HttpExchange exchange) throws IOException, Rejected {
        if (!authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            throw new Rejected(401, "Unauthorized");
        }
        if (!"POST".equals(exchange.getRequestMethod())) {
            throw new Rejected(405, "HTTP 405 Method Not Allowed");
        }
        if (!"application/vnd.schemaregistry.v1+json"
                .equals(exchange.getRequestHeaders().getFirst("Content-Type"))) {
            throw new Rejected(415, "HTTP 415 Unsupported Media Type");
        }
        String[] path = exchange.getRequestURI()
                .getRawPath()
                .substring("/registry/subjects/".length())
                .split("/", -1);
        String subject = URLDecoder.decode(path[0], UTF_8);
        JsonObject request = JsonParser.parseString(
                        new String(exchange.getRequestBody().readAllBytes(), UTF_8))
                .getAsJsonObject();
        if (!request.keySet().equals(Set.of("schemaType", "schema", "references"))) {
            throw new Rejected(422, "Unrecognized fields: " + request.keySet());
        }
        if (!"PROTOBUF".equals(request.get("schemaType").getAsString())) {
            throw new Rejected(422, "Invalid schema type " + request.get("schemaType"));
        }
        String schema = request.get("schema").getAsString();
        if (path.length == 2 && path[1].equals("versions")) {
            return register(subject, schema, request);
        }
        if (path.length == 1) {
            return find(subject, schema);
        }
        throw new Rejected(404, "HTTP 404 Not Found");
    }

    private JsonObject register(String subject, String schema, JsonObject request) throws Rejected {
        if (subject.equals(incompatible)) {
            throw new Rejected(409, "Schema being registered is incompatible with an earlier schema for subject");
        }
        List<Version> versions = subjects.computeIfAbsent(subject, first -> new ArrayList<>());
        if (versions.stream().noneMatch(version -> version.schema().equals(schema))) {
            int id = ids.computeIfAbsent(schema, next -> ids.size() + 1);
            versions.add(new Version(id, schema, parse(schema, request)));
            registrations++;
        }
        JsonObject response = new JsonObject();
        response.addProperty("id", ids.get(schema));
        return response;
    }

    private FileDescriptor parse(String schema, JsonObject request) throws Rejected {
        List<FileDescriptor> imports = new ArrayList<>(List.of(TimestampProto.getDescriptor()));
        for (JsonElement element : request.getAsJsonArray("references")) {
            JsonObject reference = element.getAsJsonObject();
            List<Version> versions =
                    subjects.getOrDefault(reference.get("subject").getAsString(), List.of());
            int version = reference.get("version").getAsInt();
            if (version < 1 || version > versions.size()) {
                throw new Rejected(422, "No schema reference found for " + reference);
            }
            FileDescriptor file = versions.get(version - 1).file();
            if (!file.getName().equals(reference.get("name").getAsString())) {
                throw new Rejected(422, "Reference " + reference + " has the file " + file.getName());
            }
            imports.add(file);
        }
        try {
            FileDescriptorProto file =
                    FileDescriptorProto.parseFrom(Base64.getDecoder().decode(schema));
            return FileDescriptor.buildFrom(
                    file,
                    imports.stream()
                            .filter(one -> file.getDependencyList().contains(one.getName()))
                            .toArray(FileDescriptor[]::new));
        } catch (IOException | IllegalArgumentException | DescriptorValidationException e) {
            throw new Rejected(422, "Invalid PROTOBUF schema: " + e);
        }
    }

    private JsonObject find(String subject, String schema) throws Rejected {
        List<Version> versions = subjects.getOrDefault(subject, List.of());
        for (int i = 0; i < versions.size(); i++) {
            if (versions.get(i).schema().equals(schema)) {
                JsonObject response = new JsonObject();
                response.addProperty("subject", subject);
                response.addProperty("id", versions.get(i).id());
                response.addProperty("version", i + 1);
                response.addProperty("schema", schema);
                return response;
            }
        }
        throw new Rejected(404, versions.isEmpty() ? "Subject '" + subject + "' not found." : "Schema not found");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
