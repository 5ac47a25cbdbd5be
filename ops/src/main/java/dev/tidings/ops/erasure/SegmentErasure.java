package dev.tidings.ops.erasure;

import dev.tidings.ops.erasure.RecordRedaction.LogRecord;
import dev.tidings.ops.erasure.RecordRedaction.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.FileLogInputStream.FileChannelRecordBatch;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Reads and rewrites one segment of a stopped broker. A rewritten segment has the same batches with the same offsets, producers and times;
 * only values differ. It replaces the old file in one step; the broker builds its indexes again when it starts. Checks the checksum of each
 * batch. Damaged bytes at the end of a partition whose broker was killed are kept: the broker cuts them off when it starts.
 */
final class SegmentErasure {

    private static final String FRESH_SUFFIX = ".erasing";

    private final String topic;
    private final Path segment;
    private final boolean mayBeTorn;

    /** @param mayBeTorn the broker was killed, and it is the last segment of its partition: the broker cuts off a damaged end */
    SegmentErasure(String topic, Path segment, boolean mayBeTorn) {
        this.topic = topic;
        this.segment = segment;
        this.mayBeTorn = mayBeTorn;
    }

    /**
     * Passes all records to the visitor.
     *
     * @throws CannotEraseException if a batch is damaged
     */
    void read(Consumer<LogRecord> visitor) throws IOException {
        try (FileRecords records = FileRecords.open(segment.toFile(), false)) {
            Batches batches = new Batches(records);
            for (FileChannelRecordBatch batch = batches.next(); batch != null; batch = batches.next()) {
                if (!batch.isControlBatch()) {
                    for (Record record : batch) {
                        visitor.accept(logRecord(record));
                    }
                }
            }
        }
    }

    /**
     * Rewrites the segment if a record changes.
     *
     * @return the number of records that were changed or removed
     * @throws CannotEraseException if a batch is damaged: words behind it would stay
     */
    int erase(RecordRedaction redaction) throws IOException {
        Path fresh = segment.resolveSibling(segment.getFileName() + FRESH_SUFFIX);
        Files.deleteIfExists(fresh);
        int changed = 0;
        try (FileRecords records = FileRecords.open(segment.toFile(), false);
                FileChannel source = FileChannel.open(segment, StandardOpenOption.READ);
                FileChannel target = FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long copied = 0;
            Batches batches = new Batches(records);
            for (FileChannelRecordBatch batch = batches.next(); batch != null; batch = batches.next()) {
                Rewritten rewritten = batch.isControlBatch() ? null : rewritten(batch, redaction);
                if (rewritten != null) {
                    copy(source, target, copied, batch.position());
                    write(target, rewritten.bytes());
                    copied = batch.position() + (long) batch.sizeInBytes();
                    changed += rewritten.changed();
                }
            }
            if (changed > 0) {
                copy(source, target, copied, source.size());
                target.force(true);
            }
        }
        if (changed == 0) {
            Files.delete(fresh);
        } else {
            replace(fresh);
        }
        return changed;
    }

    /** The broker finds no index file, and builds all of the segment again. */
    private void replace(Path fresh) throws IOException {
        String name = segment.getFileName().toString();
        String base = name.substring(0, name.length() - ".log".length());
        for (String index : List.of(".index", ".timeindex")) {
            Files.deleteIfExists(segment.resolveSibling(base + index));
        }
        Files.move(fresh, segment, StandardCopyOption.ATOMIC_MOVE);
        Utils.flushDir(segment.toAbsolutePath().getParent());
    }

    /** @param changed records that were changed or removed */
    private record Rewritten(ByteBuffer bytes, int changed) {}

    /** Returns the batch without the words; null if it has none. */
    private @Nullable Rewritten rewritten(FileChannelRecordBatch batch, RecordRedaction redaction) {
        List<Record> kept = new ArrayList<>();
        List<ByteBuffer> values = new ArrayList<>();
        int changed = 0;
        for (Record record : batch) {
            Outcome outcome = redaction.redact(logRecord(record));
            changed += outcome instanceof Outcome.Unchanged ? 0 : 1;
            switch (outcome) {
                case Outcome.Unchanged _ -> {
                    kept.add(record);
                    values.add(record.value());
                }
                case Outcome.Changed(byte[] value) -> {
                    kept.add(record);
                    values.add(ByteBuffer.wrap(value));
                }
                case Outcome.Removed _ -> {
                    // its offset stays unused
                }
            }
        }
        return changed == 0 ? null : new Rewritten(kept.isEmpty() ? empty(batch) : batch(batch, kept, values), changed);
    }

