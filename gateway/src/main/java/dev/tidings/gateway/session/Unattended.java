package dev.tidings.gateway.session;

import dev.tidings.gateway.api.ClientApi;
import dev.tidings.v1.Error;
import dev.tidings.v1.Refusal;
import java.util.function.Consumer;

/**
 * What a session tells the log by itself, so that no client waits for an answer.
 *
 * @param ifFailed hears that the log did not take it up
 */
record Unattended(Consumer<Error> ifFailed) implements ClientApi.Reply {

    @Override
    public void accepted(String commandId) {
        // nobody waits for it
    }

    @Override
    public void refused(Refusal refusal) {
        throw new IllegalStateException("what a session says by itself is never refused: " + refusal);
    }

    @Override
    public void failed(Error error) {
        ifFailed.accept(error);
    }
}
