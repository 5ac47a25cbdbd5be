package dev.tidings.schemas.check;

import static dev.tidings.schemas.check.Refusals.checkNotNegative;
import static dev.tidings.schemas.check.Refusals.first;
import static dev.tidings.schemas.check.Refusals.invalid;

import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.SubscribeGateway;
import org.jspecify.annotations.Nullable;

/** Checks commands that gateways write about themselves or about each other. */
final class GatewayCommandCheck {

    private GatewayCommandCheck() {}

    static @Nullable Refusal check(SubscribeGateway subscribe) {
        return first(
                checkNotNegative("gatewaySlot", subscribe.getGatewaySlot()),
                checkNotNegative("sessions", subscribe.getSessions()));
    }

    static @Nullable Refusal check(String conversationId, GatewayGone gone) {
        return first(
                conversationId.isEmpty()
                        ? null
                        : invalid("conversationId of gatewayGone is " + Refusals.quoted(conversationId)
                                + "; it must be empty"),
                checkNotNegative("gatewaySlot", gone.getGatewaySlot()));
    }
}