    private static ByteBuffer batch(RecordBatch original, List<Record> records, List<ByteBuffer> values) {
        ByteBufferOutputStream bytes = new ByteBufferOutputStream(original.sizeInBytes());
        boolean isLogAppendTime = original.timestampType() == TimestampType.LOG_APPEND_TIME;
        try (MemoryRecordsBuilder builder = new MemoryRecordsBuilder(
                bytes,
                original.magic(),
                Compression.of(original.compressionType()).build(),
                original.timestampType(),
                original.baseOffset(),
                isLogAppendTime ? original.maxTimestamp() : RecordBatch.NO_TIMESTAMP,
                original.producerId(),
                original.producerEpoch(),
                original.baseSequence(),
                original.isTransactional(),
                false,
                original.partitionLeaderEpoch(),
                Integer.MAX_VALUE,
                original.deleteHorizonMs().orElse(RecordBatch.NO_TIMESTAMP))) {
            for (int i = 0; i < records.size(); i++) {
                Record record = records.get(i);
                builder.appendWithOffset(
                        record.offset(), record.timestamp(), record.key(), values.get(i), record.headers());
            }
            builder.overrideLastOffset(original.lastOffset());
            return builder.build().buffer();
        }
    }

    /** A batch of which all records are removed keeps its header, so that offsets and the producer's sequence have no gap. */
    private static ByteBuffer empty(RecordBatch original) {
        ByteBuffer header = ByteBuffer.allocate(DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
        DefaultRecordBatch.writeEmptyHeader(
                header,
                original.magic(),
                original.producerId(),
                original.producerEpoch(),
                original.baseSequence(),
                original.baseOffset(),
                original.lastOffset(),
                original.partitionLeaderEpoch(),
                original.timestampType(),
                original.maxTimestamp(),
                original.isTransactional(),
                false);
        return header.flip();
    }

    private LogRecord logRecord(Record record) {
        return new LogRecord(
                topic,
                new RecordHeaders(record.headers()),
                bytes(record.key()),
                bytes(record.value()),
                record.timestamp());
    }

    private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
        return buffer == null ? null : Utils.toArray(buffer);
    }

    /** The complete batches of the segment in their order. */
    private final class Batches {

        private final FileRecords records;
        private final Iterator<FileChannelRecordBatch> batches;
        private long end;

        Batches(FileRecords records) {
            this.records = records;
            this.batches = records.batches().iterator();
        }

        /**
         * Returns the next batch; null at the end.
         *
         * @throws CannotEraseException if the batch is damaged, and the broker does not cut it off
         */
        @Nullable
        FileChannelRecordBatch next() {
            try {
                if (batches.hasNext()) {
                    FileChannelRecordBatch batch = batches.next();
                    batch.ensureValid();
                    end = batch.position() + (long) batch.sizeInBytes();
                    return batch;
                }
            } catch (CorruptRecordException e) {
                if (mayBeTorn) {
                    return null;
                }
                throw damaged(String.valueOf(e.getMessage()));
            }
            // Kafka takes a batch whose length exceeds the rest of the file for the end
            if (end != records.sizeInBytes() && !mayBeTorn) {
                throw damaged("the batch at position " + end + " is longer than the rest of the file ("
                        + (records.sizeInBytes() - end) + " bytes)");
            }
            return null;
        }

        private CannotEraseException damaged(String reason) {
            return new CannotEraseException("segment " + segment + " is damaged: " + reason
                    + "; words behind the damage would stay. Restore its partition from a replica or a backup");
        }
    }

    private static void copy(FileChannel source, FileChannel target, long from, long to) throws IOException {
        long position = from;
        while (position < to) {
            position += source.transferTo(position, to - position, target);
        }
    }

    private static void write(FileChannel target, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            target.write(bytes);
        }
    }
}
