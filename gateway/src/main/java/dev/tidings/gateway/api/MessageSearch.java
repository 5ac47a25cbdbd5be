package dev.tidings.gateway.api;

import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.history.History;
import dev.tidings.gateway.history.SearchIndex;
import dev.tidings.gateway.history.SearchIndex.Position;
import dev.tidings.gateway.history.SeqSpan;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.schemas.text.SearchPattern.TextRange;
import dev.tidings.schemas.text.SearchTerms;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Error;
import dev.tidings.v1.Search;
import dev.tidings.v1.SearchHit;
import dev.tidings.v1.SearchResults;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Searches messages for a user: the index proposes candidates, INBOX says which of them the user may see, and history has their
 * present content, which must match the query (decision 49).
 */
final class MessageSearch {

    /** Candidates of a page for each hit that it may have: work is bounded, and a page may have fewer hits. */
    static final int CANDIDATES_PER_HIT = 2;

    private final Access access;
    private final History history;
    private final SearchIndex index;
    private final Executor blocking;

    MessageSearch(Access access, History history, SearchIndex index, Executor blocking) {
        this.access = access;
        this.history = history;
        this.index = index;
        this.blocking = blocking;
    }

    /** Completes with a page of hits, or with a failure for {@link Errors#of}. */
    CompletableFuture<SearchResults> search(Caller caller, Search search) {
        SearchRequest request;
        try {
            request = SearchRequest.of(caller, search);
        } catch (RequestException e) {
            return CompletableFuture.failedFuture(e);
        }
        ConversationId conversation = request.conversation();
        if (conversation == null) {
            return candidates(request)
                    .thenCompose(candidates ->
                            visible(caller, candidates).thenCompose(visible -> page(request, candidates, visible)));
        }
        return access.of(caller, conversation).thenCompose(visible -> {
            if (visible.isEmpty()) {
                return CompletableFuture.failedFuture(new RequestException(
                        Errors.error(Error.Code.FORBIDDEN, "no event of " + conversation + " is visible to the user")));
            }
            return candidates(request)
                    .thenCompose(candidates -> page(request, candidates, Map.of(conversation.toString(), visible)));
        });
    }

    private CompletableFuture<List<Position>> candidates(SearchRequest request) {
        return CompletableFuture.supplyAsync(
                () -> index.candidates(request.query(), request.limit() * CANDIDATES_PER_HIT), blocking);
    }

    /** Finds what the caller may see of each conversation among the candidates. */
    private CompletableFuture<Map<String, VisibleSpans>> visible(Caller caller, List<Position> candidates) {
        Map<String, CompletableFuture<VisibleSpans>> spans = new HashMap<>();
        for (Position candidate : candidates) {
            spans.computeIfAbsent(candidate.conversationId(), id -> of(caller, id));
        }
        return CompletableFuture.allOf(spans.values().toArray(CompletableFuture[]::new))
                .thenApply(_ -> {
                    Map<String, VisibleSpans> visible = new HashMap<>();
                    spans.forEach((id, span) -> visible.put(id, span.join()));
                    return visible;
                });
    }

    private CompletableFuture<VisibleSpans> of(Caller caller, String conversationId) {
        ConversationId id = ConversationId.parse(conversationId);
        return id == null ? CompletableFuture.completedFuture(VisibleSpans.NOTHING) : access.of(caller, id);
    }

    private CompletableFuture<SearchResults> page(
            SearchRequest request, List<Position> candidates, Map<String, VisibleSpans> visible) {
        return CompletableFuture.supplyAsync(() -> read(request, candidates, visible), blocking);
    }

    /** Stops at the limit; the next page continues behind the last candidate that was read. */
    private SearchResults read(SearchRequest request, List<Position> candidates, Map<String, VisibleSpans> visible) {
        List<SearchHit> hits = new ArrayList<>();
        int next = 0;
        while (next < candidates.size() && hits.size() < request.limit()) {
            int end = Math.min(candidates.size(), next + request.limit() - hits.size());
            candidates.subList(next, end).stream()
                    .filter(candidate -> isVisible(candidate, visible))
                    .map(candidate -> CompletableFuture.supplyAsync(() -> hit(request, candidate), blocking))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .filter(Objects::nonNull)
                    .forEach(hits::add);
            next = end;
        }
        boolean isLast = next == candidates.size() && candidates.size() < request.limit() * CANDIDATES_PER_HIT;
        return SearchResults.newBuilder()
                .addAllHits(hits)
                .setNextCursor(isLast ? "" : SearchRequest.cursor(candidates.get(next - 1)))
                .build();
    }

    private static boolean isVisible(Position candidate, Map<String, VisibleSpans> visible) {
        VisibleSpans spans = visible.get(candidate.conversationId());
        return spans != null
                && !spans.isDeleted(candidate.seq())
                && !spans.newestWithin(new SeqSpan(candidate.seq(), candidate.seq()))
                        .isEmpty();
    }

    /** Returns null if the message does not match as it stands, or its state is not known. */
    private @Nullable SearchHit hit(SearchRequest request, Position candidate) {
        List<ConversationEvent> events = history.read(candidate.conversationId(), candidate.seq(), candidate.seq(), 1)
                .events();
        if (events.isEmpty() || !events.getFirst().hasMessageSent()) {
            return null;
        }
        ConversationEvent event = events.getFirst();
        Content content = event.getMessageSent().getContent();
        String text = SearchTerms.text(content);
        List<TextRange> matches = request.pattern().matches(text);
        String type = SearchTerms.type(content);
        String wantedType = request.query().contentType();
        if (matches.isEmpty() || !(wantedType.isEmpty() || wantedType.equals(type))) {
            return null;
        }
        SearchHit.Builder hit = SearchHit.newBuilder()
                .setConversationId(candidate.conversationId())
                .setSeq(candidate.seq())
                .setMessageId(event.getMessageSent().getMessageId())
                .setSender(event.getMessageSent().getSender())
                .setSentAt(Timestamps.fromMillis(candidate.sentAtMillis()))
                .setContentType(type);
        SearchExcerpt.put(hit, text, matches);
        return hit.build();
    }
}
