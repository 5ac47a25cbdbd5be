package dev.tidings.gateway.transport;

import dev.tidings.gateway.frame.EventFrame;
import dev.tidings.gateway.frame.FrameCodec;
import dev.tidings.gateway.frame.LiveHead;
import dev.tidings.v1.ServerFrame;
import java.nio.ByteBuffer;

/** A frame that waits to be encoded, with the memory that it takes meanwhile. */
sealed interface OutgoingFrame {

    Runnable NO_TASK = () -> {};

    /** The bytes that count against the session's budget. */
    int bytes();

    /** Counts the frame as held and returns the bytes added for the gateway. */
    long hold();

    /** Counts the frame as no longer held and returns the bytes freed for the gateway. */
    long release();

    ByteBuffer encode(FrameCodec codec);

    /** Returns the task to run once the socket has taken the frame or has failed. The task keeps only shared frames in memory. */
    Runnable whenWritten();

    /** An answer, a view or any other frame that goes to one session only. */
    record Single(ServerFrame frame, int bytes) implements OutgoingFrame {

        /** The memory of a frame besides its bytes. */
        private static final int OVERHEAD_BYTES = 256;

        Single(ServerFrame frame) {
            this(frame, frame.getSerializedSize() + OVERHEAD_BYTES);
        }

        /** A message takes about twice its bytes on the wire. */
        @Override
        public long hold() {
            return 2L * bytes;
        }

        @Override
        public long release() {
            return 2L * bytes;
        }

        @Override
        public ByteBuffer encode(FrameCodec codec) {
            return codec.encode(frame);
        }

        @Override
        public Runnable whenWritten() {
            return NO_TASK;
        }
    }

    /** An event, which sessions share. */
    record Event(EventFrame frame) implements OutgoingFrame {

        @Override
        public int bytes() {
            return frame.bytes();
        }

        @Override
        public long hold() {
            return frame.hold();
        }

        @Override
        public long release() {
            return frame.release();
        }

        @Override
        public ByteBuffer encode(FrameCodec codec) {
            return codec.encode(frame);
        }

        @Override
        public Runnable whenWritten() {
            return () -> frame.setWaiting(false);
        }
    }

    /** A head. It takes no memory of its own: there is one for each conversation, shared by all sessions. */
    record Head(LiveHead head) implements OutgoingFrame {

        @Override
        public int bytes() {
            return 0;
        }

        @Override
        public long hold() {
            return 0;
        }

        @Override
        public long release() {
            return 0;
        }

        @Override
        public ByteBuffer encode(FrameCodec codec) {
            return codec.encode(head);
        }

        @Override
        public Runnable whenWritten() {
            return NO_TASK;
        }
    }
}
