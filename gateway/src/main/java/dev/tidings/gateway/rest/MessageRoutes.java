package dev.tidings.gateway.rest;

import com.google.protobuf.Timestamp;
import dev.tidings.gateway.api.ClientApi;
import dev.tidings.v1.Applied;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.DeleteForMe;
import dev.tidings.v1.DescribeReceipts;
import dev.tidings.v1.EditMessage;
import dev.tidings.v1.Events;
import dev.tidings.v1.PinMessage;
import dev.tidings.v1.React;
import dev.tidings.v1.ReadHistory;
import dev.tidings.v1.RecallMessage;
import dev.tidings.v1.Receipts;
import dev.tidings.v1.Search;
import dev.tidings.v1.SearchResults;
import dev.tidings.v1.Send;
import dev.tidings.v1.Sequenced;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The operations on the messages of a conversation. */
final class MessageRoutes {

    private static final String MESSAGES = "/v1/conversations/{conversationId}/messages";
    private static final String MESSAGE = MESSAGES + "/{seq}";

    private static final int DEFAULT_HITS = 20;
    private static final int MAX_HITS = 50;

    static final List<Route> ALL = List.of(
            Route.post(
                            MESSAGES,
                            "sendMessage",
                            "Sends a message. The idempotency key is its clientMsgId; without either, a repeated request sends"
                                    + " a second message.")
                    .body(Send.getDescriptor(), "conversationId")
                    .replies(Sequenced.getDescriptor())
                    .frame(MessageRoutes::send),
            Route.get(
                            MESSAGES,
                            "readMessages",
                            "Reads one page of the history: the newest events, or events by position or by time.")
                    .query(
                            QueryParameter.number("before", "The newest events before this seq."),
                            QueryParameter.number(
                                    "after", "The oldest events after this seq; 0: from the first one on."),
                            QueryParameter.number(
                                    "around", "The event with this seq and the events on both sides of it."),
                            QueryParameter.number("from", "Only events from this seq on."),
                            QueryParameter.number("to", "Only events up to this seq."),
                            QueryParameter.text("sentFrom", "Only events sent at or after this time, in RFC 3339."),
                            QueryParameter.text("sentBefore", "Only events sent before this time, in RFC 3339."),
                            QueryParameter.limit(ClientApi.MAX_PULL_EVENTS, "1 to 200 events; 50 if absent."))
                    .replies(Events.getDescriptor())
                    .operation((requests, request) -> requests.history(request.userId(), history(request))),
            Route.get("/v1/search", "searchMessages", "Searches the messages that the user may see.")
                    .query(
                            QueryParameter.required(
                                    "query", "At most 256 bytes, with at least one letter, digit or symbol."),
                            QueryParameter.text("conversationId", "Only this conversation; all if absent."),
                            QueryParameter.text("sender", "Only messages of this user."),
                            QueryParameter.text(
                                    "contentType", "Only this content: text, image, video, file, location or card."),
                            QueryParameter.text("order", "newest, or relevance; newest if absent."),
                            QueryParameter.flag("prefix", "True: the last word may be the beginning of a word."),
                            QueryParameter.text("sentFrom", "Only messages sent at or after this time, in RFC 3339."),
                            QueryParameter.text("sentBefore", "Only messages sent before this time, in RFC 3339."),
                            QueryParameter.limit(MAX_HITS, "1 to 50 hits; 20 if absent."),
                            QueryParameter.text("cursor", "The nextCursor of the page before."))
                    .replies(SearchResults.getDescriptor())
                    .operation((requests, request) -> requests.search(request.userId(), search(request))),
            Route.patch(MESSAGE, "editMessage", "Replaces the content of a message of the user.")
                    .body(EditMessage.getDescriptor(), "conversationId", "seq")
                    .replies(Sequenced.getDescriptor(), Applied.getDescriptor())
                    .frame(request -> ClientFrame.newBuilder()
                            .setEdit(request.body(EditMessage.newBuilder())
                                    .setConversationId(request.conversationId())
                                    .setSeq(request.seq()))),
            Route.delete(MESSAGE, "deleteMessage", "Recalls a message for all users, or hides it from the user alone.")
                    .query(QueryParameter.flag("forMe", "True: the message is hidden from the user alone."))
                    .replies(Sequenced.getDescriptor(), Applied.getDescriptor())
                    .frame(MessageRoutes::delete),
            Route.put(MESSAGE + "/reactions/{reaction}", "addReaction", "Adds a reaction of the user to a message.")
                    .replies(Sequenced.getDescriptor(), Applied.getDescriptor())
                    .frame(request -> reaction(request, false)),
            Route.delete(
                            MESSAGE + "/reactions/{reaction}",
                            "removeReaction",
                            "Removes a reaction of the user from a message.")
                    .replies(Sequenced.getDescriptor(), Applied.getDescriptor())
                    .frame(request -> reaction(request, true)),
            Route.put(MESSAGE + "/pin", "pinMessage", "Pins a message for all users of the conversation.")
                    .replies(Sequenced.getDescriptor(), Applied.getDescriptor())
                    .frame(request -> pin(request, false)),
            Route.delete(MESSAGE + "/pin", "unpinMessage", "Unpins a message.")
                    .replies(Sequenced.getDescriptor(), Applied.getDescriptor())
                    .frame(request -> pin(request, true)),
            Route.get(
                            MESSAGE + "/receipts",
                            "readReceipts",
                            "Counts the users who have received and read a message, for its sender and for admins.")
                    .query(
                            QueryParameter.flag("withUsers", "True: the reply names the users, at most 500."),
                            QueryParameter.text("afterUserId", "The last user id of the page before."))
                    .replies(Receipts.getDescriptor())
                    .frame(request -> ClientFrame.newBuilder()
                            .setReceipts(DescribeReceipts.newBuilder()
                                    .setConversationId(request.conversationId())
                                    .addSeqs(request.seq())
                                    .setWithUsers(request.flag("withUsers"))
                                    .setAfterUserId(request.text("afterUserId")))));

