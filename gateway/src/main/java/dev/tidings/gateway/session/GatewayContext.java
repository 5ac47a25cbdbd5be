package dev.tidings.gateway.session;

import dev.tidings.gateway.api.ClientApi;
import dev.tidings.gateway.auth.Authenticator;
import dev.tidings.gateway.limit.RequestLimits;
import dev.tidings.gateway.subscription.ConversationSubscriptions;

/**
 * The parts of a gateway that all its sessions share.
 *
 * @param admission decides when a session may open, and runs the verification of its token
 */
public record GatewayContext(
        SessionConfig config,
        Sessions sessions,
        ConversationSubscriptions subscriptions,
        ClientApi api,
        Authenticator authenticator,
        ConnectAdmission admission,
        OverloadMonitor overload,
        RequestLimits limits) {}
