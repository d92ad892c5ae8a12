package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.WireFormat;
import dev.sluice.protocol.json.JacksonOracle;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorFormTest {
    private static final ClientError PLAIN = new ClientError(
            404, "invalid_request_error", "model_not_found", "model \"x\" is\nnot offered", "model", List.of());
    private static final ClientError TRIED = new ClientError(
            502,
            "server_error",
            "upstream_failed",
            "all failed",
            null,
            List.of(
                    new ClientError.Attempt("a", "m\"1", 429, "rate-limited"),
                    new ClientError.Attempt("b", "m", 0, "network")));

    @Test
    void writesTheBodyOfAnError() {
        for (WireFormat format :
                List.of(OpenAi.chatCompletions(), OpenAi.completions(), OpenAi.responses(), OpenAi.embeddings())) {
            assertThat(new String(format.errorBody(PLAIN), UTF_8))
                    .isEqualTo(
                            "{\"error\":{\"message\":\"model \\\"x\\\" is\\nnot offered\",\"type\":\"invalid_request_error\","
                                    + "\"param\":\"model\",\"code\":\"model_not_found\"}}");
            assertThat(new String(format.errorBody(TRIED), UTF_8))
                    .isEqualTo("{\"error\":{\"message\":\"all failed\",\"type\":\"server_error\",\"param\":null,"
                            + "\"code\":\"upstream_failed\",\"attempts\":["
                            + "{\"service\":\"a\",\"model\":\"m\\\"1\",\"status\":429,\"failure\":\"rate-limited\"},"
                            + "{\"service\":\"b\",\"model\":\"m\",\"status\":0,\"failure\":\"network\"}]}}");
            assertThat(JacksonOracle.accepts(format.errorBody(TRIED))).isTrue();
        }
    }

    @Test
    void writesAnErrorAsOneEventOfItsStream() {
        for (WireFormat format : List.of(OpenAi.chatCompletions(), OpenAi.completions())) {
            assertThat(new String(format.errorEvent(PLAIN), UTF_8))
                    .isEqualTo("data: " + new String(format.errorBody(PLAIN), UTF_8) + "\n\n");
        }
        assertThat(new String(OpenAi.responses().errorEvent(PLAIN), UTF_8))
                .isEqualTo(
                        "event: error\ndata: {\"type\":\"error\",\"code\":\"model_not_found\","
                                + "\"message\":\"model \\\"x\\\" is\\nnot offered\",\"param\":\"model\",\"sequence_number\":0}\n\n");
    }

    @Test
    void writesWhatItReads() {
        assertThat(OpenAi.readError(OpenAi.chatCompletions().errorBody(TRIED)))
                .isEqualTo(new UpstreamError("all failed", "upstream_failed", "server_error", null));
    }

    @Test
    void writesTheModelList() {
        assertThat(new String(OpenAi.modelList(List.of("gpt-4o", "a\"b/c")), UTF_8))
                .isEqualTo("{\"object\":\"list\",\"data\":["
                        + "{\"id\":\"gpt-4o\",\"object\":\"model\",\"created\":0,\"owned_by\":\"sluice\"},"
                        + "{\"id\":\"a\\\"b/c\",\"object\":\"model\",\"created\":0,\"owned_by\":\"sluice\"}]}");
        assertThat(new String(OpenAi.modelList(List.of()), UTF_8)).isEqualTo("{\"object\":\"list\",\"data\":[]}");
    }
}
