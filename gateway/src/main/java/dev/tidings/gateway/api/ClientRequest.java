package dev.tidings.gateway.api;

import dev.tidings.v1.Command;
import dev.tidings.v1.Forward;
import dev.tidings.v1.PatchUser;
import dev.tidings.v1.PresenceQuery;
import dev.tidings.v1.Pull;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserSearch;
import dev.tidings.v1.UsersQuery;
import java.util.List;

/** The request in one client frame. {@link RequestParser} parses each frame once; after that only these types are switched on. */
public sealed interface ClientRequest {

    /** Opens the session. */
    record Connect(dev.tidings.v1.Connect connect) implements ClientRequest {}

    /** Asks for the time of the log, and shows that the client is alive. */
    record Heartbeat() implements ClientRequest {}

    /** The frame has no body. */
    record Empty() implements ClientRequest {}

    /** A request that needs an open session. */
    sealed interface SessionRequest extends ClientRequest {}

    /** Acknowledges all frames up to a delivery number. Not answered. */
    record Acknowledge(long upTo) implements SessionRequest {}

    /** @param command without command id and actor */
    record ConversationRequest(Command command) implements SessionRequest {}

    /** @param command without command id and actor */
    record MarkRead(Command command) implements SessionRequest {}

    /** @param command without command id and actor */
    record Typing(Command command) implements SessionRequest {}

    /**
     * Sends a message whose content is another message's.
     *
     * @param command without command id and actor
     * @param source the message that is forwarded
     */
    record ForwardMessage(Command command, Forward source) implements SessionRequest {}

    /** @param command without user id */
    record UserRequest(UserCommand command) implements SessionRequest {}

    /** Reads ranges of history, one after the other. */
    record PullEvents(List<Pull> pulls) implements SessionRequest {}

    /** Reads one page of history by position or by time. */
    record ReadHistory(dev.tidings.v1.ReadHistory read) implements SessionRequest {}

    /** Finds messages by their words. */
    record SearchMessages(dev.tidings.v1.Search search) implements SessionRequest {}

    /** Reads profiles of the user directory. */
    record ReadUsers(UsersQuery query) implements SessionRequest {}

    /** Finds users by the beginning of their names. */
    record SearchUsers(UserSearch search) implements SessionRequest {}

    /** Changes the user's own profile in the directory. */
    record PatchOwnUser(PatchUser patch) implements SessionRequest {}

    /** Reads how the user's conversations stand. */
    record Sync(dev.tidings.v1.Sync sync) implements SessionRequest {}

    /**
     * Joins or leaves a room.
     *
     * @param enter the command that asks to enter it, without command id and actor
     */
    record Room(dev.tidings.v1.Room room, Command enter) implements SessionRequest {}

    /** Continues the session with a fresh token. */
    record RefreshToken(String token) implements SessionRequest {}

    /** Reads the presence of users, or subscribes to it. */
    record Presence(PresenceQuery query) implements SessionRequest {}
}
