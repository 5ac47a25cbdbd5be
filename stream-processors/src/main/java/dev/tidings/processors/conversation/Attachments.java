package dev.tidings.processors.conversation;

import dev.tidings.state.v1.Attachment;
import dev.tidings.state.v1.AttachmentsRecord;
import dev.tidings.v1.AttachGateway;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Which gateways want the events of a large group or a room, and how many of their sessions follow it. */
final class Attachments {

    private Attachments() {}

    /** What a gateway says replaces what its slot has said before; what an earlier epoch says is too late. */
    static AttachmentsRecord after(AttachmentsRecord before, AttachGateway attach) {
        boolean late = before.getAttachmentsList().stream()
                .anyMatch(known -> known.getGatewaySlot() == attach.getGatewaySlot()
                        && known.getGatewayEpoch() > attach.getGatewayEpoch());
        if (late) {
            return before;
        }
        Stream<Attachment> others =
                before.getAttachmentsList().stream().filter(known -> known.getGatewaySlot() != attach.getGatewaySlot());
        Stream<Attachment> own = attach.getSessions() <= 0
                ? Stream.of()
                : Stream.of(Attachment.newBuilder()
                        .setGatewaySlot(attach.getGatewaySlot())
                        .setGatewayEpoch(attach.getGatewayEpoch())
                        .setSessions(attach.getSessions())
                        .build());
        return AttachmentsRecord.newBuilder()
                .addAllAttachments(Stream.concat(others, own)
                        .sorted(Comparator.comparingInt(Attachment::getGatewaySlot))
                        .toList())
                .build();
    }

    /** Without what this epoch of a gateway or an earlier one has said. */
    static AttachmentsRecord without(AttachmentsRecord before, int slot, long epoch) {
        return AttachmentsRecord.newBuilder()
                .addAllAttachments(before.getAttachmentsList().stream()
                        .filter(known -> known.getGatewaySlot() != slot || known.getGatewayEpoch() > epoch)
                        .toList())
                .build();
    }

    /** By gateway slot. */
    static SortedMap<Integer, Long> epochs(AttachmentsRecord attachments) {
        TreeMap<Integer, Long> epochs = new TreeMap<>();
        attachments
                .getAttachmentsList()
                .forEach(attachment -> epochs.put(attachment.getGatewaySlot(), attachment.getGatewayEpoch()));
        return epochs;
    }

    /** Ascending. */
    static List<Integer> slots(AttachmentsRecord attachments) {
        return attachments.getAttachmentsList().stream()
                .map(Attachment::getGatewaySlot)
                .toList();
    }

    static int online(AttachmentsRecord attachments) {
        return attachments.getAttachmentsList().stream()
                .mapToInt(Attachment::getSessions)
                .sum();
    }
}
