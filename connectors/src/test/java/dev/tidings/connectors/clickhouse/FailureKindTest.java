package dev.tidings.connectors.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.clickhouse.client.api.ClientException;
import com.clickhouse.client.api.ConnectionInitiationException;
import com.clickhouse.client.api.ServerException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureKindTest {

    @ParameterizedTest
    @CsvSource({
        "241, MAY_PASS", // memory limit
        "252, MAY_PASS", // too many parts
        "159, MAY_PASS", // timeout
        "243, MAY_PASS", // disk full
        "469, BAD_DATA", // violated constraint
        "117, BAD_DATA", // incorrect data
        "60, BROKEN", // unknown table
        "516, BROKEN", // authentication failed
        "497, BROKEN", // access denied
        "376, UNLISTED", // cannot parse UUID
        "12345, UNLISTED"
    })
    void theServersCodeDecides(int code, FailureKind expected) {
        assertEquals(expected, FailureKind.of(new ServerException(code, "words", 500, "q")));
    }

    @Test
    void anUnreachableServerMayComeBack() {
        assertEquals(
                FailureKind.MAY_PASS,
                FailureKind.of(new ConnectionInitiationException("refused", new ConnectException())));
        assertEquals(FailureKind.MAY_PASS, FailureKind.of(new ClientException("wrapped", new ConnectException())));
    }

    @Test
    void whatNobodyKnowsNeedsSomebodyToLook() {
        assertEquals(FailureKind.BROKEN, FailureKind.of(new IllegalStateException("surprise")));
        assertEquals(
                FailureKind.BROKEN, FailureKind.of(new MigrationException("V001 was changed after it was applied")));
    }
}
