package dev.tidings.gateway.token;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * The hash of a secret: PBKDF2 with HMAC-SHA256 (RFC 8018). Its text is {@code pbkdf2-sha256$<iterations>$<salt>$<hash>}, salt
 * and hash in Base64 (URL alphabet, without padding).
 */
public final class SecretHash {

    /** Iterations of new hashes, as OWASP recommends. A check takes about 0.2 s. */
    static final int ITERATIONS = 600_000;

    private static final int MIN_ITERATIONS = 100_000;
    private static final int MAX_ITERATIONS = 5_000_000;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final Pattern TEXT =
            Pattern.compile("pbkdf2-sha256\\$([0-9]{1,9})\\$([A-Za-z0-9_-]+)\\$([A-Za-z0-9_-]+)");

    private final int iterations;
    private final byte[] salt;
    private final byte[] hash;

    private SecretHash(int iterations, byte[] salt, byte[] hash) {
        this.iterations = iterations;
        this.salt = salt;
        this.hash = hash;
    }

    /** Hashes a secret with a random salt. */
    public static SecretHash of(String secret) {
        return of(secret, ITERATIONS);
    }

    static SecretHash of(String secret, int iterations) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return new SecretHash(iterations, salt, derive(secret, salt, iterations));
    }

    /** @throws IllegalArgumentException if the text is not such a hash, or has fewer iterations than are safe */
    static SecretHash parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("the hash must be pbkdf2-sha256$<iterations>$<salt>$<hash>");
        }
        int iterations = Integer.parseInt(matcher.group(1));
        if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) {
            throw new IllegalArgumentException("the hash has " + iterations + " iterations; " + MIN_ITERATIONS + " to "
                    + MAX_ITERATIONS + " are allowed");
        }
        byte[] salt = Base64.getUrlDecoder().decode(matcher.group(2));
        byte[] hash = Base64.getUrlDecoder().decode(matcher.group(3));
        if (salt.length < SALT_BYTES || hash.length != HASH_BYTES) {
            throw new IllegalArgumentException("the hash has a salt of " + salt.length + " bytes and " + hash.length
                    + " bytes; at least " + SALT_BYTES + " and exactly " + HASH_BYTES + " are allowed");
        }
        return new SecretHash(iterations, salt, hash);
    }

    /** Whether this is the hash of the secret. Takes long, and the same time for every secret. */
    boolean matches(String secret) {
        return MessageDigest.isEqual(hash, derive(secret, salt, iterations));
    }

    private static byte[] derive(String secret, byte[] salt, int iterations) {
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(secret.toCharArray(), salt, iterations, HASH_BYTES * 8))
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no PBKDF2", e);
        }
    }

    int iterations() {
        return iterations;
    }

    /** The text of the hash. */
    public String text() {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return "pbkdf2-sha256$" + iterations + '$' + base64.encodeToString(salt) + '$' + base64.encodeToString(hash);
    }
}
