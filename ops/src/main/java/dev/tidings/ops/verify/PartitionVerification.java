package dev.tidings.ops.verify;

import dev.tidings.ops.verify.Discrepancy.Kind;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares the conversations of one partition, in two steps. First it compares the number of events and the sum of their hashes for
 * each conversation. Then it reads the conversations that differ again, event by event. Not thread-safe.
 */
final class PartitionVerification {

    /** Conversations that are read again, at most. Of further ones only the whole range is reported. */
    static final int MAX_LISTED_CONVERSATIONS = 100;

    /** Events of a conversation that is read again, at most. */
    static final long MAX_LISTED_EVENTS = 1_000_000;

    private final PartitionLog log;
    private final LogTally tally;
    private final ClickHouseCopy clickHouse;
    private final RedisCopy redis;
    private final Discrepancies discrepancies;

    private final SortedSet<String> suspects = new TreeSet<>();
    private final Map<String, Long> beyond = new HashMap<>();
    private final Map<String, EventRange> unknown = new TreeMap<>();
    private long recentConversations;
    private long recentEvents;

    PartitionVerification(
            PartitionLog log, LogTally tally, ClickHouseCopy clickHouse, RedisCopy redis, Discrepancies discrepancies) {
        this.log = log;
        this.tally = tally;
        this.clickHouse = clickHouse;
        this.redis = redis;
        this.discrepancies = discrepancies;
    }

    VerificationReport.PartitionResult run() {
        log.readCompared(event -> tally.add(event.conversationId(), event.seq(), event.hash(), event.isMessage()));
        List<String> ids = tally.conversations();
        for (int from = 0; from < ids.size(); from += ClickHouseCopy.MAX_CONVERSATIONS) {
            compareSums(ids.subList(from, Math.min(from + ClickHouseCopy.MAX_CONVERSATIONS, ids.size())));
        }
        findUnknown();
        // after all queries: an event in a copy is in the log by now
        log.readLater(event -> tally.addLater(event.conversationId(), event.seq()));
        beyond.forEach((id, seq) -> {
            if (log.isAtEnd() && seq > tally.get(id).newestSeq()) {
                suspects.add(id);
            }
        });
        unknown.forEach((id, range) -> {
            if (!tally.knows(id)) {
                discrepancies.add(new Discrepancy(Store.EVENTS, Kind.EXTRA, id, range.fromSeq(), range.toSeq()));
            }
        });
        compareEvents();
        return new VerificationReport.PartitionResult(
                log.partition(),
                ids.size(),
                tally.events(),
                tally.messages(),
                recentConversations,
                recentEvents,
                log.notCompared());
    }

    private void compareSums(List<String> ids) {
        List<EventRange> ranges =
                ids.stream().map(id -> tally.get(id).range(id)).toList();
        Map<String, ClickHouseCopy.Summary> events = clickHouse.events(ranges);
        Map<String, ClickHouseCopy.Summary> messages = clickHouse.messages(ranges);
        for (String id : ids) {
            ConversationTally expected = tally.get(id);
            ClickHouseCopy.Summary found = events.getOrDefault(id, ClickHouseCopy.Summary.NONE);
            ClickHouseCopy.Summary foundMessages = messages.getOrDefault(id, ClickHouseCopy.Summary.NONE);
            if (found.events() != expected.events()
                    || found.hashSum() != expected.hashSum()
                    || foundMessages.events() != expected.messages()) {
                suspects.add(id);
            }
            noteBeyond(id, Math.max(found.newestSeq(), foundMessages.newestSeq()));
        }
        compareRecentSums(ids);
    }

    /** Compares Redis with the sums of ClickHouse, which has the same events. If they differ, the second step asks the log. */
    private void compareRecentSums(List<String> ids) {
        Map<String, NavigableMap<Long, Long>> recent = redis.recentEvents(ids);
        Map<String, EventRange> ranges = new TreeMap<>();
        recent.forEach((id, hashes) -> {
            recentConversations++;
            ConversationTally expected = tally.get(id);
            noteBeyond(id, hashes.lastKey());
            EventRange range = new EventRange(id, Math.max(hashes.firstKey(), expected.firstSeq()), expected.lastSeq());
            long compared = hashes.keySet().stream()
                    .filter(seq -> seq >= range.fromSeq() && seq <= range.toSeq())
                    .count();
            recentEvents += compared;
            if (compared != Math.max(0, range.toSeq() - range.fromSeq() + 1)) {
                suspects.add(id);
            } else if (compared > 0) {
                ranges.put(id, range);
            }
        });
        Map<String, ClickHouseCopy.Summary> same = clickHouse.events(List.copyOf(ranges.values()));
        ranges.forEach((id, range) -> {
            long sum = sum(recent.getOrDefault(id, new TreeMap<>())
                    .subMap(range.fromSeq(), true, range.toSeq(), true)
                    .values());
            if (same.getOrDefault(id, ClickHouseCopy.Summary.NONE).hashSum() != sum) {
                suspects.add(id);
            }
        });
    }

