package dev.tidings.ops.bench.websocket;

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
 * A WebSocket of a {@link WebSocketEventLoop}. The loop's thread reads; the sending thread writes. Only bytes that the socket
 * does not take at once are left to the loop.
 */
final class NioWebSocketClient implements WebSocketClient, WebSocketFrames.Sink {

    static final int FIRST_BUFFER_BYTES = 16 * 1024;

    private final WebSocketEventLoop loop;
    private final String authority;
    private final boolean binary;
    private final WebSocketClient.Listener listener;
    private final WebSocketHandshake handshake;
    private final WebSocketFrames frames = new WebSocketFrames();
    private final Queue<ByteBuffer> unwritten = new ArrayDeque<>();
    private ByteBuffer in;
    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    private boolean upgraded;
    private boolean closed;

    NioWebSocketClient(
            WebSocketEventLoop loop,
            String authority,
            String subprotocol,
            boolean binary,
            int firstBufferBytes,
            WebSocketClient.Listener listener) {
        this.loop = loop;
        this.authority = authority;
        this.binary = binary;
        this.listener = listener;
        this.in = ByteBuffer.allocateDirect(firstBufferBytes);
        this.handshake = new WebSocketHandshake(subprotocol);
    }

    /** Starts to connect. The loop's thread calls this and every other method except {@link #send} and {@link #close}. */
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
            closeChannel("cannot connect: " + e);
        }
    }

    /** Handles what the selector reported: connected, writable, readable. */
    void serve() {
        SelectionKey ready = key;
        SocketChannel open = channel;
        if (ready == null || open == null || closed) {
            return;
        }
        try {
            if (ready.isConnectable()) {
                open.finishConnect();
                finishConnect(open, ready);
            }
            if (ready.isWritable()) {
                flushUnwritten();
            }
            if (ready.isReadable()) {
                read(open);
            }
        } catch (IOException | RuntimeException e) {
            closeChannel(e.toString());
        }
    }

    @Override
    public void send(byte[] payload) {
        write(WebSocketFrames.message(binary, payload));
    }

    @Override
    public void close() {
        loop.execute(() -> closeChannel("closed by the client"));
    }

    @Override
    public void message(ByteBuffer payload) {
        listener.received(payload);
    }

    @Override
    public void ping(byte[] payload) {
        write(WebSocketFrames.pong(payload));
    }

    @Override
    public void close(String reason) {
        closeChannel(reason);
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
        int needed = upgraded && !closed ? frames.read(in, this) : 0;
        if (closed) {
            return;
        }
        if (needed > in.capacity()) {
            in = ByteBuffer.allocateDirect(Math.max(needed, 2 * in.capacity())).put(in);
        } else {
            in.compact();
        }
        if (count < 0) {
            closeChannel("the server closed the TCP connection");
        }
    }

    private synchronized void write(ByteBuffer frame) {
        SocketChannel open = channel;
        SelectionKey registered = key;
        if (closed || open == null || registered == null) {
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

    private synchronized void flushUnwritten() throws IOException {
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

    private void closeChannel(String reason) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            unwritten.clear();
            try {
                if (channel != null) {
                    channel.close();
                }
            } catch (IOException e) {
                // the channel is unusable either way
            }
        }
        listener.closed(reason);
    }
}
