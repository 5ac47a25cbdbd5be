package dev.tidings.connectors.push;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SignatureTest {

    /** Computed with {@code printf '%s' '1774000000.{"a":1}' | openssl dgst -sha256 -hmac key}. */
    @Test
    void a_signature_is_what_others_compute() {
        assertEquals(
                "v1=f65c4afd2a27e20c5062f394eae6ecfcc2b47a46eae8dca7077da100e6060709",
                new Signature("key").of(1_774_000_000, "{\"a\":1}".getBytes(StandardCharsets.UTF_8)));
    }
}
