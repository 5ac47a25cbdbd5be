package dev.tidings.gateway.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.tidings.gateway.tls.KeyPairs;
import dev.tidings.gateway.tls.PemFile;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Signs tokens: HS256 with {@code gateway.jwt.secret}, or RS256 or ES256 with {@code gateway.token-signing-key}. Thread-safe.
 */
public final class TokenSigner {

    private static final String SIGNING_KEY = "gateway.token-signing-key";

    private final JWSSigner signer;
    private final JWSAlgorithm algorithm;
    private final @Nullable JWK publicKey;
    private final TokenKeys verificationKeys;

    private TokenSigner(JWSSigner signer, JWSAlgorithm algorithm, @Nullable JWK publicKey, TokenKeys verificationKeys) {
        this.signer = signer;
        this.algorithm = algorithm;
        this.publicKey = publicKey;
        this.verificationKeys = verificationKeys;
    }

    public static TokenSigner of(TokenKeys.Secret secret) {
        try {
            return new TokenSigner(new MACSigner(secret.value()), JWSAlgorithm.HS256, null, secret);
        } catch (JOSEException e) {
            throw new IllegalStateException("the secret cannot sign tokens", e);
        }
    }

    /**
     * Returns null if neither a signing key nor a secret is set.
     *
     * @throws SettingsException if the file of the signing key cannot be used
     */
    public static @Nullable TokenSigner from(Settings settings) {
        String file = settings.find("gateway.token-signing-key");
        if (file != null) {
            return of(PemFile.read(SIGNING_KEY, Path.of(file)));
        }
        String secret = settings.find("gateway.jwt.secret");
        return secret == null ? null : of(new TokenKeys.Secret(secret));
    }

    /**
     * Reads a private key and its public key.
     *
     * @throws SettingsException unless the file has one of each, and they belong together
     */
    static TokenSigner of(PemFile file) {
        PrivateKey privateKey = file.privateKey();
        List<PublicKey> publicKeys = PemKeys.publicKeys(file);
        if (publicKeys.size() != 1 || !KeyPairs.match(privateKey, publicKeys.getFirst())) {
            throw new SettingsException(file.setting() + ": " + file.path()
                    + " must have the PUBLIC KEY block of its PRIVATE KEY, and no other one (openssl pkey -pubout)");
        }
        PublicKey publicKey = publicKeys.getFirst();
        try {
            JWK jwk = publicKey instanceof RSAPublicKey rsa
                    ? new RSAKey.Builder(rsa)
                            .keyUse(KeyUse.SIGNATURE)
                            .algorithm(JWSAlgorithm.RS256)
                            .keyIDFromThumbprint()
                            .build()
                    : new ECKey.Builder(Curve.P_256, (ECPublicKey) publicKey)
                            .keyUse(KeyUse.SIGNATURE)
                            .algorithm(JWSAlgorithm.ES256)
                            .keyIDFromThumbprint()
                            .build();
            JWSSigner signer =
                    privateKey instanceof ECPrivateKey ec ? new ECDSASigner(ec) : new RSASSASigner(privateKey);
            return new TokenSigner(
                    signer,
                    privateKey instanceof ECPrivateKey ? JWSAlgorithm.ES256 : JWSAlgorithm.RS256,
                    jwk,
                    new TokenKeys.OwnKey(publicKey, jwk.getKeyID(), null));
        } catch (JOSEException e) {
            throw new SettingsException(file.setting() + ": the keys of " + file.path() + " cannot sign tokens: " + e);
        }
    }

    /** Returns the serialized token. */
    String sign(@Nullable JOSEObjectType type, JWTClaimsSet claims) {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(algorithm)
                        .type(type)
                        .keyID(publicKey == null ? null : publicKey.getKeyID())
                        .build(),
                claims);
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("a token cannot be signed", e);
        }
        return token.serialize();
    }

    /** The keys that verify what this signs, and nothing else. */
    TokenKeys verificationKeys() {
        return verificationKeys;
    }

    /** The members of the public key as a JSON Web Key (RFC 7517); empty: tokens are signed with a secret. */
    public Map<String, Object> publicKey() {
        return publicKey == null ? Map.of() : publicKey.toJSONObject();
    }
}
