package dev.tidings.gateway.tls;

import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The files of a server's certificate.
 *
 * @param certificate PEM, the server's certificate and those that issued it ({@code gateway.tls-certificate})
 * @param key PEM, PKCS#8, RSA or EC ({@code gateway.tls-key})
 */
public record TlsFiles(Path certificate, Path key) {

    static final String CERTIFICATE = "gateway.tls-certificate";
    static final String KEY = "gateway.tls-key";

    /**
     * Returns null if neither file is set: ports then speak plain HTTP.
     *
     * @throws SettingsException if only one of them is set
     */
    public static @Nullable TlsFiles from(Settings settings) {
        String certificate = settings.find("gateway.tls-certificate");
        String key = settings.find("gateway.tls-key");
        if (certificate == null && key == null) {
            return null;
        }
        if (certificate == null || key == null) {
            throw new SettingsException(CERTIFICATE + " and " + KEY + " must be set both, or neither");
        }
        return new TlsFiles(Path.of(certificate), Path.of(key));
    }
}
