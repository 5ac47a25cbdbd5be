package dev.tidings.gateway.log;

import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.Command;
import dev.tidings.v1.DirectoryCommand;
import dev.tidings.v1.Origin;
import dev.tidings.v1.TokenRevocation;
import dev.tidings.v1.UserCommand;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A command log in memory. Confirms at once, unless it is set to wait or to fail. */
public final class RecordedLog implements CommandAppender, OperatorLog {

    /** A request of an operator. */
    public record OperatorRequest(BusinessCommand request, Origin origin) {}

    private final List<Command> commands = new CopyOnWriteArrayList<>();
    private final List<UserCommand> userCommands = new CopyOnWriteArrayList<>();
    private final List<DirectoryCommand> directoryCommands = new CopyOnWriteArrayList<>();
    private final List<OperatorRequest> operatorRequests = new CopyOnWriteArrayList<>();
    private final List<TokenRevocation> revocations = new CopyOnWriteArrayList<>();
    private final List<AuditRecord> audit = new CopyOnWriteArrayList<>();
    private final Queue<Consumer<@Nullable Exception>> unconfirmed = new ArrayDeque<>();
    private boolean waiting;
    private boolean failing;

    @Override
    public void append(Command command, Consumer<@Nullable Exception> done) {
        commands.add(command);
        finish(done);
    }

    @Override
    public void append(UserCommand command, Consumer<@Nullable Exception> done) {
        userCommands.add(command);
        finish(done);
    }

    @Override
    public void append(DirectoryCommand command, Consumer<@Nullable Exception> done) {
        directoryCommands.add(command);
        finish(done);
    }

    @Override
    public void append(BusinessCommand request, Origin origin, Consumer<@Nullable Exception> done) {
        operatorRequests.add(new OperatorRequest(request, origin));
        finish(done);
    }

    @Override
    public void append(TokenRevocation revocation, Consumer<@Nullable Exception> done) {
        revocations.add(revocation);
        finish(done);
    }

    @Override
    public void append(AuditRecord record, Consumer<@Nullable Exception> done) {
        audit.add(record);
        finish(done);
    }

    private void finish(Consumer<@Nullable Exception> done) {
        if (waiting) {
            unconfirmed.add(done);
        } else {
            done.accept(failing ? new IllegalStateException("the log is unavailable") : null);
        }
    }

    public List<Command> commands() {
        return commands;
    }

    public List<UserCommand> userCommands() {
        return userCommands;
    }

    public List<DirectoryCommand> directoryCommands() {
        return directoryCommands;
    }

    public List<OperatorRequest> operatorRequests() {
        return operatorRequests;
    }

    public List<TokenRevocation> revocations() {
        return revocations;
    }

    public List<AuditRecord> audit() {
        return audit;
    }

    /** Whether confirmations wait for {@link #confirm}. */
    public void waits(boolean waits) {
        waiting = waits;
    }

    /** Whether appends fail. */
    public void fails(boolean fails) {
        failing = fails;
    }

    /** Lets the oldest unconfirmed append time out: its outcome is unknown. */
    public void timeOut() {
        unconfirmed.remove().accept(new OutcomeUnknownException(null));
    }

    /** Confirms the oldest unconfirmed append. */
    public void confirm() {
        unconfirmed.remove().accept(null);
    }
}
