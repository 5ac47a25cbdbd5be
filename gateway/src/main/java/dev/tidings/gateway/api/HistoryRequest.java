package dev.tidings.gateway.api;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.history.ReadOrder;
import dev.tidings.gateway.history.SeqSpan;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.Pull;
import dev.tidings.v1.ReadHistory;

/**
 * A checked read of one page of history.
 *
 * @param range the seqs that the page is a part of
 * @param sentFromMillis only events from this time on; 0: all
 * @param sentBeforeMillis only events before this time; {@link Long#MAX_VALUE}: all
 * @param order the end of the range that the page begins with
 * @param aroundSeq the page has the events on both sides of this seq, in either order; 0: it begins with an end of the range
 * @param limit the most events
 */
record HistoryRequest(
        ConversationId conversation,
        SeqSpan range,
        long sentFromMillis,
        long sentBeforeMillis,
        ReadOrder order,
        long aroundSeq,
        int limit) {

    /** @throws RequestException if a value is not allowed */
    static HistoryRequest of(ReadHistory read) {
        int limit = read.getLimit() == 0 ? ClientApi.NEWEST_EVENTS : read.getLimit();
        if (limit < 1 || limit > ClientApi.MAX_PULL_EVENTS) {
            throw invalid("limit is " + limit + "; 0 to " + ClientApi.MAX_PULL_EVENTS + " are allowed");
        }
        long sentFrom = read.hasSentFrom() ? millis("sentFrom", read.getSentFrom()) : 0;
        long sentBefore = read.hasSentBefore() ? millis("sentBefore", read.getSentBefore()) : Long.MAX_VALUE;
        if (sentBefore <= sentFrom) {
            throw invalid("sentFrom is " + Timestamps.toString(read.getSentFrom()) + " and sentBefore is "
                    + Timestamps.toString(read.getSentBefore()) + "; sentFrom must be before sentBefore");
        }
        if (read.hasAroundSeq() && (read.hasSentFrom() || read.hasSentBefore())) {
            throw invalid("the request has aroundSeq and a time; one of them is allowed");
        }
        SeqSpan bounds = bounds(read);
        return new HistoryRequest(
                conversation(read.getConversationId()),
                bounds.within(position(read)),
                sentFrom,
                sentBefore,
                read.hasAfterSeq() ? ReadOrder.OLDEST_FIRST : ReadOrder.NEWEST_FIRST,
                read.getAroundSeq(),
                limit);
    }

    /**
     * Reads the newest events of a range.
     *
     * @throws RequestException if a value is not allowed
     */
    static HistoryRequest of(Pull pull) {
        long to = pull.getToSeq() == 0 ? Long.MAX_VALUE : pull.getToSeq();
        if (pull.getFromSeq() < 1 || to < pull.getFromSeq()) {
            throw invalid("fromSeq is " + pull.getFromSeq() + " and toSeq is " + pull.getToSeq()
                    + "; fromSeq must be at least 1 and not after toSeq");
        }
        SeqSpan range = new SeqSpan(pull.getFromSeq(), to);
        return newest(conversation(pull.getConversationId()), range, ClientApi.MAX_PULL_EVENTS);
    }

    static HistoryRequest newest(ConversationId conversation, SeqSpan range, int limit) {
        return new HistoryRequest(conversation, range, 0, Long.MAX_VALUE, ReadOrder.NEWEST_FIRST, 0, limit);
    }

    /** @throws RequestException if the text is not a conversation id */
    static ConversationId conversation(String conversationId) {
        ConversationId id = ConversationId.parse(conversationId);
        if (id == null) {
            throw invalid("conversationId is not a conversation id: \"" + conversationId + '"');
        }
        return id;
    }

    boolean isByTime() {
        return sentFromMillis > 0 || sentBeforeMillis < Long.MAX_VALUE;
    }

    private static SeqSpan bounds(ReadHistory read) {
        long from = read.getFromSeq() == 0 ? 1 : read.getFromSeq();
        long to = read.getToSeq() == 0 ? Long.MAX_VALUE : read.getToSeq();
        if (from < 1 || to < from) {
            throw invalid("fromSeq is " + read.getFromSeq() + " and toSeq is " + read.getToSeq()
                    + "; fromSeq must be at least 0 and not after toSeq");
        }
        if (read.hasAroundSeq() && !new SeqSpan(from, to).contains(read.getAroundSeq())) {
            throw invalid(
                    "aroundSeq is " + read.getAroundSeq() + "; it must be at least 1, and between fromSeq and toSeq");
        }
        return new SeqSpan(from, to);
    }

    private static SeqSpan position(ReadHistory read) {
        return switch (read.getPositionCase()) {
            case BEFORE_SEQ -> {
                if (read.getBeforeSeq() < 2) {
                    throw invalid("beforeSeq is " + read.getBeforeSeq() + "; it must be at least 2");
                }
                yield new SeqSpan(1, read.getBeforeSeq() - 1);
            }
            case AFTER_SEQ -> {
                if (read.getAfterSeq() < 0 || read.getAfterSeq() == Long.MAX_VALUE) {
                    throw invalid(
                            "afterSeq is " + read.getAfterSeq() + "; 0 to " + (Long.MAX_VALUE - 1) + " are allowed");
                }
                yield new SeqSpan(read.getAfterSeq() + 1, Long.MAX_VALUE);
            }
            case AROUND_SEQ, POSITION_NOT_SET -> SeqSpan.ALL;
        };
    }

    private static long millis(String field, Timestamp time) {
        if (!Timestamps.isValid(time)) {
            throw invalid(field + " is not a time");
        }
        return Timestamps.toMillis(time);
    }

    private static RequestException invalid(String message) {
        return new RequestException(Errors.invalidArgument(message));
    }
}
