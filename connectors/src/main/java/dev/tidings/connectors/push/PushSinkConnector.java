package dev.tidings.connectors.push;

import dev.tidings.connectors.TidingsSinkConnector;
import java.util.Map;

/** Sends notifications to devices. The work is {@link PushSinkTask}'s. */
public final class PushSinkConnector extends TidingsSinkConnector {

    public PushSinkConnector() {
        super(PushSinkTask.class, PushSinkConfig.DEFINITION);
    }

    @Override
    protected Map<String, String> checked(Map<String, String> properties) {
        return new PushSinkConfig(properties).originalsStrings();
    }
}
