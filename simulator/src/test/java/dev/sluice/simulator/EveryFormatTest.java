package dev.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.RawClient.Answer;
import dev.sluice.simulator.RawClient.End;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Faults do in every format of events what they do in one. */
class EveryFormatTest {
    private static Simulator simulator;

    /** A format, and how "one two three" is said in it. */
    enum Format {
        CHAT("/v1/chat/completions", "{\"model\":\"m\",\"messages\":MESSAGES}"),
        RESPONSES("/v1/responses", "{\"model\":\"m\",\"input\":\"one two three\"}"),
        ANTHROPIC(
                "/v1/messages",
                "{\"model\":\"m\",\"max_tokens\":100,\"messages\":MESSAGES}",
                "anthropic-version: 2023-06-01"),
        DASHSCOPE(
                "/api/v1/services/aigc/text-generation/generation",
                "{\"model\":\"m\",\"input\":{\"messages\":MESSAGES},\"parameters\":{\"incremental_output\":true}}"),
        BAILIAN(
                "/api/v1/apps/m/completion",
                "{\"input\":{\"prompt\":\"one two three\"},\"parameters\":{\"incremental_output\":true}}"),
        COHERE("/v2/chat", "{\"model\":\"m\",\"messages\":MESSAGES}"),
        HUNYUAN(
                "/",
                "{\"Model\":\"m\",\"Messages\":[{\"Role\":\"user\",\"Content\":\"one two three\"}]}",
                "X-TC-Action: ChatCompletions",
                "X-TC-Version: 2023-09-01"),
        DIFY("/v1/chat-messages", "{\"query\":\"one two three\",\"inputs\":{},\"user\":\"u\"}"),
        DIFY_AGENT(
                "/v1/chat-messages",
                "{\"query\":\"one two three\",\"inputs\":{},\"user\":\"u\"}",
                "Authorization: Bearer app-agent"),
        DIFY_WORKFLOW("/v1/workflows/run", "{\"inputs\":{\"query\":\"one two three\"},\"user\":\"u\"}"),
        COZE("/v3/chat", "{\"bot_id\":\"m\",\"user_id\":\"u\",\"additional_messages\":MESSAGES}");

        private final String path;
        private final String body;
        private final String[] headers;

        Format(String path, String body, String... headers) {
            this.path = path;
            this.body = body.replace("MESSAGES", "[{\"role\":\"user\",\"content\":\"one two three\"}]");
            this.headers = headers;
        }

        Answer streamed(String fault) throws Exception {
            JsonObject asked = new JsonObject(body);
            String[] all = Arrays.copyOf(headers, headers.length + 2);
            all[headers.length] = "x-simulate: " + fault;
            all[headers.length + 1] = "X-DashScope-SSE: enable";
            switch (this) {
                case CHAT ->
                    asked.put("stream", true).put("stream_options", new JsonObject().put("include_usage", true));
                case RESPONSES, ANTHROPIC, COHERE, COZE -> asked.put("stream", true);
                case HUNYUAN -> asked.put("Stream", true);
                case DIFY, DIFY_AGENT, DIFY_WORKFLOW -> asked.put("response_mode", "streaming");
                case DASHSCOPE, BAILIAN -> {}
            }
            return RawClient.call(simulator, path, asked.encode(), all);
        }

        /** Events, with those that have no data. */
        static List<String> events(String stream) {
            return List.of(stream.split("(?<=\n\n)"));
        }
    }

