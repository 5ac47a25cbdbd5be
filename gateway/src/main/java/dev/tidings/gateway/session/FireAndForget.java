package dev.tidings.gateway.session;

import dev.tidings.gateway.api.ClientApi;
import dev.tidings.v1.Error;
import dev.tidings.v1.Refusal;
import java.util.function.Consumer;

/**
 * The reply to a command that a session appends by itself: no client waits for an answer.
 *
 * @param onFailure called if the log did not confirm the command
 */
record FireAndForget(Consumer<Error> onFailure) implements ClientApi.Reply {

    @Override
    public void accepted() {
        // no client waits
    }

    @Override
    public void refused(Refusal refusal) {
        throw new IllegalStateException("the gateway's own commands are valid, but this one was refused: " + refusal);
    }

    @Override
    public void failed(Error error) {
        onFailure.accept(error);
    }
}
