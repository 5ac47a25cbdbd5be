package dev.tidings.ops.bench;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import dev.tidings.schemas.serde.ProtoJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Requests tokens from the gateway of the all-in-one, which issues them without a check: {@code POST /v1/dev/token}. */
final class DevTokenSource implements TokenSource {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final URI url;

    DevTokenSource(URI gateway) {
        this.url = gateway.resolve("/v1/dev/token");
    }

    @Override
    public String tokenFor(String userId) {
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(TIMEOUT)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"userId\":\"" + userId + "\"}"))
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new BenchException("no token from " + url + ": HTTP status " + response.statusCode()
                        + "; only the all-in-one issues tokens: set --jwt-secret");
            }
            return ProtoJson.parse(response.body(), Struct.newBuilder())
                    .getFieldsOrThrow("token")
                    .getStringValue();
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new BenchException("no token from " + url + ": the response is not {\"token\":\"…\"}", e);
        } catch (IOException e) {
            throw new BenchException("no token from " + url + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }
}
