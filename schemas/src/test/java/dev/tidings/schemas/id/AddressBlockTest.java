package dev.tidings.schemas.id;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7/32",
        "192.0.2.7/24, 192.0.2.0/24",
        "192.0.2.7/0, 0.0.0.0/0",
        "192.0.2.135/25, 192.0.2.128/25",
        "2001:db8::1, 2001:db8:0:0:0:0:0:1/128",
        "2001:db8:ffff::1/33, 2001:db8:8000:0:0:0:0:0/33",
        "::ffff:192.0.2.7, 192.0.2.7/32",
    })
    void equal_blocks_have_the_same_text(String text, String canonical) {
        assertEquals(canonical, requireNonNull(AddressBlock.parse(text)).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.com",
                "127.1",
                "1.2.3.4.5",
                "256.1.1.1",
                "1.2.3.4/33",
                "1.2.3.4/",
                "1.2.3.4/-1",
                "1.2.3.4/x",
                "::1/129",
                ":::1",
                "fe80::1%eth0",
                "12345"
            })
    void an_invalid_block_parses_to_null(String text) {
        assertNull(AddressBlock.parse(text));
    }

    @Test
    void an_address_has_at_most_45_characters() {
        String longest = "0000:0000:0000:0000:0000:ffff:192.100.200.100";
        assertEquals(45, longest.length());
        assertEquals(
                "192.100.200.100/32",
                requireNonNull(AddressBlock.parse(longest)).toString());
        assertNull(AddressBlock.parse("0" + longest));
        assertNull(AddressBlock.parse("::" + "0".repeat(60_000) + "1"));
    }

    @Test
    void a_block_contains_the_addresses_that_share_its_prefix() {
        AddressBlock block = requireNonNull(AddressBlock.parse("10.1.0.0/16"));

        assertEquals(true, contains(block, "10.1.255.255"));
        assertEquals(false, contains(block, "10.2.0.0"));
        assertEquals(false, contains(block, "::1"));
    }

    private static boolean contains(AddressBlock block, String address) {
        return block.contains(requireNonNull(AddressBlock.parseAddress(address)));
    }
}
