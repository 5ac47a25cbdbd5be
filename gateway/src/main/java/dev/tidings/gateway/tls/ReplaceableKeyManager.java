package dev.tidings.gateway.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Gives handshakes the current identity of the server. A handshake asks for an alias first, and then for its key and its
 * certificates: the identity before the current one is kept, so that both belong together while it is replaced.
 */
final class ReplaceableKeyManager extends X509ExtendedKeyManager {

    private record Identities(ServerIdentity current, ServerIdentity before) {}

    private volatile Identities identities;

    ReplaceableKeyManager(ServerIdentity identity) {
        this.identities = new Identities(identity, identity);
    }

    ServerIdentity current() {
        return identities.current();
    }

    void replace(ServerIdentity identity) {
        identities = new Identities(identity, identities.current());
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        ServerIdentity current = current();
        return current.isOfType(keyType) ? current.alias() : null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = chooseEngineServerAlias(keyType, issuers, null);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        ServerIdentity identity = find(alias);
        return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        ServerIdentity identity = find(alias);
        return identity == null ? null : identity.key();
    }

    private @Nullable ServerIdentity find(String alias) {
        Identities now = identities;
        if (now.current().alias().equals(alias)) {
            return now.current();
        }
        return now.before().alias().equals(alias) ? now.before() : null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
