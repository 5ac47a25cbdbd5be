package dev.tidings.gateway.auth;

import com.nimbusds.jose.jwk.Curve;
import dev.tidings.gateway.tls.PemFile;
import dev.tidings.schemas.settings.SettingsException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the keys that verify tokens from PEM files. */
final class PemKeys {

    private static final int MIN_RSA_BITS = 2_048;

    private PemKeys() {}

    /**
     * Reads all {@code PUBLIC KEY} blocks of a file.
     *
     * @param setting the name of the setting, for errors
     * @return RSA keys of at least 2,048 bits, and EC keys on P-256; at least one
     */
    static List<PublicKey> publicKeys(String setting, Path file) {
        return publicKeys(PemFile.read(setting, file));
    }

    /** As {@link #publicKeys(String, Path)}, of a file that has been read. */
    static List<PublicKey> publicKeys(PemFile file) {
        List<PublicKey> keys = new ArrayList<>();
        for (byte[] encoded : file.blocks("PUBLIC KEY")) {
            keys.add(publicKey(file.setting(), file.path(), encoded));
        }
        if (keys.isEmpty()) {
            throw new SettingsException(file.setting() + ": " + file.path() + " has no PUBLIC KEY block in PEM format");
        }
        return List.copyOf(keys);
    }

    private static PublicKey publicKey(String setting, Path file, byte[] encoded) {
        PublicKey key = decode(encoded);
        if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= MIN_RSA_BITS) {
            return key;
        }
        if (key instanceof ECPublicKey ec && Curve.P_256.equals(Curve.forECParameterSpec(ec.getParams()))) {
            return key;
        }
        throw new SettingsException(setting + ": a key of " + file + " is neither an RSA key of at least "
                + MIN_RSA_BITS + " bits nor an EC key on P-256");
    }

    private static @Nullable PublicKey decode(byte[] encoded) {
        for (String algorithm : List.of("RSA", "EC")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
            } catch (GeneralSecurityException e) {
                // a key of the other algorithm, or none
            }
        }
        return null;
    }
}
