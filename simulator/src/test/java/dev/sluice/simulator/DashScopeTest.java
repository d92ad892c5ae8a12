package dev.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.RawClient.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Generation, embeddings, rerank, tasks and applications as DashScope speaks them. */
class DashScopeTest {
    private static final String SERVICES = "/api/v1/services/";
    private static final String TEXT = SERVICES + "aigc/text-generation/generation";
    private static final String IMAGE = SERVICES + "aigc/text2image/image-synthesis";
    private static final String STREAM = "X-DashScope-SSE: enable";
    private static final String ASYNC = "X-DashScope-Async: enable";
    private static Simulator simulator;

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
        simulator.totals().reset();
    }

    private static JsonObject asked(String parameters) {
        JsonObject chat = Calls.chat("q", "hello world");
        return new JsonObject()
                .put("model", "qwen-plus")
                .put("input", new JsonObject().put("messages", chat.getJsonArray("messages")))
                .put("parameters", new JsonObject(parameters));
    }

    private static JsonObject answer(String path, JsonObject body, String... headers) throws Exception {
        Answer answer = RawClient.call(simulator, path, body.encode(), headers);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return new JsonObject(answer.text());
    }

    private static List<JsonObject> events(Answer answer) {
        List<JsonObject> events = new ArrayList<>();
        for (String block : answer.text().split("\n\n")) {
            String[] lines = block.split("\n");
            assertThat(lines).hasSize(4);
            assertThat(lines[0]).isEqualTo("id:" + (events.size() + 1));
            events.add(new JsonObject(lines[3].substring("data:".length())));
        }
        return events;
    }

    private static JsonObject choice(JsonObject answer) {
        return answer.getJsonObject("output").getJsonArray("choices").getJsonObject(0);
    }

    @Test
    void generatesTextsAndMessages() throws Exception {
        JsonObject text = answer(TEXT, asked("{}"));
        assertThat(text.getJsonObject("output").encode())
                .isEqualTo("{\"text\":\"Echo: hello world\",\"finish_reason\":\"stop\"}");
        assertThat(text.getJsonObject("usage").getInteger("total_tokens")).isEqualTo(5);
        JsonObject message = answer("/base" + TEXT, asked("{\"result_format\":\"message\"}"));
        assertThat(choice(message).getJsonObject("message").getString("content"))
                .isEqualTo("Echo: hello world");
        JsonObject parts = answer(SERVICES + "aigc/multimodal-generation/generation", asked("{}"));
        assertThat(choice(parts)
                        .getJsonObject("message")
                        .getJsonArray("content")
                        .encode())
                .isEqualTo("[{\"text\":\"Echo: hello world\"}]");
        assertThat(simulator.totals().of("qwen-plus").reported()).isEqualTo(Usage.of(6, 9));
    }

    @Test
    void streamsAllSoFarOrOnlyWhatIsNew() throws Exception {
        List<JsonObject> cumulative =
                events(RawClient.call(simulator, TEXT, asked("{}").encode(), STREAM));
        assertThat(cumulative.stream()
                        .map(event -> event.getJsonObject("output").getString("text")))
                .containsExactly("", "Echo:", "Echo: hello", "Echo: hello world", "Echo: hello world");
        List<JsonObject> incremental = events(RawClient.call(
                simulator,
                TEXT,
                asked("{\"incremental_output\":true,\"result_format\":\"message\"}")
                        .encode(),
                STREAM));
        assertThat(incremental.stream()
                        .map(event -> choice(event).getJsonObject("message").getString("content")))
                .containsExactly("", "Echo:", " hello", " world", "");
        assertThat(choice(incremental.getFirst()).getString("finish_reason")).isEqualTo("null");
        assertThat(choice(incremental.getLast()).getString("finish_reason")).isEqualTo("stop");
        assertThat(incremental.getLast().getJsonObject("usage").getInteger("output_tokens"))
                .isEqualTo(3);
    }

    @Test
    void callsToolsAndThinks() throws Exception {
        String tools =
                "{\"enable_thinking\":true,\"incremental_output\":true,\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}}}]}";
        JsonObject request = asked(tools);
        JsonObject answer = answer(TEXT, request);
        JsonObject message = choice(answer).getJsonObject("message");
        JsonObject call = message.getJsonArray("tool_calls").getJsonObject(0);
        assertThat(message.getString("reasoning_content")).isNotEmpty();
        assertThat(choice(answer).getString("finish_reason")).isEqualTo("tool_calls");
        StringBuilder arguments = new StringBuilder();
        for (JsonObject event : events(RawClient.call(simulator, TEXT, request.encode(), STREAM))) {
            JsonArray calls = choice(event).getJsonObject("message").getJsonArray("tool_calls", new JsonArray());
            if (!calls.isEmpty()) {
                arguments.append(
                        calls.getJsonObject(0).getJsonObject("function").getString("arguments"));
            }
        }
        assertThat(arguments.toString())
                .isEqualTo(call.getJsonObject("function").getString("arguments"));
        request.getJsonObject("input")
                .getJsonArray("messages")
                .add(message)
                .add(new JsonObject()
                        .put("role", "tool")
                        .put("tool_call_id", call.getString("id"))
                        .put("content", "sunny"));
        assertThat(choice(answer(TEXT, request)).getJsonObject("message").getString("content"))
                .isEqualTo("Tool said: sunny");
    }

    @Test
    void embedsAndRanks() throws Exception {
        JsonObject embedded = answer(
                SERVICES + "embeddings/text-embedding/text-embedding",
                new JsonObject(
                        "{\"model\":\"text-embedding-v4\",\"input\":{\"texts\":[\"a\",\"b c\"]},\"parameters\":{\"dimension\":8}}"));
        assertThat(embedded.getJsonObject("output").getJsonArray("embeddings")).hasSize(2);
        assertThat(embedded.getJsonObject("usage").getInteger("total_tokens")).isEqualTo(3);
        JsonObject ranked = answer(
                SERVICES + "rerank/text-rerank/text-rerank",
                new JsonObject(
                        "{\"model\":\"gte-rerank-v2\",\"input\":{\"query\":\"red apple\",\"documents\":[\"blue sea\",\"an apple that is red\"]},\"parameters\":{\"top_n\":1,\"return_documents\":true}}"));
        JsonArray results = ranked.getJsonObject("output").getJsonArray("results");
        assertThat(results).hasSize(1);
        assertThat(results.getJsonObject(0).getInteger("index")).isEqualTo(1);
        assertThat(results.getJsonObject(0).getJsonObject("document").getString("text"))
                .isEqualTo("an apple that is red");
        JsonObject flat = answer(
                "/compatible-api/v1/reranks",
                new JsonObject("{\"model\":\"qwen3-rerank\",\"query\":\"red\",\"documents\":[\"red\",\"sea\"]}"));
        assertThat(flat.getJsonArray("results")).hasSize(2);
    }

    private static JsonObject task(String id) throws Exception {
        return new JsonObject(RawClient.get(simulator, "/api/v1/tasks/" + id).text());
    }

    @Test
    void makesPicturesInTasksThatTakeThreePolls() throws Exception {
        JsonObject request =
                new JsonObject("{\"model\":\"wanx\",\"input\":{\"prompt\":\"a dot\"},\"parameters\":{\"n\":2}}");
        assertThat(RawClient.call(simulator, IMAGE, request.encode()).status()).isEqualTo(403);
        for (int round = 0; round < 2; round++) {
            JsonObject started = answer(IMAGE, request, ASYNC, "Host: " + "127.0.0.1:" + simulator.port());
            String id = started.getJsonObject("output").getString("task_id");
            List<String> statuses = new ArrayList<>();
            JsonObject last = started;
            for (int poll = 0; poll < 4; poll++) {
                last = task(id);
                statuses.add(last.getJsonObject("output").getString("task_status"));
            }
            assertThat(statuses).containsExactly("PENDING", "RUNNING", "SUCCEEDED", "SUCCEEDED");
            JsonArray results = last.getJsonObject("output").getJsonArray("results");
            assertThat(results).hasSize(2);
            String url = results.getJsonObject(0).getString("url");
            Answer picture = RawClient.get(simulator, url.substring(url.indexOf("/dashscope-product/")));
            assertThat(picture.headers()).containsEntry("content-type", "image/png");
            assertThat(picture.text()).contains("PNG");
        }
    }

    @Test
    void makesVideosFailsAndCancels() throws Exception {
        String path = SERVICES + "aigc/video-generation/video-synthesis";
        JsonObject request =
                new JsonObject("{\"model\":\"wan\",\"input\":{\"prompt\":\"a dot\"},\"parameters\":{\"duration\":4}}");
        String id = answer(path, request, ASYNC).getJsonObject("output").getString("task_id");
        task(id);
        assertThat(RawClient.call(simulator, "/api/v1/tasks/" + id + "/cancel", "{}")
                        .status())
                .isEqualTo(200);
        assertThat(task(id).getJsonObject("output").getString("task_status")).isEqualTo("CANCELED");
        answer(path, request, ASYNC);
        task(id);
        task(id);
        JsonObject done = task(id);
        assertThat(done.getJsonObject("output").getString("video_url")).endsWith(".mp4");
        assertThat(done.getJsonObject("usage").getInteger("video_duration")).isEqualTo(4);
        answer(path, request, ASYNC, "x-simulate: finish=content_filter");
        task(id);
        task(id);
        assertThat(task(id).getJsonObject("output").getString("code")).isEqualTo("DataInspectionFailed");
        assertThat(task("none").getJsonObject("output").getString("task_status"))
                .isEqualTo("UNKNOWN");
    }

    @Test
    void playsAnApplication() throws Exception {
        String path = "/api/v1/apps/app-1/completion";
        JsonObject request = new JsonObject(
                "{\"input\":{\"prompt\":\"hello world\",\"session_id\":\"s1\"},\"parameters\":{\"has_thoughts\":true}}");
        JsonObject answer = answer(path, request);
        assertThat(answer.getJsonObject("output").getString("text")).isEqualTo("Echo: hello world");
        assertThat(answer.getJsonObject("output").getString("session_id")).isEqualTo("s1");
        assertThat(answer.getJsonObject("output").getJsonArray("thoughts")).hasSize(1);
        assertThat(answer.getJsonObject("usage").encode())
                .isEqualTo("{\"models\":[{\"model_id\":\"qwen-plus\",\"input_tokens\":2,\"output_tokens\":3}]}");
        List<JsonObject> events = events(RawClient.call(simulator, path, request.encode(), STREAM));
        assertThat(events.getLast().getJsonObject("output").getString("text")).isEqualTo("Echo: hello world");
        assertThat(simulator.totals().of("app-1").reported()).isEqualTo(Usage.of(4, 6));
    }

    @Test
    void tellsErrorsInItsOwnForm() throws Exception {
        Answer refused = RawClient.call(simulator, TEXT, asked("{}").encode(), "x-simulate: status=401");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(new JsonObject(refused.text()).fieldNames()).containsExactly("code", "message", "request_id");
        Answer inside =
                RawClient.call(simulator, TEXT, asked("{}").encode(), STREAM, "x-simulate: error=2;code=Throttling");
        assertThat(inside.text()).contains("id:3\nevent:error\n:HTTP_STATUS/500\ndata:{\"code\":\"Throttling\"");
    }
}
