package dev.tidings.ops.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ChaosCommandTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--seconds=17",
                "--seconds=86401",
                "--rate=0",
                "--rate=many",
                "--users=3",
                "--users=0",
                "--seed=x",
                "--faults=flood",
                "--roles=client",
                "--groups=-1",
                "--groups=101",
                "--brokers=2",
                "--faults=disk --roles=gateway",
                "--faults=kill --roles=broker"
            })
    void aWrongOptionIsExitCodeTwoAndNamed(String argument) {
        StringWriter err = new StringWriter();

        int exitCode = new CommandLine(new ChaosCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setErr(new PrintWriter(err, true))
                .execute(argument.split(" "));

        assertEquals(2, exitCode);
        assertTrue(err.toString().contains(argument.substring(0, argument.indexOf('='))), err::toString);
    }
}