    private MessageRoutes() {}

    private static ClientFrame.Builder send(RestRequest request) {
        Send.Builder send = request.body(Send.newBuilder()).setConversationId(request.conversationId());
        send.setClientMsgId(request.clientMsgId(send.getClientMsgId()));
        return ClientFrame.newBuilder().setSend(send);
    }

    private static Search search(RestRequest request) {
        Search.Builder search = Search.newBuilder()
                .setQuery(request.text("query"))
                .setConversationId(request.text("conversationId"))
                .setSender(request.text("sender"))
                .setContentType(request.text("contentType"))
                .setOrder(order(request))
                .setPrefix(request.flag("prefix"))
                .setLimit(request.limit("limit", DEFAULT_HITS, MAX_HITS))
                .setCursor(request.text("cursor"));
        setIfPresent(request.time("sentFrom"), search::setSentFrom);
        setIfPresent(request.time("sentBefore"), search::setSentBefore);
        return search.build();
    }

    private static Search.Order order(RestRequest request) {
        return switch (request.text("order")) {
            case "", "newest" -> Search.Order.NEWEST_FIRST;
            case "relevance" -> Search.Order.RELEVANCE;
            default ->
                throw RestRequest.invalid(
                        "order is \"" + request.text("order") + "\"; newest and relevance are allowed");
        };
    }

    private static ReadHistory history(RestRequest request) {
        long positions = Stream.of("before", "after", "around")
                .filter(request.query()::containsKey)
                .count();
        if (positions > 1) {
            throw RestRequest.invalid(
                    "the query has " + positions + " of before, after and around; one of them is allowed");
        }
        ReadHistory.Builder read = ReadHistory.newBuilder()
                .setConversationId(request.conversationId())
                .setFromSeq(request.number("from"))
                .setToSeq(request.number("to"))
                .setLimit(request.limit("limit", ClientApi.NEWEST_EVENTS, ClientApi.MAX_PULL_EVENTS));
        if (request.query().containsKey("before")) {
            read.setBeforeSeq(request.number("before"));
        } else if (request.query().containsKey("after")) {
            read.setAfterSeq(request.number("after"));
        } else if (request.query().containsKey("around")) {
            read.setAroundSeq(request.number("around"));
        }
        setIfPresent(request.time("sentFrom"), read::setSentFrom);
        setIfPresent(request.time("sentBefore"), read::setSentBefore);
        return read.build();
    }

    private static void setIfPresent(@Nullable Timestamp time, Consumer<Timestamp> setter) {
        if (time != null) {
            setter.accept(time);
        }
    }

    private static ClientFrame.Builder delete(RestRequest request) {
        ClientFrame.Builder frame = ClientFrame.newBuilder();
        return request.flag("forMe")
                ? frame.setDeleteForMe(DeleteForMe.newBuilder()
                        .setConversationId(request.conversationId())
                        .addSeqs(request.seq()))
                : frame.setRecall(RecallMessage.newBuilder()
                        .setConversationId(request.conversationId())
                        .setSeq(request.seq()));
    }

    private static ClientFrame.Builder reaction(RestRequest request, boolean remove) {
        return ClientFrame.newBuilder()
                .setReact(React.newBuilder()
                        .setConversationId(request.conversationId())
                        .setSeq(request.seq())
                        .setReaction(request.path("reaction"))
                        .setRemove(remove));
    }

    private static ClientFrame.Builder pin(RestRequest request, boolean unpin) {
        return ClientFrame.newBuilder()
                .setPin(PinMessage.newBuilder()
                        .setConversationId(request.conversationId())
                        .setSeq(request.seq())
                        .setUnpin(unpin));
    }
}
