package dev.tidings.gateway;

import dev.tidings.gateway.auth.BanList;
import dev.tidings.gateway.auth.RevocationList;
import dev.tidings.gateway.log.CompactedTopicReader;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Ban;
import dev.tidings.v1.TokenRevocation;
import java.util.ArrayList;
import java.util.List;

/** Keeps the bans and the revoked tokens of a gateway as their topics have them. */
final class ExclusionFeeds implements AutoCloseable {

    private final CompactedTopicReader<Ban> bans;
    private final CompactedTopicReader<TokenRevocation> revocations;

    private ExclusionFeeds(CompactedTopicReader<Ban> bans, CompactedTopicReader<TokenRevocation> revocations) {
        this.bans = bans;
        this.revocations = revocations;
    }

    /**
     * Reads both topics to their ends, and then follows them.
     *
     * @param changed called after each change
     */
    static ExclusionFeeds open(GatewayConfig config, BanList bans, RevocationList revocations, Runnable changed) {
        return new ExclusionFeeds(
                CompactedTopicReader.open(
                        config.bootstrapServers(),
                        config.clientProperties(),
                        Topics.BANS,
                        (ban, logMillis) -> bans.accept(ban),
                        changed),
                CompactedTopicReader.open(
                        config.bootstrapServers(),
                        config.clientProperties(),
                        Topics.TOKEN_REVOCATIONS,
                        revocations::accept,
                        changed));
    }

    /** Returns the feeds that have stopped, for {@code /readyz}. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (!bans.isRunning()) {
            missing.add("the ban feed has stopped");
        }
        if (!revocations.isRunning()) {
            missing.add("the feed of token revocations has stopped");
        }
        return missing;
    }

    @Override
    public void close() {
        bans.close();
        revocations.close();
    }
}
