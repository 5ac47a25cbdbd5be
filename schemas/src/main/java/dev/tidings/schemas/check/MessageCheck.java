package dev.tidings.schemas.check;

import static dev.tidings.schemas.check.Refusals.checkCount;
import static dev.tidings.schemas.check.Refusals.checkId;
import static dev.tidings.schemas.check.Refusals.checkSeq;
import static dev.tidings.schemas.check.Refusals.checkUser;
import static dev.tidings.schemas.check.Refusals.checkUsers;
import static dev.tidings.schemas.check.Refusals.first;
import static dev.tidings.schemas.check.Refusals.invalid;

import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.id.ExternalId;
import dev.tidings.v1.DeleteForMe;
import dev.tidings.v1.DescribeReceipts;
import dev.tidings.v1.EditMessage;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.React;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.SendMessage;
import org.jspecify.annotations.Nullable;

/** Checks commands about messages: sending, editing, reacting, deleting, receipts. */
final class MessageCheck {

    static final int MAX_MENTIONS = 50;
    static final int MAX_REACTION_BYTES = 64;
    static final int MAX_DELETIONS = 100;
    static final int MAX_RECEIPTS = 100;

    private MessageCheck() {}

    /** @param contentErased an erasure has removed the content */
    static @Nullable Refusal check(SendMessage send, boolean contentErased) {
        if (!ExternalId.isValid(send.getClientMsgId())) {
            return Refusals.of(
                    Refusal.Reason.INVALID_CLIENT_MSG_ID,
                    "clientMsgId is " + Refusals.quoted(send.getClientMsgId()) + "; 1 to " + ExternalId.MAX_BYTES
                            + " bytes without control characters are allowed");
        }
        return first(
                send.hasReplyTo() ? checkSeq(send.getReplyTo().getSeq()) : null,
                send.hasExpiresAt() && !Timestamps.isValid(send.getExpiresAt())
                        ? invalid("expiresAt is out of range; 0001-01-01 to 9999-12-31 is allowed")
                        : null,
                check(send.getMentions()),
                contentErased ? null : ContentCheck.check(send.getContent()));
    }

    /** @param contentErased an erasure has removed the content */
    static @Nullable Refusal check(EditMessage edit, boolean contentErased) {
        return first(
                checkSeq(edit.getSeq()),
                contentErased ? null : ContentCheck.check(edit.getContent()),
                check(edit.getMentions()));
    }

    static @Nullable Refusal check(React react) {
        return first(checkSeq(react.getSeq()), checkId("reaction", react.getReaction(), MAX_REACTION_BYTES));
    }

    static @Nullable Refusal check(DeleteForMe delete) {
        if (delete.getSeqsCount() == 0 && delete.getUpToSeq() == 0) {
            return invalid("seqs is empty and upToSeq is 0; one of them must name events");
        }
        return first(
                checkCount("seqs", delete.getSeqsCount(), 0, MAX_DELETIONS),
                checkSeqs(delete.getSeqsList()),
                delete.getUpToSeq() < 0 ? checkSeq(delete.getUpToSeq()) : null);
    }

    static @Nullable Refusal check(DescribeReceipts describe) {
        if (describe.getWithUsers()
                && describe.getSeqsList().stream().distinct().count() > 1) {
            return invalid("withUsers is for one message; seqs has " + describe.getSeqsCount() + " entries");
        }
        return first(
                checkCount("seqs", describe.getSeqsCount(), 1, MAX_RECEIPTS),
                checkSeqs(describe.getSeqsList()),
                describe.getAfterUserId().isEmpty() ? null : checkUser(describe.getAfterUserId()));
    }

    private static @Nullable Refusal check(Mentions mentions) {
        return first(
                checkCount("mentions", mentions.getUserIdsCount(), 0, MAX_MENTIONS),
                checkUsers(mentions.getUserIdsList()));
    }

    private static @Nullable Refusal checkSeqs(Iterable<Long> seqs) {
        for (long seq : seqs) {
            Refusal refusal = checkSeq(seq);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }
}
