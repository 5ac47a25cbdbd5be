package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReconnectRateTest {

    @ParameterizedTest
    @CsvSource({"1000, 0, 0", "1000, 3, 3", "1000, 5000, 5000", "250, 5000, 20000", "3000, 1, 1", "1000, 2000000, 60000"
    })
    void clients_are_spread_by_their_number_over_at_most_a_minute(int perSecond, int clients, int millis) {
        assertEquals(millis, new ReconnectRate(perSecond).spreadMillis(clients));
    }
}
