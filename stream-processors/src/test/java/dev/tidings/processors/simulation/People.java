package dev.tidings.processors.simulation;

import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.Said;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.Command;
import dev.tidings.v1.Session;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Users who do what users do, and a few who should not. */
final class People {

    private static final int USERS = 24;
    private static final int PAIRS = 40;

    private final Cluster cluster;
    private final List<Gateway> gateways;
    private final Random random;
    private final List<Device> devices = new ArrayList<>();
    private final List<ConversationId.Private> pairs = new ArrayList<>();
    private final List<Command> sends = new ArrayList<>();
    private final Map<String, String> sessionOfCommand = new TreeMap<>();
    private int counter;
    private int poisoned;

    People(Cluster cluster, List<Gateway> gateways, Random random) {
        this.cluster = cluster;
        this.gateways = gateways;
        this.random = random;
        for (int user = 0; user < USERS; user++) {
            for (int device = 0; device <= random.nextInt(3); device++) {
                devices.add(new Device("user" + user, "device" + device));
            }
        }
        for (int i = 0; i < PAIRS; i++) {
            int one = random.nextInt(USERS);
            int other = (one + 1 + random.nextInt(USERS - 1)) % USERS;
            pairs.add(ConversationId.between("user" + one, "user" + other));
        }
    }

    void doSomething() {
        int chance = random.nextInt(100);
        if (chance < 45) {
            send();
        } else if (chance < 55) {
            sendAgain();
        } else if (chance < 60) {
            appendAgain();
        } else if (chance < 75) {
            markRead();
        } else if (chance < 88) {
            open();
        } else if (chance < 92) {
            close();
        } else if (chance < 95) {
            sync();
        } else if (chance < 98) {
            trespass();
        } else {
            poison();
        }
    }

    List<Device> devices() {
        return devices;
    }

    int poisoned() {
        return poisoned;
    }

    /** The session that a command came from, or an empty text. */
    String sessionOf(String commandId) {
        return sessionOfCommand.getOrDefault(commandId, "");
    }

    private void send() {
        Command command = first();
        sends.add(command);
        append(command);
    }

    private Command first() {
        ConversationId.Private pair = pairs.get(random.nextInt(pairs.size()));
        String sender = pair.users().get(random.nextInt(2));
        // names are chosen by each sender alone, so that two senders choose the same one now and then
        String name = "m" + random.nextInt(200) + (random.nextInt(4) == 0 ? "" : "-" + counter);
        return from(sender, Said.send(pair.toString(), sender, name, Said.text("message " + counter)));
    }

    /** The same message as a command of its own, perhaps from another device. */
    private void sendAgain() {
        if (!sends.isEmpty()) {
            Command earlier = sends.get(random.nextInt(sends.size()));
            append(from(earlier.getActor(), earlier.toBuilder().clearOrigin().build()));
        }
    }

    /** The very same command twice, as a producer may that has lost its acknowledgement. */
    private void appendAgain() {
        if (!sends.isEmpty()) {
            append(sends.get(random.nextInt(sends.size())));
        }
    }

    private void markRead() {
        ConversationId.Private pair = pairs.get(random.nextInt(pairs.size()));
        String reader = pair.users().get(random.nextInt(2));
        long seq = 1L + random.nextInt(12 + counter / 100);
        append(from(reader, Said.markRead(pair.toString(), reader, seq)));
    }

    /** A device connects, whether or not it is connected already. */
    private void open() {
        Device device = devices.get(random.nextInt(devices.size()));
        Gateway gateway = gateways.get(random.nextInt(gateways.size()));
        counter++;
        Session session = Said.session(
                        "session" + counter, device.userId + device.deviceId, gateway.slot(), gateway.epoch())
                .toBuilder()
                .setOpenedAt(Timestamps.EPOCH)
                .build();
        device.connect(session);
        gateway.attach(session.getSessionId(), device);
        cluster.append(Topics.USER_COMMANDS, device.userId, Said.open(device.userId, session));
    }

    private void close() {
        Device device = devices.get(random.nextInt(devices.size()));
        Device.Connection connection = device.current();
        if (connection != null) {
            gateways.get(connection.session.getGatewaySlot()).detach(connection.session.getSessionId());
            cluster.append(
                    Topics.USER_COMMANDS, device.userId, Said.close(device.userId, connection.session.getSessionId()));
        }
    }

    private void sync() {
        Device device = devices.get(random.nextInt(devices.size()));
        Device.Connection connection = device.current();
        if (connection != null && connection.ready) {
            gateways.get(connection.session.getGatewaySlot()).sync(device, connection);
        }
    }

    /** What must be refused: strangers, blanks, names that are none. */
    private void trespass() {
        ConversationId.Private members = pairs.get(random.nextInt(pairs.size()));
        String pair = members.toString();
        switch (random.nextInt(4)) {
            case 0 -> append(from("user0", Said.send(pair, "stranger", "m" + counter)));
            case 1 -> append(from("user0", Said.send("p:zoe:adam", "zoe", "m" + counter)));
            case 2 -> append(from("user0", Said.send("g:nobody", "user0", "m" + counter)));
            default -> {
                String member = members.a();
                append(from(member, Said.send(pair, member, "blank" + counter, Said.text(" "))));
            }
        }
    }

    private void poison() {
        poisoned++;
        byte[] bytes = {(byte) 0xFF, (byte) poisoned};
        byte[] key = ("user" + random.nextInt(USERS)).getBytes(StandardCharsets.UTF_8);
        cluster.appendBytes(random.nextBoolean() ? Topics.COMMANDS : Topics.USER_COMMANDS, key, bytes);
    }

    /** Gives the command an id of its own, and the origin of a device of the user that is open, if one is. */
    private Command from(String userId, Command command) {
        counter++;
        Command.Builder said = command.toBuilder().setCommandId("command" + counter);
        List<Device> open = devices.stream()
                .filter(device -> device.userId.equals(userId))
                .filter(device -> device.current() != null)
                .toList();
        if (!open.isEmpty() && random.nextInt(10) > 0) {
            Device device = open.get(random.nextInt(open.size()));
            Device.Connection connection = device.current();
            if (connection != null) {
                Session session = connection.session;
                said.setOrigin(Said.origin(session.getGatewaySlot(), session.getSessionId(), "frame" + counter));
                sessionOfCommand.put(said.getCommandId(), session.getSessionId());
                if (command.hasMarkRead()) {
                    device.onOwnMark(
                            command.getConversationId(), command.getMarkRead().getSeq());
                }
            }
        } else if (random.nextInt(5) == 0) {
            said.setOrigin(Said.origin(random.nextInt(), "nowhere", "frame" + counter));
        }
        return said.build();
    }

    private void append(Command command) {
        cluster.append(Topics.COMMANDS, command.getConversationId(), command);
    }
}
