package dev.tidings.gateway.auth;

import com.nimbusds.jose.jwk.Curve;
import dev.tidings.schemas.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads keys from PEM files, as {@code openssl} writes them. */
final class PemKeys {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final int MIN_RSA_BITS = 2_048;
    private static final int MAX_BYTES = 256 * 1024;

    private PemKeys() {}

    /**
     * Reads all {@code PUBLIC KEY} blocks of a file.
     *
     * @param setting the name of the setting, for errors
     * @return RSA keys of at least 2,048 bits, and EC keys on P-256; at least one
     */
    static List<PublicKey> publicKeys(String setting, Path file) {
        List<PublicKey> keys = new ArrayList<>();
        for (byte[] encoded : blocks(setting, file, "PUBLIC KEY")) {
            keys.add(publicKey(setting, file, encoded));
        }
        if (keys.isEmpty()) {
            throw new SettingsException(setting + ": " + file + " has no PUBLIC KEY block in PEM format");
        }
        return List.copyOf(keys);
    }

    /** The decoded blocks of a kind, in the order of the file. */
    static List<byte[]> blocks(String setting, Path file, String kind) {
        String text;
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new SettingsException(
                        setting + ": " + file + " has more than " + MAX_BYTES + " bytes; it cannot be a key file");
            }
            text = Files.readString(file);
        } catch (IOException e) {
            throw new SettingsException(setting + ": " + file + " cannot be read: " + e);
        }
        List<byte[]> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            if (matcher.group(1).equals(kind)) {
                try {
                    blocks.add(Base64.getMimeDecoder().decode(matcher.group(2)));
                } catch (IllegalArgumentException e) {
                    throw new SettingsException(setting + ": a " + kind + " block of " + file + " is not Base64");
                }
            }
        }
        return blocks;
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
