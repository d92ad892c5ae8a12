package dev.sluice.traffic.routing;

import dev.sluice.settings.Distribution.Share;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Weighted choice between the shares that can serve a call; the others' traffic is spread over these by weight. */
final class Shares {
    private Shares() {}

    /**
     * Picks one.
     *
     * @param usable whether the share at an index can serve the call; same length as the shares
     * @param stickTo callers with the same text get the same share as long as it is usable; null = each call by itself
     * @return index, -1 if none is usable or all weights are zero
     */
    static int pick(List<Share> shares, boolean[] usable, @Nullable String stickTo, RandomGenerator random) {
        return stickTo == null ? pickRandom(shares, usable, random) : pickSticky(shares, usable, stickTo);
    }

    private static int pickRandom(List<Share> shares, boolean[] usable, RandomGenerator random) {
        long total = total(shares, usable);
        if (total == 0) return -1;
        long point = random.nextLong(total);
        for (int i = 0; i < shares.size(); i++) {
            if (!usable[i]) continue;
            point -= shares.get(i).weight();
            if (point < 0) return i;
        }
        return -1;
    }

    /**
     * Weighted rendezvous hashing: each share draws a number from caller and share alone, and the best draw for its weight
     * wins. When a share goes or its weight changes, only callers that must move do.
     */
    private static int pickSticky(List<Share> shares, boolean[] usable, String stickTo) {
        int best = -1;
        double bestScore = 0;
        for (int i = 0; i < shares.size(); i++) {
            Share share = shares.get(i);
            if (!usable[i] || share.weight() == 0) continue;
            double draw = ((hash(stickTo, share) >>> 11) + 0.5) * 0x1.0p-53;
            double score = share.weight() / -Math.log(draw);
            if (best < 0 || score > bestScore) {
                best = i;
                bestScore = score;
            }
        }
        return best;
    }

    private static long hash(String caller, Share share) {
        long ofShare = mixed(share.service().hashCode());
        if (share.model() != null) ofShare = mixed(ofShare ^ share.model().hashCode());
        return mixed(mixed(caller.hashCode()) + ofShare);
    }

    /** The finisher of SplitMix64: every bit of the input moves half of the output's. */
    private static long mixed(long bits) {
        long z = bits + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    static long total(List<Share> shares, boolean[] usable) {
        long total = 0;
        for (int i = 0; i < shares.size(); i++) {
            if (usable[i]) total += shares.get(i).weight();
        }
        return total;
    }
}
