package dev.tidings.ops.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket of a {@link WireLoop}: read by the loop's thread, written by whoever sends; only what the socket does
 * not take at once is left to the loop.
 */
final class NioWire implements Wire, WireFrames.Sink {

    private static final int FIRST_BUFFER_BYTES = 16 * 1024;

    private final WireLoop loop;
    private final String authority;
    private final FrameFormat format;
    private final Wire.Listener listener;
    private final WireHandshake handshake;
    private final WireFrames frames = new WireFrames();
    private final Queue<ByteBuffer> unwritten = new ArrayDeque<>();
    private ByteBuffer in = ByteBuffer.allocateDirect(FIRST_BUFFER_BYTES);
    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    private boolean upgraded;
    private boolean ended;

    NioWire(WireLoop loop, String authority, FrameFormat format, Wire.Listener listener) {
        this.loop = loop;
        this.authority = authority;
        this.format = format;
        this.listener = listener;
        this.handshake = new WireHandshake(format.subprotocol());
    }

    /** By the loop's thread, as are all that follow but {@link #send} and {@link #close}. */
    void connect(Selector selector, InetSocketAddress address) {
        try {
            SocketChannel opened = SocketChannel.open();
            synchronized (this) {
                channel = opened;
            }
            opened.configureBlocking(false);
            opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
            SelectionKey registered = opened.register(selector, SelectionKey.OP_CONNECT, this);
            synchronized (this) {
                key = registered;
            }
            if (opened.connect(address)) {
                finishConnect(opened, registered);
            }
        } catch (IOException | RuntimeException e) {
            end("cannot connect: " + e);
        }
    }

    void serve() {
        SelectionKey ready = key;
        SocketChannel open = channel;
        if (ready == null || open == null || ended) {
            return;
        }
        try {
            if (ready.isConnectable()) {
                open.finishConnect();
                finishConnect(open, ready);
            }
            if (ready.isWritable()) {
                writeRest();
            }
            if (ready.isReadable()) {
                read(open);
            }
        } catch (IOException | RuntimeException e) {
            end(e.toString());
        }
    }

    @Override
    public void send(byte[] payload) {
        write(WireFrames.message(format.binary(), payload));
    }

    @Override
    public void close() {
        loop.execute(() -> end("closed by the client"));
    }

    @Override
    public void message(ByteBuffer payload) {
        listener.received(payload);
    }

    @Override
    public void ping(byte[] payload) {
        write(WireFrames.pong(payload));
    }

    @Override
    public void close(String reason) {
        end(reason);
    }

    private void finishConnect(SocketChannel open, SelectionKey ready) {
        ready.interestOps(SelectionKey.OP_READ);
        if (open.isConnected()) {
            write(handshake.request(authority, "/v1/ws"));
        }
    }

    private void read(SocketChannel open) throws IOException {
        int count = open.read(in);
        in.flip();
        if (!upgraded && handshake.accept(in)) {
            upgraded = true;
            listener.opened(this);
        }
        int needed = upgraded && !ended ? frames.read(in, this) : 0;
        if (ended) {
            return;
        }
        if (needed > in.capacity()) {
            in = ByteBuffer.allocateDirect(Math.max(needed, 2 * in.capacity())).put(in);
        } else {
            in.compact();
        }
        if (count < 0) {
            end("closed by the server without a word");
        }
    }

    private synchronized void write(ByteBuffer frame) {
        SocketChannel open = channel;
        SelectionKey registered = key;
        if (ended || open == null || registered == null) {
            return;
        }
        try {
            if (unwritten.isEmpty()) {
                open.write(frame);
            }
            if (frame.hasRemaining()) {
                unwritten.add(frame);
                if (unwritten.size() == 1) {
                    loop.execute(() -> interest(registered, SelectionKey.OP_READ | SelectionKey.OP_WRITE));
                }
            }
        } catch (IOException e) {
            close();
        }
    }

    private synchronized void writeRest() throws IOException {
        SocketChannel open = channel;
        SelectionKey registered = key;
        for (ByteBuffer next = unwritten.peek(); next != null && open != null; next = unwritten.peek()) {
            open.write(next);
            if (next.hasRemaining()) {
                return;
            }
            unwritten.remove();
        }
        if (registered != null) {
            interest(registered, SelectionKey.OP_READ);
        }
    }

    private static void interest(SelectionKey registered, int operations) {
        if (registered.isValid()) {
            registered.interestOps(operations);
        }
    }

    private void end(String reason) {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            unwritten.clear();
            try {
                if (channel != null) {
                    channel.close();
                }
            } catch (IOException e) {
                // It is gone either way.
            }
        }
        listener.closed(reason);
    }
}
