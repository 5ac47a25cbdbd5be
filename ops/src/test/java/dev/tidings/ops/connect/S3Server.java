package dev.tidings.ops.connect;

import java.net.URI;
import java.util.List;
import java.util.Properties;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.blobstore.TransientApiMetadata;
import org.jclouds.blobstore.domain.Blob;
import org.jclouds.blobstore.domain.StorageMetadata;

/** A real S3 server (S3Proxy) with one bucket, in memory. It checks the signatures of requests. */
public final class S3Server implements AutoCloseable {

    public static final String ACCESS_KEY = "tidings";
    public static final String SECRET_KEY = "tidings-secret";

    private static final String BUCKET = "archive";

    private final BlobStoreContext context;
    private final BlobStore store;
    private S3Proxy proxy;

    private S3Server(BlobStoreContext context, S3Proxy proxy) {
        this.context = context;
        this.store = context.getBlobStore();
        this.proxy = proxy;
    }

    public static S3Server start() throws Exception {
        BlobStoreContext context = ContextBuilder.newBuilder(new TransientApiMetadata())
                .credentials(ACCESS_KEY, SECRET_KEY)
                .overrides(new Properties())
                .build(BlobStoreContext.class);
        context.getBlobStore().createContainerInLocation(null, BUCKET);
        return new S3Server(context, serve(context, 0, SECRET_KEY));
    }

    private static S3Proxy serve(BlobStoreContext context, int port, String secretKey) throws Exception {
        S3Proxy proxy = S3Proxy.builder()
                .blobStore(context.getBlobStore())
                .endpoint(URI.create("http://127.0.0.1:" + port))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, secretKey)
                .build();
        proxy.start();
        return proxy;
    }

    /** The URL of the bucket, with a prefix. */
    public String url() {
        return "http://127.0.0.1:" + proxy.getPort() + '/' + BUCKET + "/history";
    }

    /** The names of all objects below the prefix, in order. */
    List<String> objects() {
        return store.list(BUCKET, org.jclouds.blobstore.options.ListContainerOptions.Builder.recursive()).stream()
                .map(StorageMetadata::getName)
                .map(name -> name.substring("history/".length()))
                .sorted()
                .toList();
    }

    /** Replaces the content of an object. */
    void replace(String object, byte[] content) {
        Blob blob = store.blobBuilder("history/" + object)
                .payload(content)
                .contentLength(content.length)
                .build();
        store.putBlob(BUCKET, blob);
    }

    byte[] content(String object) throws Exception {
        try (var in = store.getBlob(BUCKET, "history/" + object).getPayload().openStream()) {
            return in.readAllBytes();
        }
    }

    /** Replaces the secret key, so that all requests are refused. */
    void refuseRequests() throws Exception {
        restart("another");
    }

    void acceptRequests() throws Exception {
        restart(SECRET_KEY);
    }

    private void restart(String secretKey) throws Exception {
        int port = proxy.getPort();
        proxy.stop();
        proxy = serve(context, port, secretKey);
    }

    @Override
    public void close() {
        try {
            proxy.stop();
        } catch (Exception e) {
            throw new IllegalStateException("S3Proxy did not stop", e);
        } finally {
            context.close();
        }
    }
}
