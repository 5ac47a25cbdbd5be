package dev.tidings.schemas.settings;

/** The configuration is wrong; the message names the key, and is meant for who wrote it. */
public final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SettingsException(String message) {
        super(message);
    }
}
