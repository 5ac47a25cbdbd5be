package dev.tidings.gateway.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/** Checks pairs of keys. */
public final class KeyPairs {

    private static final byte[] PROBE = "probe".getBytes(StandardCharsets.UTF_8);

    private KeyPairs() {}

    /** Whether the public key verifies what the private one signs. Only RSA and EC keys match. */
    public static boolean match(PrivateKey privateKey, PublicKey publicKey) {
        String algorithm = privateKey.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(privateKey);
            signing.update(PROBE);
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(publicKey);
            verifying.update(PROBE);
            return verifying.verify(signing.sign());
        } catch (GeneralSecurityException e) {
            return false; // keys of different algorithms or sizes
        }
    }
}
