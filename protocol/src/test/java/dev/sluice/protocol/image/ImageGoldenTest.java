package dev.sluice.protocol.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.dashscope.DashScope;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.protocol.whole.GoldenPairs;
import dev.sluice.protocol.whole.GoldenPairs.Entry;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageGoldenTest {
    private static final List<Entry<ImageRequest, ImageAnswer>> FORMATS = List.of(
            new Entry<>("openai", OpenAi.images()),
            new Entry<>("dashscope-task", DashScope.tasks(), true, Set.of()),
            new Entry<>("dashscope-at-once", DashScope.imagesAtOnce(), true, Set.of()));

    @TestFactory
    Stream<DynamicTest> translates() {
        return new GoldenPairs<>("golden-images", FORMATS).tests();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"output":{"task_id":"t","task_status":"PENDING"}}                             | Open[id=t]
            {"output":{"task_id":"t","task_status":"RUNNING"}}                             | Open[id=t]
            {"output":{"task_id":"t","task_status":"SUSPENDED"}}                           | Open[id=t]
            {"output":{"task_status":"RUNNING"}}                                           | Malformed[why=the task has no id]
            {"output":{"task_status":"SUCCEEDED","results":[]}}                            | Done[]
            {"output":{"choices":[]}}                                                      | Done[]
            {"output":{"task_status":"FAILED","code":"InternalError","message":"no"}}      | Failed[error=UpstreamError[message=no, code=InternalError
            {"output":{"task_status":"UNKNOWN"}}                                           | Failed[error=UpstreamError[message=the task ended as UNKNOWN
            {"code":"Throttling","message":"slow down"}                                    | Failed[error=UpstreamError[message=slow down, code=Throttling
            {"output":{}}                                                                  | Malformed[why=the answer tells of no task]
            [                                                                              | Malformed[why=the answer is not valid JSON]
            """)
    void tasksHaveAState(String document, String state) {
        assertThat(DashScope.taskState(document.getBytes(UTF_8)).toString()).startsWith(state);
    }
}
