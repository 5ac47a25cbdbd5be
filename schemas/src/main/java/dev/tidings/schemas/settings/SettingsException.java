package dev.tidings.schemas.settings;

/** Invalid configuration. The message names the key and is for the operator. */
public final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SettingsException(String message) {
        super(message);
    }
}
