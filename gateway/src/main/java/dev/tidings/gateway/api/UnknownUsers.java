package dev.tidings.gateway.api;

import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;

/** Whether users may write to and add users that the directory does not have ({@code gateway.unknown-users}). */
public enum UnknownUsers {
    ALLOWED,
    REFUSED;

    public static UnknownUsers from(Settings settings) {
        String name = settings.text("gateway.unknown-users", "allowed");
        return switch (name) {
            case "allowed" -> ALLOWED;
            case "refused" -> REFUSED;
            default ->
                throw new SettingsException("gateway.unknown-users must be allowed or refused; it is \"" + name + '"');
        };
    }
}
