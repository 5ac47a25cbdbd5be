package dev.tidings.gateway.tls;

import dev.tidings.schemas.settings.SettingsException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The content of a PEM file, as {@code openssl} writes it, at the time it was read. The accessors throw a {@link SettingsException}
 * that names the setting and the file.
 *
 * @param setting the name of the setting, for errors
 */
public record PemFile(String setting, Path path, String text) {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final int MAX_BYTES = 256 * 1024;
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC");

    /** @throws SettingsException if the file cannot be read, or has more than 256 kB */
    public static PemFile read(String setting, Path path) {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new SettingsException(
                        setting + ": " + path + " has more than " + MAX_BYTES + " bytes; it cannot be a key file");
            }
            return new PemFile(setting, path, new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new SettingsException(setting + ": " + path + " cannot be read: " + e);
        }
    }

    /** The decoded blocks of a kind, such as {@code PUBLIC KEY}, in the order of the file. May be empty. */
    public List<byte[]> blocks(String kind) {
        List<byte[]> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            if (matcher.group(1).equals(kind)) {
                try {
                    blocks.add(Base64.getMimeDecoder().decode(matcher.group(2)));
                } catch (IllegalArgumentException e) {
                    throw new SettingsException(setting + ": a " + kind + " block of " + path + " is not Base64");
                }
            }
        }
        return blocks;
    }

    /** The only {@code PRIVATE KEY} block: an RSA or EC key in PKCS#8, not encrypted. */
    public PrivateKey privateKey() {
        List<byte[]> blocks = blocks("PRIVATE KEY");
        if (blocks.size() != 1) {
            throw new SettingsException(
                    setting + ": " + path + " has " + blocks.size()
                            + " PRIVATE KEY blocks; one is needed, in PKCS#8 and not encrypted (openssl pkcs8 -topk8 -nocrypt)");
        }
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(blocks.getFirst()));
            } catch (GeneralSecurityException e) {
                // a key of the other algorithm, or none
            }
        }
        throw new SettingsException(setting + ": the PRIVATE KEY of " + path + " is neither an RSA nor an EC key");
    }

    /** All {@code CERTIFICATE} blocks, that of the server first; at least one. */
    public List<X509Certificate> certificates() {
        List<X509Certificate> chain = new ArrayList<>();
        for (byte[] encoded : blocks("CERTIFICATE")) {
            try {
                chain.add((X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded)));
            } catch (CertificateException e) {
                throw new SettingsException(
                        setting + ": a CERTIFICATE block of " + path + " is not an X.509 certificate");
            }
        }
        if (chain.isEmpty()) {
            throw new SettingsException(setting + ": " + path + " has no CERTIFICATE block in PEM format");
        }
        return List.copyOf(chain);
    }

    @Override
    public String toString() {
        return "PemFile[" + path + ']';
    }
}
