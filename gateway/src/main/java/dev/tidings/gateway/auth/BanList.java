package dev.tidings.gateway.auth;

import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.id.AddressBlock;
import dev.tidings.schemas.id.BanSubject;
import dev.tidings.v1.Ban;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The users, devices and addresses that must not connect, from topic {@code bans}. CONVERSATION allows at most 100,000 bans at
 * a time; in addition there is an entry for each user whom the directory disables. Thread-safe, with one writer.
 */
public final class BanList {

    private final LongSupplier logMillis;
    private final Map<String, Ban> bySubject = new ConcurrentHashMap<>();

    /** The prefix lengths of all blocks that were ever banned; a lookup for each finds the blocks that contain an address. */
    private final Set<Integer> ipv4Lengths = new ConcurrentSkipListSet<>();

    private final Set<Integer> ipv6Lengths = new ConcurrentSkipListSet<>();

    /** @param logMillis the time of the log, by which bans end */
    public BanList(LongSupplier logMillis) {
        this.logMillis = logMillis;
    }

    /** Replaces an earlier ban of the same subject; a ban that is over lifts it. */
    public void accept(Ban ban) {
        String subject = BanSubject.of(ban);
        if (isOver(ban)) {
            bySubject.remove(subject);
            return;
        }
        AddressBlock block = ban.getAddress().isEmpty() ? null : AddressBlock.parse(ban.getAddress());
        if (block != null) {
            lengths(block.network()).add(block.prefixLength());
        }
        bySubject.put(subject, ban);
    }

    /**
     * Returns why the user may not connect, or null if they may.
     *
     * @param address of the client; null: not known
     */
    public @Nullable Exclusion exclusionOf(String userId, String deviceId, @Nullable InetAddress address) {
        if (isBanned(BanSubject.ofUser(userId))
                || isBanned(BanSubject.ofDevice(deviceId))
                || (address != null && isBanned(address))) {
            return Exclusion.BANNED;
        }
        return isBanned(BanSubject.ofDisabledUser(userId)) ? Exclusion.USER_DISABLED : null;
    }

    /** Returns the next bans that apply, ascending by subject, with those of users whom the directory disables. */
    public List<Ban> page(String afterSubject, int limit) {
        return bySubject.entrySet().stream()
                .filter(entry -> entry.getKey().compareTo(afterSubject) > 0 && !isOver(entry.getValue()))
                .sorted(Map.Entry.comparingByKey())
                .limit(limit)
                .map(Map.Entry::getValue)
                .toList();
    }

    private boolean isBanned(InetAddress address) {
        return lengths(address).stream()
                .anyMatch(length -> isBanned(BanSubject.ofAddress(AddressBlock.around(address, length))));
    }

    private boolean isBanned(String subject) {
        Ban ban = bySubject.get(subject);
        return ban != null && !isOver(ban);
    }

    private boolean isOver(Ban ban) {
        return ban.hasUntil() && Timestamps.toMillis(ban.getUntil()) <= logMillis.getAsLong();
    }

    private Set<Integer> lengths(InetAddress address) {
        return address.getAddress().length == 4 ? ipv4Lengths : ipv6Lengths;
    }
}
