package dev.tidings.gateway.rest;

import dev.tidings.v1.Applied;
import dev.tidings.v1.Badge;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.MarkConversationRead;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.SyncPage;
import java.util.List;

/** The operations on a user's conversations, as that user sees them. */
final class ConversationRoutes {

    static final List<Route> ALL = List.of(
            Route.get(
                            "/v1/conversations",
                            "listConversations",
                            "Reads one page of the user's conversations, at most 100. Pages follow until nextAfter is absent;"
                                    + " the version of the last page is the next `since`.")
                    .query(
                            QueryParameter.text(
                                    "mode",
                                    "`fast`: the conversations with the newest messages, one page. `full` (if absent): all."),
                            QueryParameter.number("since", "Only conversations that changed since this version."),
                            QueryParameter.number("after", "The nextAfter of the page before."))
                    .replies(SyncPage.getDescriptor())
                    .operation((requests, request) -> requests.conversations(
                            request.userId(), mode(request), request.number("since"), request.number("after"))),
            Route.get("/v1/badge", "readBadge", "Counts the unread messages in all conversations that are not muted.")
                    .replies(Badge.getDescriptor())
                    .operation((requests, request) -> requests.badge(request.userId())),
            Route.post("/v1/conversations/{conversationId}/read", "markRead", "Moves the user's read position forward.")
                    .body(MarkConversationRead.getDescriptor(), "conversationId")
                    .replies(Applied.getDescriptor())
                    .state(request -> ClientFrame.newBuilder()
                            .setMarkRead(request.body(MarkConversationRead.newBuilder())
                                    .setConversationId(request.conversationId()))),
            Route.patch(
                            "/v1/conversations/{conversationId}/settings",
                            "changeSettings",
                            "Changes the user's settings of a conversation: pinned, muted, hidden, draft, custom.")
                    .body(ChangeSettings.getDescriptor(), "conversationId", "origin")
                    .replies(Applied.getDescriptor())
                    .state(request -> ClientFrame.newBuilder()
                            .setSettings(request.body(ChangeSettings.newBuilder())
                                    .setConversationId(request.conversationId()))));

    private ConversationRoutes() {}

    private static SyncMode mode(RestRequest request) {
        SyncMode mode = switch (request.query().getOrDefault("mode", "full")) {
            case "fast" -> SyncMode.FAST;
            case "full" -> request.number("since") > 0 ? SyncMode.INCREMENTAL : SyncMode.FULL;
            default -> throw RestRequest.invalid("mode is \"" + request.text("mode") + "\"; fast and full are allowed");
        };
        if (mode == SyncMode.FAST
                && (request.query().containsKey("since") || request.query().containsKey("after"))) {
            throw RestRequest.invalid("the query has mode=fast and since or after; fast has one page");
        }
        return mode;
    }
}
