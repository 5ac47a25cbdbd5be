package dev.tidings.gateway;

import dev.tidings.gateway.limit.RequestLimits;
import dev.tidings.gateway.log.GatewaySlot;
import dev.tidings.gateway.session.Sessions;
import java.util.function.Supplier;

/** States for the heartbeats of a slot how many sessions and users the gateway has. */
final class SlotOwner implements GatewaySlot.Holder {

    private final Sessions sessions;
    private final RequestLimits limits;
    private final Supplier<String> address;
    private final Runnable whenLost;

    SlotOwner(Sessions sessions, RequestLimits limits, Supplier<String> address, Runnable whenLost) {
        this.sessions = sessions;
        this.limits = limits;
        this.address = address;
        this.whenLost = whenLost;
    }

    @Override
    public int sessions() {
        return sessions.size();
    }

    @Override
    public int users() {
        return limits.connectedUsers();
    }

    @Override
    public String address() {
        return address.get();
    }

    @Override
    public void slotLost() {
        whenLost.run();
    }
}
