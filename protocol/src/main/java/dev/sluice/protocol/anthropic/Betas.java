package dev.sluice.protocol.anthropic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The betas that another vendor of Claude knows, by the name that Anthropic gives them. A vendor refuses a request that names any other, and
 * clients name all that Anthropic has, among them those of its own doors: {@code oauth-…}, {@code claude-code-…}.
 *
 * <p>Sources, read in November 2026: AWS, "Anthropic Claude Messages API" (request and response, tool use, compaction); the public lists of
 * LiteLLM for Bedrock and Vertex AI; reports of what Bedrock ("invalid beta flag") and Vertex AI ("Unexpected value(s) for the anthropic-beta
 * header") refuse, e.g. anthropics/claude-code 21625, 49370 and 56595. The search among tools has a name of its own at both.
 */
final class Betas {
    static final String CONTEXT_MANAGEMENT = "context-management-2025-06-27";
    static final String COMPACTION = "compact-2026-01-12";

    private static final Map<String, String> SHARED = Map.of(
            "advanced-tool-use-2025-11-20", "tool-search-tool-2025-10-19",
            "tool-search-tool-2025-10-19", "tool-search-tool-2025-10-19");

    static final Betas ON_BEDROCK = new Betas(
            "computer-use-2024-10-22",
            "computer-use-2025-01-24",
            "computer-use-2025-11-24",
            "token-efficient-tools-2025-02-19",
            "interleaved-thinking-2025-05-14",
            "output-128k-2025-02-19",
            "dev-full-thinking-2025-05-14",
            "context-1m-2025-08-07",
            CONTEXT_MANAGEMENT,
            COMPACTION,
            "effort-2025-11-24",
            "tool-examples-2025-10-29",
            "fine-grained-tool-streaming-2025-05-14");

    static final Betas ON_VERTEX = new Betas(
            "computer-use-2024-10-22",
            "computer-use-2025-01-24",
            "computer-use-2025-11-24",
            "interleaved-thinking-2025-05-14",
            CONTEXT_MANAGEMENT,
            COMPACTION,
            "effort-2025-11-24",
            "web-search-2025-03-05");

    private final Map<String, String> names;

    private Betas(String... known) {
        Map<String, String> all = new HashMap<>(SHARED);
        for (String beta : known) all.put(beta, beta);
        names = Map.copyOf(all);
    }

    /**
     * What a client asks for and the vendor knows, each once.
     *
     * @param asked values of the header, each a list with commas
     */
    List<String> known(List<String> asked) {
        Set<String> known = new LinkedHashSet<>();
        for (String value : asked) {
            for (String beta : value.split(",", -1)) {
                String name = names.get(beta.strip());
                if (name != null) known.add(name);
            }
        }
        return new ArrayList<>(known);
    }
}
