package dev.tidings.gateway.frame;

import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.ServerFrame;
import org.jspecify.annotations.Nullable;

/** A head notice on its way to the subscribers of a conversation. Encoded once for each subprotocol. Thread-safe. */
public final class LiveHead {

    private final HeadNotice notice;
    private volatile byte @Nullable [] json;
    private volatile byte @Nullable [] proto;

    public LiveHead(HeadNotice notice) {
        this.notice = notice;
    }

    public HeadNotice notice() {
        return notice;
    }

    public ServerFrame toServerFrame() {
        return ServerFrame.newBuilder().setHead(notice).build();
    }

    /** Two threads may encode it at once; the bytes are the same. */
    byte[] encoded(FrameCodec codec) {
        byte[] encoded = codec == FrameCodec.JSON ? json : proto;
        if (encoded == null) {
            encoded = codec.encode(toServerFrame()).array();
            if (codec == FrameCodec.JSON) {
                json = encoded;
            } else {
                proto = encoded;
            }
        }
        return encoded;
    }
}
