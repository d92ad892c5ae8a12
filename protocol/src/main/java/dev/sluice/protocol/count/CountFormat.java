package dev.sluice.protocol.count;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.TokenCount;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.whole.WholeAnswer;
import dev.sluice.protocol.whole.WholeFormat;
import dev.sluice.protocol.whole.WholeRead;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A form in which the tokens of a conversation are counted. */
public interface CountFormat extends WholeFormat<CountRequest, CountFormat.Counted> {
    /** How many tokens a request has. To count costs nothing. */
    record Counted(long inputTokens) implements WholeAnswer<CountRequest> {
        @Override
        public @Nullable String flaw(CountRequest request) {
            return null;
        }

        @Override
        public @Nullable Usage usage() {
            return null;
        }
    }

    /** The answer for a client. */
    byte[] written(long tokens);

    @Override
    default byte[] writeAnswer(Counted answer, CountRequest request, View view) {
        return written(answer.inputTokens());
    }

    /** An answer that is a number under a name. */
    static WholeRead<Counted> read(String name, byte[] body, int from, int to) {
        Json json = Json.parse(body, from, to);
        if (json == null) return new WholeRead.Malformed<>("the answer is not valid JSON");
        if (!json.get(name).isNumber()) return WholeRead.none(body, from, to, "the answer has no " + name);
        return new WholeRead.Read<>(new Counted(TokenCount.of(json.get(name))));
    }

    /** The members of a request that a counter knows; it refuses what is for the answer only. */
    static Json only(Set<String> names, Json request) {
        Json.Builder kept = Json.object();
        request.fields().forEach((name, value) -> {
            if (names.contains(name)) kept.put(name, value);
        });
        return kept.build();
    }
}
