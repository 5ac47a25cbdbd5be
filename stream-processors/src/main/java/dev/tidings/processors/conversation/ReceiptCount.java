package dev.tidings.processors.conversation;

import dev.tidings.state.v1.MemberRecord;
import dev.tidings.v1.DescribeReceipts;
import dev.tidings.v1.MessageReceipts;

/** Counts the members who have received and read one message. Members are counted ascending by user id. */
final class ReceiptCount {

    /** Users in one page. With ids of 64 characters, both lists of a page have at most 66,000 bytes. */
    static final int USERS_PER_PAGE = 500;

    private final String sender;
    private final DescribeReceipts wanted;
    private final MessageReceipts.Builder counted = MessageReceipts.newBuilder();
    private boolean moreUsers;

    ReceiptCount(long seq, String sender, DescribeReceipts wanted) {
        this.sender = sender;
        this.wanted = wanted;
        counted.setSeq(seq);
    }

    /** @param deliveredSeq the user's delivered position, at least their read position */
    void count(String userId, MemberRecord member, long deliveredSeq) {
        if (userId.equals(sender) || member.getJoinedSeq() > counted.getSeq()) {
            return;
        }
        boolean read = member.getReadSeq() >= counted.getSeq();
        boolean delivered = deliveredSeq >= counted.getSeq();
        counted.setMembers(counted.getMembers() + 1)
                .setDelivered(counted.getDelivered() + (delivered ? 1 : 0))
                .setRead(counted.getRead() + (read ? 1 : 0));
        if (delivered && wanted.getWithUsers() && userId.compareTo(wanted.getAfterUserId()) > 0) {
            addToPage(userId, read);
        }
    }

    MessageReceipts counted() {
        return counted.build();
    }

    /** Whether more users follow after the last one of the page. */
    boolean moreUsers() {
        return moreUsers;
    }

    private void addToPage(String userId, boolean read) {
        if (counted.getDeliveredToCount() == USERS_PER_PAGE) {
            moreUsers = true;
            return;
        }
        counted.addDeliveredTo(userId);
        if (read) {
            counted.addReadBy(userId);
        }
    }
}
