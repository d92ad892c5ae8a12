package dev.sluice.protocol.anthropic;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.TokenCount;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.whole.WholeAnswer;
import dev.sluice.protocol.whole.WholeFormat;
import dev.sluice.protocol.whole.WholeRead;
import org.jspecify.annotations.Nullable;

/** A form in which the tokens of a request of messages are counted. */
public sealed interface CountFormat extends WholeFormat<HostedRequest, CountFormat.Counted>
        permits CountTokensFormat, HostedCountFormat {
    /** How many tokens a request has. To count costs nothing. */
    record Counted(long inputTokens) implements WholeAnswer<HostedRequest> {
        @Override
        public @Nullable String flaw(HostedRequest request) {
            return null;
        }

        @Override
        public @Nullable Usage usage() {
            return null;
        }
    }

    @Override
    default HostedRequest readRequest(byte[] body, Asked asked) {
        return HostedRequest.read(body);
    }

    /** An answer that is a number under a name. */
    static WholeRead<Counted> read(String name, byte[] body, int from, int to) {
        Json json = Json.parse(body, from, to);
        if (json == null) return new WholeRead.Malformed<>("the answer is not valid JSON");
        if (!json.get(name).isNumber()) return WholeRead.none(body, from, to, "the answer has no " + name);
        return new WholeRead.Read<>(new Counted(TokenCount.of(json.get(name))));
    }
}
