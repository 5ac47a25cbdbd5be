package dev.tidings.gateway.tls;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import dev.tidings.schemas.settings.SettingsException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate of the gateway's ports. After its files change, new connections get the new certificate; open ones are not
 * touched. Files that cannot be used are reported, and the certificate stays. One instance serves all ports. Thread-safe.
 */
public final class TlsCertificates {

    /** The versions of TLS that the ports speak. */
    public static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private static final Logger LOG = LoggerFactory.getLogger(TlsCertificates.class);

    private final TlsFiles files;
    private final Meter reloadFailures;
    private final ReplaceableKeyManager keyManager;
    private String seen;
    private int loads = 1;

    /**
     * Reads the files.
     *
     * @throws SettingsException if they hold no certificate and key that belong together
     */
    public static TlsCertificates load(TlsFiles files, MetricRegistry metrics) {
        return new TlsCertificates(files, metrics);
    }

    private TlsCertificates(TlsFiles files, MetricRegistry metrics) {
        this.files = files;
        PemFile certificate = certificate();
        PemFile key = key();
        this.keyManager = new ReplaceableKeyManager(ServerIdentity.of("1", certificate, key));
        this.seen = content(certificate, key);
        this.reloadFailures = metrics.meter("tidings.gateway.tls.reload-failures");
        metrics.register("tidings.gateway.tls.certificate-expiry-seconds", (Gauge<Long>)
                () -> TimeUnit.MILLISECONDS.toSeconds(current().getNotAfter().getTime()));
    }

    /** Presents the newest certificate at each handshake. */
    public X509ExtendedKeyManager keyManager() {
        return keyManager;
    }

    /** Returns a context for servers that do not ask clients for certificates. */
    public SSLContext serverContext() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keyManager}, new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    /** The server's certificate that new connections get. */
    public X509Certificate current() {
        return keyManager.current().chain().getFirst();
    }

    /** Reads the files again, and uses them if they have changed. Call it about once a second. */
    public synchronized void reloadIfChanged() {
        String read = "";
        try {
            PemFile certificate = certificate();
            PemFile key = key();
            read = content(certificate, key);
            if (read.equals(seen)) {
                return;
            }
            keyManager.replace(ServerIdentity.of(Integer.toString(loads + 1), certificate, key));
            loads++;
            LOG.info(
                    "TLS certificate reloaded file={} expires={}",
                    files.certificate(),
                    current().getNotAfter());
        } catch (SettingsException e) {
            if (!read.equals(seen)) {
                reloadFailures.mark();
                LOG.error("TLS certificate not reloaded, the one before stays reason={}", e.getMessage());
            }
        }
        seen = read;
    }

    private PemFile certificate() {
        return PemFile.read(TlsFiles.CERTIFICATE, files.certificate());
    }

    private PemFile key() {
        return PemFile.read(TlsFiles.KEY, files.key());
    }

    private static String content(PemFile certificate, PemFile key) {
        return certificate.text() + '\n' + key.text();
    }
}
