package dev.tidings.processors.store;

import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;

/**
 * Derives further records of a store from each record that is written to it. Derived records are in the store only, not in its
 * changelog: a restored store derives them again. So they must be a function of the record alone, and a record that replaces
 * another must derive the same keys, or leave the records of missing keys valid.
 */
public interface StoreIndex {

    /** Returns the records to store beside this one. Their keys must not be keys of records that derive others. */
    List<KeyValue<Bytes, byte[]>> derivedFrom(Bytes key, byte[] value);

    /** Returns the keys of the derived records to delete together with this record. */
    List<Bytes> deletedWith(Bytes key, byte[] value);
}