    @BeforeAll
    static void start() {
        simulator = Simulator.start();
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    @BeforeEach
    void forget() {
        simulator.journal().clear();
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void aPlainStreamCarriesEachTokenAndTellsWhatItCosts(Format format) throws Exception {
        Answer answer = format.streamed("plain");
        assertThat(answer.end()).isEqualTo(End.COMPLETE);
        assertThat(answer.text()).contains("Echo:", " one", " two", " three");
        ReceivedCall call = simulator.journal().last();
        assertThat(call.billed()).isEqualTo(Usage.of(3, 4));
        assertThat(call.reported()).isEqualTo(Usage.of(3, 4));
        assertThat(call.tokensSent()).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void aCutLeavesTheBeginning(Format format) throws Exception {
        String plain = format.streamed("plain").text();
        List<String> events = Format.events(plain);
        Answer cut = format.streamed("cut=2.5");
        assertThat(cut.end()).isEqualTo(End.CLOSED);
        assertThat(plain).startsWith(cut.text());
        assertThat(cut.text().length())
                .isEqualTo(events.get(0).length()
                        + events.get(1).length()
                        + events.get(2).length() / 2);
        assertThat(format.streamed("cut=2;end=clean").end()).isEqualTo(End.COMPLETE);
        assertThat(format.streamed("cut=2;end=reset").end()).isEqualTo(End.RESET);
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void anErrorComesAfterSoManyEvents(Format format) throws Exception {
        List<String> events = Format.events(format.streamed("plain").text());
        List<String> failed =
                Format.events(format.streamed("error=2;message=Oops").text());
        assertThat(failed).hasSize(3);
        assertThat(failed.subList(0, 2)).isEqualTo(events.subList(0, 2));
        assertThat(failed.getLast()).contains("Oops");
        assertThat(simulator.journal().last().outcome()).isEqualTo(Outcome.REFUSED);
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void aRefusalHasAStatusAndAMessage(Format format) throws Exception {
        Answer refused = format.streamed("status=503;retry-after=3;message=Down");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.headers())
                .containsEntry("retry-after", "3")
                .containsEntry("content-type", "application/json");
        assertThat(new JsonObject(refused.text()).encode()).contains("Down");
        assertThat(simulator.journal().last().billed()).isEqualTo(Usage.ZERO);
        Answer inside = format.streamed("status=200;message=Down");
        assertThat(inside.status()).isEqualTo(200);
        assertThat(new JsonObject(inside.text()).encode()).contains("Down");
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void whatIsLeftOutIsMissing(Format format) throws Exception {
        String plain = format.streamed("plain").text();
        Answer endless = format.streamed("no-done");
        assertThat(plain).startsWith(endless.text());
        assertThat(endless.text()).contains("three").hasSizeLessThan(plain.length());
        assertThat(endless.end()).isEqualTo(End.COMPLETE);
        assertThat(format.streamed("empty").text()).isEmpty();
        assertThat(plain).endsWith(format.streamed("empty=done").text());
        assertThat(format.streamed("empty=done").text()).isNotEmpty().doesNotContain(" one\"");
        format.streamed("usage=none");
        assertThat(simulator.journal().last().reported()).isNull();
        assertThat(simulator.journal().last().billed()).isEqualTo(Usage.of(3, 4));
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void bytesAreChangedOnTheirWay(Format format) throws Exception {
        String plain = format.streamed("plain").text();
        assertThat(format.streamed("malformed=2").text()).hasSize(plain.length() - 1);
        assertThat(bitsThatDiffer(
                        format.streamed("plain").body(),
                        format.streamed("corrupt").body()))
                .isEqualTo(1);
        assertThat(format.streamed("bom").text()).isEqualTo("\uFEFF" + plain);
        assertThat(format.streamed("whitespace=3").text()).isEqualTo("\n\n\n" + plain);
        assertThat(format.streamed("comments=2").text()).isEqualTo(": keep-alive\n\n".repeat(2) + plain);
        assertThat(format.streamed("line-end=crlf").text()).isEqualTo(plain.replace("\n", "\r\n"));
        Answer dripped = format.streamed("drip=7;drip-delay=0");
        assertThat(dripped.text()).isEqualTo(plain);
        assertThat(dripped.chunks()).allMatch(chunk -> chunk.length <= 7);
    }

    private static int bitsThatDiffer(byte[] one, byte[] other) {
        assertThat(other).hasSameSizeAs(one);
        int bits = 0;
        for (int at = 0; at < one.length; at++) {
            bits += Integer.bitCount((one[at] ^ other[at]) & 0xff);
        }
        return bits;
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void theContentIsAsWished(Format format) throws Exception {
        assertThat(format.streamed("text=Good morning").text())
                .contains("Good", " morning")
                .doesNotContain("Echo");
        format.streamed("tokens=20");
        assertThat(simulator.journal().last().tokensSent()).isEqualTo(20);
        assertThat(simulator.journal().last().billed()).isEqualTo(Usage.of(3, 20));
        assertThat(format.streamed("huge=1000").text()).contains("x".repeat(1000));
        format.streamed("reasoning=5");
        assertThat(simulator.journal().last().billed().outputTokens()).isEqualTo(9);
    }
}
