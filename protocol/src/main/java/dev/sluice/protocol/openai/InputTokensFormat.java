package dev.sluice.protocol.openai;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.count.CountFormat;
import dev.sluice.protocol.count.CountRequest;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.whole.WholeRead;
import java.util.Set;

/**
 * {@code POST /v1/responses/input_tokens}: how many tokens a request of responses has, with its tools, pictures and files.
 *
 * @see <a href="https://developers.openai.com/api/reference/resources/responses/subresources/input_tokens/methods/count">OpenAI</a>
 */
final class InputTokensFormat implements CountFormat {
    private static final Set<String> COUNTED = Set.of(
            "model",
            "input",
            "instructions",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "reasoning",
            "text",
            "truncation");

    @Override
    public Peek peek(byte[] body, Asked asked) {
        return OpenAi.responses().peek(body, asked);
    }

    @Override
    public CountRequest readRequest(byte[] body, Asked asked) {
        return new CountRequest(OpenAi.responses(), body, asked);
    }

    @Override
    public byte[] writeRequest(CountRequest request, String model, Dialect dialect) {
        return CountFormat.only(COUNTED, request.in(OpenAi.responses(), model, dialect))
                .toBytes();
    }

    @Override
    public WholeRead<Counted> readAnswer(byte[] body, int from, int to) {
        return CountFormat.read("input_tokens", body, from, to);
    }

    @Override
    public byte[] written(long tokens) {
        return Json.object()
                .put("object", "response.input_tokens")
                .put("input_tokens", tokens)
                .build()
                .toBytes();
    }

    @Override
    public byte[] errorBody(ClientError error) {
        return ErrorForm.body(error);
    }

    @Override
    public byte[] errorEvent(ClientError error) {
        return ErrorForm.responseEvent(error);
    }
}
