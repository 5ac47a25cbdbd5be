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

/** Tokens from the all-in-one, which gives one to whoever asks: {@code POST /v1/dev/token}. */
final class DevTokens implements Tokens {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final URI url;

    DevTokens(URI gateway) {
        this.url = gateway.resolve("/v1/dev/token");
    }

    @Override
    public String of(String userId) {
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"userId\":\"" + userId + "\"}"))
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new BenchException("no token from " + url + ": HTTP status " + response.statusCode()
                        + "; a gateway that is not the all-in-one needs --jwt-secret");
            }
            return ProtoJson.parse(response.body(), Struct.newBuilder())
                    .getFieldsOrThrow("token")
                    .getStringValue();
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new BenchException("no token from " + url + ": the answer is not {\"token\":\"…\"}", e);
        } catch (IOException e) {
            throw new BenchException("no token from " + url + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }
}
