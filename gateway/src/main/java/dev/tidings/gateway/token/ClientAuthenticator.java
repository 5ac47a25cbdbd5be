package dev.tidings.gateway.token;

import dev.tidings.gateway.api.Errors;
import dev.tidings.gateway.api.RequestException;
import dev.tidings.gateway.limit.LimitedWork;
import dev.tidings.gateway.limit.RequestLimits;
import dev.tidings.v1.Error;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the id and the secret of token clients. The first check of a secret takes about 0.2 s of processor time; the secret of a
 * client that was right once is then compared with a digest in memory. Only slow checks count towards the limit of the address,
 * and few run at a time. A wrong secret and an unknown client take the same time. Thread-safe.
 */
public final class ClientAuthenticator {

    private static final int MAX_CHECKS = 2;
    private static final int KEY_BYTES = 32;

    private final TokenClients clients;
    private final RequestLimits limits;
    /** The hash that the secret of an unknown client is checked against. */
    private volatile SecretHash unknownClient;

    private final Semaphore checks = new Semaphore(MAX_CHECKS);
    private final byte[] digestKey = new byte[KEY_BYTES];

    /** The right secrets by client. Bounded by the clients that have been in the file. */
    private final Map<String, VerifiedSecret> verified = new ConcurrentHashMap<>();

    /**
     * A secret that was right once.
     *
     * @param hash the text of the hash that it was checked against; another one may have replaced it since
     */
    private record VerifiedSecret(String hash, byte[] digest) {}

    public ClientAuthenticator(TokenClients clients, RequestLimits limits) {
        this.clients = clients;
        this.limits = limits;
        new SecureRandom().nextBytes(digestKey);
        this.unknownClient = SecretHash.of("", clients.maxIterations());
    }

    /**
     * Returns the client.
     *
     * @param address of the request; null: not known
     * @throws RequestException if the id or the secret is wrong, or the address has sent too many of them
     */
    public TokenClient authenticate(String id, String secret, @Nullable InetAddress address) {
        TokenClient client = clients.find(id);
        byte[] digest = digest(secret);
        if (client != null && isVerified(client, digest)) {
            return client;
        }
        Error exceeded = limits.check(null, address, LimitedWork.CREDENTIAL_CHECKS, 1);
        if (exceeded != null) {
            throw new RequestException(exceeded);
        }
        if (!checks.tryAcquire()) {
            throw new RequestException(Errors.overloaded("the gateway checks other credentials; retry"));
        }
        try {
            boolean matches = (client == null ? unknownClient() : client.secretHash()).matches(secret);
            if (client == null || !matches) {
                throw new RequestException(
                        Errors.error(Error.Code.INVALID_TOKEN, "the id or the secret of the client is wrong"));
            }
        } finally {
            checks.release();
        }
        verified.put(id, new VerifiedSecret(client.secretHash().text(), digest));
        return client;
    }

    private boolean isVerified(TokenClient client, byte[] digest) {
        VerifiedSecret secret = verified.get(client.id());
        return secret != null
                && secret.hash().equals(client.secretHash().text())
                && MessageDigest.isEqual(digest, secret.digest());
    }

    private SecretHash unknownClient() {
        if (unknownClient.iterations() != clients.maxIterations()) {
            unknownClient = SecretHash.of("", clients.maxIterations()); // the file has changed
        }
        return unknownClient;
    }

    private byte[] digest(String secret) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(digestKey);
            return sha256.digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
