package dev.tidings.gateway.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsCertificatesTest {

    @TempDir
    private static Path directory;

    private static TestCertificate rsa;
    private static TestCertificate ec;

    private final MetricRegistry metrics = new MetricRegistry();
    private TlsFiles files;

    @BeforeAll
    static void makeCertificates() throws Exception {
        rsa = TestCertificate.make(directory, "RSA", "rsa");
        ec = TestCertificate.make(directory, "EC", "ec");
    }

    @BeforeEach
    void writeFiles(@TempDir Path empty) throws IOException {
        files = new TlsFiles(empty.resolve("cert.pem"), empty.resolve("key.pem"));
        rsa.writeTo(files);
    }

    @ParameterizedTest
    @CsvSource({"rsa, TLSv1.3", "rsa, TLSv1.2", "ec, TLSv1.3", "ec, TLSv1.2"})
    void a_client_that_trusts_the_certificate_connects(String name, String protocol) throws Exception {
        TestCertificate certificate = name.equals("rsa") ? rsa : ec;
        certificate.writeTo(files);

        assertEquals("CN=" + name, handshake(load(), certificate, protocol));
    }

    @Test
    void a_client_that_trusts_another_certificate_does_not_connect() {
        assertThrows(SSLHandshakeException.class, () -> handshake(load(), ec, "TLSv1.3"));
    }

    @Test
    void new_connections_get_new_files_and_a_broken_file_changes_nothing() throws Exception {
        TlsCertificates certificates = load();
        SSLContext server = certificates.serverContext();
        ec.writeTo(files);
        assertEquals("CN=rsa", handshake(server, rsa, "TLSv1.3"));

        certificates.reloadIfChanged();
        assertEquals("CN=ec", handshake(server, ec, "TLSv1.3"));
        assertEquals(
                certificates.current().getNotAfter().toInstant().getEpochSecond(),
                metrics.gauge("tidings.gateway.tls.certificate-expiry-seconds").getValue());

        Files.writeString(files.key(), rsa.keyPem()); // half of a change
        certificates.reloadIfChanged();
        certificates.reloadIfChanged();
        assertEquals("CN=ec", handshake(server, ec, "TLSv1.3"));
        assertEquals(1, metrics.meter("tidings.gateway.tls.reload-failures").getCount());

        Files.writeString(files.certificate(), rsa.certificatePem());
        certificates.reloadIfChanged();
        assertEquals("CN=rsa", handshake(server, rsa, "TLSv1.3"));
    }

    @Test
    void files_that_come_back_after_they_were_missing_are_used() throws Exception {
        TlsCertificates certificates = load();
        Files.delete(files.certificate());
        certificates.reloadIfChanged();
        assertEquals(1, metrics.meter("tidings.gateway.tls.reload-failures").getCount());

        ec.writeTo(files);
        certificates.reloadIfChanged();

        assertEquals("CN=ec", certificates.current().getSubjectX500Principal().toString());
    }

    @Test
    void the_key_of_a_handshake_belongs_to_its_certificate_while_the_files_change() throws Exception {
        TlsCertificates certificates = load();
        String alias = certificates.keyManager().chooseEngineServerAlias("RSA", null, null);
        ec.writeTo(files);
        certificates.reloadIfChanged();

        X509Certificate[] chain = certificates.keyManager().getCertificateChain(alias);
        assertTrue(KeyPairs.match(certificates.keyManager().getPrivateKey(alias), chain[0].getPublicKey()));
        assertNull(certificates.keyManager().chooseEngineServerAlias("RSA", null, null));
    }

    @Test
    void a_key_of_another_certificate_is_rejected_at_the_start() throws Exception {
        Files.writeString(files.key(), ec.keyPem());

        SettingsException rejected = assertThrows(SettingsException.class, this::load);

        assertTrue(String.valueOf(rejected.getMessage()).contains("gateway.tls-key"), rejected::getMessage);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----\n",
                "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n"
            })
    void a_file_without_a_key_is_rejected_with_its_setting(String text) throws Exception {
        Files.writeString(files.key(), text);

        SettingsException rejected = assertThrows(SettingsException.class, this::load);

        assertTrue(String.valueOf(rejected.getMessage()).startsWith("gateway.tls-key: "), rejected::getMessage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})
    void a_file_without_a_certificate_is_rejected_with_its_setting(String text) throws Exception {
        Files.writeString(files.certificate(), text);

        SettingsException rejected = assertThrows(SettingsException.class, this::load);

        assertTrue(String.valueOf(rejected.getMessage()).startsWith("gateway.tls-certificate: "), rejected::getMessage);
    }

    @Test
    void both_files_are_set_or_neither() {
        assertNull(TlsFiles.from(Settings.of(Map.of())));
        assertThrows(
                SettingsException.class,
                () -> TlsFiles.from(Settings.of(Map.of("gateway.tls-certificate", "cert.pem"))));
        assertThrows(SettingsException.class, () -> TlsFiles.from(Settings.of(Map.of("gateway.tls-key", "key.pem"))));
    }

    private TlsCertificates load() {
        return TlsCertificates.load(files, metrics);
    }

    private static String handshake(TlsCertificates certificates, TestCertificate trusted, String protocol)
            throws IOException, GeneralSecurityException {
        return handshake(certificates.serverContext(), trusted, protocol);
    }

    /** Returns the name of the server that the client meets. */
    private static String handshake(SSLContext server, TestCertificate trusted, String protocol)
            throws IOException, GeneralSecurityException {
        InetAddress local = InetAddress.getLoopbackAddress();
        try (SSLServerSocket listening =
                        (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0, 1, local);
                SSLSocket client =
                        (SSLSocket) trusted.clientContext().getSocketFactory().createSocket()) {
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> accept(listening));
            client.setEnabledProtocols(new String[] {protocol});
            client.connect(listening.getLocalSocketAddress());
            try {
                client.startHandshake();
                client.getInputStream().read();
            } finally {
                client.close();
                served.join();
            }
            return client.getSession().getPeerPrincipal().getName();
        }
    }

    private static void accept(SSLServerSocket listening) {
        try (SSLSocket socket = (SSLSocket) listening.accept()) {
            socket.getOutputStream().write('x');
        } catch (IOException e) {
            // the client has ended the handshake
        }
    }
}
