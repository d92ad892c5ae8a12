package dev.sluice.simulator.voice;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the content of an answer, apart from the request itself.
 *
 * @param text the text to say; null for an echo of the prompt
 * @param tokens how many tokens the text shall have; -1 for as many as it takes
 * @param toolCalls how many tools to call; -1 for the usual number, 0 to answer with text although tools are offered
 * @param cachedTokens part of the input reported as read from the provider's cache
 * @param cacheWrittenTokens part of the input reported as written to the provider's cache
 * @param reasoningTokens tokens of reasoning reported besides the visible output
 * @param hugeBytes size of a first piece of text put before the rest; 0 for none
 * @param report when usage is told
 * @param finish the reason to give for the end of the answer; null for the true one
 * @param quirks habits of certain vendors that the answer shall have
 */
public record Wishes(
        @Nullable String text,
        int tokens,
        int toolCalls,
        long cachedTokens,
        long cacheWrittenTokens,
        long reasoningTokens,
        int hugeBytes,
        UsageReport report,
        @Nullable Finish finish,
        Set<Quirk> quirks) {
    public static final Wishes NONE = new Wishes(null, -1, -1, 0, 0, 0, 0, UsageReport.AS_ASKED, null, Set.of());

    public Wishes {
        quirks = Set.copyOf(quirks);
    }

    public boolean has(Quirk quirk) {
        return quirks.contains(quirk);
    }

    /** Whether a whole answer tells its usage. */
    public boolean tellsUsage() {
        return report != UsageReport.NEVER;
    }

    public Wishes withReasoning(long reasoning) {
        return new Wishes(
                text,
                tokens,
                toolCalls,
                cachedTokens,
                cacheWrittenTokens,
                reasoning,
                hugeBytes,
                report,
                finish,
                quirks);
    }
}
