package dev.tidings.gateway.tls;

import dev.tidings.schemas.settings.SettingsException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The certificates with which a server proves its name: a chain, and the key of the first one.
 *
 * @param alias unique among the identities of a process
 */
record ServerIdentity(String alias, List<X509Certificate> chain, PrivateKey key) {

    /** @throws SettingsException if the files hold no certificate and key that belong together */
    static ServerIdentity of(String alias, PemFile certificate, PemFile key) {
        List<X509Certificate> chain = certificate.certificates();
        PrivateKey privateKey = key.privateKey();
        if (!KeyPairs.match(privateKey, chain.getFirst().getPublicKey())) {
            throw new SettingsException(key.setting() + ": the key of " + key.path()
                    + " does not belong to the first certificate of " + certificate.path());
        }
        return new ServerIdentity(alias, chain, privateKey);
    }

    /** @param keyType as TLS names it, such as {@code EC} */
    boolean isOfType(String keyType) {
        return key.getAlgorithm().equals(keyType);
    }

    @Override
    public String toString() {
        return "ServerIdentity[" + chain.getFirst().getSubjectX500Principal() + ']';
    }
}