    private void noteBeyond(String id, long seq) {
        if (seq > tally.get(id).lastSeq()) {
            beyond.merge(id, seq, Math::max);
        }
    }

    /** Finds conversations in ClickHouse that the log does not have. A log without its beginning cannot tell. */
    private void findUnknown() {
        if (!tally.isWhole()) {
            return;
        }
        List<EventRange> page = clickHouse.conversations(log.partition(), log.partitions(), "");
        while (!page.isEmpty() && unknown.size() < MAX_LISTED_CONVERSATIONS) {
            for (EventRange range : page) {
                if (log.isSampled(range.conversationId()) && !tally.knows(range.conversationId())) {
                    unknown.put(range.conversationId(), range);
                }
            }
            page = clickHouse.conversations(
                    log.partition(), log.partitions(), page.getLast().conversationId());
        }
    }

    private void compareEvents() {
        Map<String, NavigableMap<Long, LoggedEvent>> listed = new TreeMap<>();
        for (String id : suspects) {
            if (listed.size() < MAX_LISTED_CONVERSATIONS && tally.get(id).events() <= MAX_LISTED_EVENTS) {
                listed.put(id, new TreeMap<>());
            } else {
                EventRange range = tally.get(id).range(id);
                discrepancies.add(new Discrepancy(Store.EVENTS, Kind.DIFFERENT, id, range.fromSeq(), range.toSeq()));
            }
        }
        if (listed.isEmpty()) {
            return;
        }
        log.readCompared(event -> {
            NavigableMap<Long, LoggedEvent> events = listed.get(event.conversationId());
            if (events != null
                    && event.seq() >= tally.get(event.conversationId()).firstSeq()) {
                events.put(event.seq(), event);
            }
        });
        listed.forEach((id, events) -> {
            NavigableMap<Long, Long> hashes = new TreeMap<>();
            NavigableMap<Long, Long> messages = new TreeMap<>();
            events.forEach((seq, event) -> {
                hashes.put(seq, event.hash());
                if (event.isMessage()) {
                    messages.put(seq, 0L);
                }
            });
            compare(
                    Store.EVENTS,
                    id,
                    hashes,
                    clickHouse.eventHashes(id),
                    tally.get(id).firstSeq());
            compare(
                    Store.MESSAGES,
                    id,
                    messages,
                    clickHouse.messageSeqs(id),
                    tally.get(id).firstSeq());
            NavigableMap<Long, Long> recent = redis.recentEvents(List.of(id)).get(id);
            if (recent != null) {
                long fromSeq = Math.max(recent.firstKey(), tally.get(id).firstSeq());
                compare(Store.REDIS, id, hashes.tailMap(fromSeq, true), recent, fromSeq);
            }
        });
    }

    /** @param fromSeq the first seq that is compared */
    private void compare(
            Store store, String id, NavigableMap<Long, Long> logged, NavigableMap<Long, Long> copy, long fromSeq) {
        logged.forEach((seq, hash) -> {
            @Nullable Long found = copy.get(seq);
            if (found == null) {
                discrepancies.add(store, Kind.MISSING, id, seq);
            } else if (!found.equals(hash)) {
                discrepancies.add(store, Kind.DIFFERENT, id, seq);
            }
        });
        ConversationTally expected = tally.get(id);
        copy.keySet().forEach(seq -> {
            boolean isCompared = seq >= fromSeq && seq <= expected.lastSeq();
            boolean isBefore = seq < 1 && tally.isWhole();
            boolean isAfter = log.isAtEnd() && seq > expected.newestSeq();
            if (!logged.containsKey(seq) && (isCompared || isBefore || isAfter)) {
                discrepancies.add(store, Kind.EXTRA, id, seq);
            }
        });
    }

    private static long sum(Collection<Long> hashes) {
        return hashes.stream().mapToLong(hash -> hash).sum();
    }
}
