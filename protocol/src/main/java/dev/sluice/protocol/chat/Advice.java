package dev.sluice.protocol.chat;

import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a request only advises: a vendor that has no place for it is called without it.
 *
 * @param name as OpenAI chat has it, whatever the client speaks
 * @param given whether a request has it
 * @param spellings the names that formats have for it, without underscores and capitals, in which vendors differ
 */
public record Advice(String name, Predicate<ChatRequest> given, Set<String> spellings) {
    private static final String USER = "user";
    private static final String METADATA = "metadata";

    private static final List<Advice> ALL = List.of(
            of("temperature", request -> request.sampling().temperature() != null, "temperature"),
            of("top_p", request -> request.sampling().topP() != null, "topp", "p"),
            of("top_k", request -> request.sampling().topK() != null, "topk", "k"),
            of("seed", request -> request.sampling().seed() != null, "seed", "randomseed"),
            of("presence_penalty", request -> request.sampling().presencePenalty() != null, "presencepenalty"),
            of("frequency_penalty", request -> request.sampling().frequencyPenalty() != null, "frequencypenalty"),
            of("stop", request -> !request.stopSequences().isEmpty(), "stop", "stopsequences"),
            of(
                    "reasoning_effort",
                    Advice::asksToThink,
                    "reasoningeffort",
                    "reasoning",
                    "thinking",
                    "enablethinking",
                    "thinkingconfig",
                    "reasoningconfig",
                    "outputconfig"),
            // Of tools that may be called none is left out.
            of("tools", request -> !request.tools().isEmpty() && !request.mayCall(), "tools", "toolconfig"),
            of(
                    "parallel_tool_calls",
                    request -> Boolean.FALSE.equals(request.parallelToolCalls())
                            && !request.tools().isEmpty(),
                    "paralleltoolcalls",
                    "disableparalleltooluse"),
            of(USER, request -> request.user() != null, "user"),
            of(METADATA, request -> !request.metadata().isEmpty()),
            extension("logit_bias"),
            extension("min_p"),
            extension("prediction"),
            extension("prompt_cache_key"),
            extension("repetition_penalty"),
            extension("service_tier"),
            extension("store"),
            extension("verbosity"));

    /** Objects of the formats that hold such members; those of the client's own making are not looked into. */
    private static final Set<String> HOLDERS = Set.of(
            "generationconfig",
            "parameters",
            "inferenceconfig",
            "additionalmodelrequestfields",
            "toolchoice",
            "text",
            "metadata",
            "requestmetadata",
            "labels");

    private static final Set<String> LABELS = Set.of("metadata", "requestmetadata", "labels");

    public Advice {
        spellings = Set.copyOf(spellings);
    }

    private static Advice of(String name, Predicate<ChatRequest> given, String... spellings) {
        return new Advice(name, given, Set.of(spellings));
    }

    /** A member that the conversation does not model. */
    private static Advice extension(String name) {
        return of(name, request -> request.extensions().containsKey(name), plain(name));
    }

    private static boolean asksToThink(ChatRequest request) {
        ChatRequest.Reasoning wish = request.reasoning();
        return wish != null && wish.shown() == null && wish.effort() != ChatRequest.Effort.NONE;
    }

    private static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }

    /**
     * The advice of a request that the body which was written for it does not have.
     *
     * @return names that are fixed here, in a fixed order
     */
    public static List<String> unsaid(ChatRequest request, byte[] written) {
        List<String> unsaid = List.of();
        Said said = null;
        for (Advice advice : ALL) {
            if (!advice.given.test(request)) continue;
            if (said == null) said = Said.in(written);
            if (said.has(advice, request)) continue;
            if (unsaid.isEmpty()) unsaid = new ArrayList<>();
            unsaid.add(advice.name());
        }
        return unsaid;
    }

    /** The names of a body. */
    private record Said(Set<String> names, Set<String> labels) {
        static Said in(byte[] written) {
            Said said = new Said(new HashSet<>(), new HashSet<>());
            JsonScanner scanner = new JsonScanner().reset(written, 0, written.length);
            if (scanner.enter()) {
                while (scanner.nextMember()) {
                    String name = plain(scanner.name());
                    said.names.add(name);
                    if (HOLDERS.contains(name) && scanner.type() == JsonType.OBJECT) said.inside(scanner, name);
                }
            }
            return said;
        }

        private void inside(JsonScanner scanner, String holder) {
            if (!scanner.enter()) return;
            boolean labelled = LABELS.contains(holder);
            while (scanner.nextMember()) {
                if (labelled) labels.add(scanner.name());
                else names.add(plain(scanner.name()));
            }
        }

        boolean has(Advice advice, ChatRequest request) {
            if (advice.name.equals(METADATA))
                return request.metadata().keySet().stream().anyMatch(labels::contains);
            if (advice.name.equals(USER) && labels.contains("user_id")) return true;
            return advice.spellings.stream().anyMatch(names::contains);
        }
    }
}
