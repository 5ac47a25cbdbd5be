package dev.tidings.ops.e2e;

import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs the examples of WebSocket clients against the all-in-one; that of gRPC is in {@link GrpcIT}. */
class ExamplesIT {

    private static final int MESSAGES = 20;

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.shared();

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        ExampleProgram.installFromNpm("websocket", "ws@8.23.0");
        ExampleProgram.installFromPip("websocket", "websockets", "17.4");
    }

    @Test
    void the_examples_exchange_messages_across_a_cut_each_once_and_in_order() throws Exception {
        String suffix = UUID.randomUUID().toString().substring(0, 8);
        String alice = "alice-" + suffix;
        String bob = "bob-" + suffix;
        try (ExampleProgram javascript = start("alice.log", alice, bob, "node", "client.mjs");
                ExampleProgram python = start("bob.log", bob, alice, "python3", "client.py")) {
            javascript.assertReceived(MESSAGES, bob);
            python.assertReceived(MESSAGES, alice);
        }
    }

    private static ExampleProgram start(String log, String user, String peer, String program, String example)
            throws IOException {
        String url = tidings.url().resolve("/v1/ws").toString().replaceFirst("http", "ws");
        String token = ChatClient.devToken(tidings.url(), user);
        return ExampleProgram.start("websocket", log, program, example, url, token, peer, Integer.toString(MESSAGES));
    }
}
