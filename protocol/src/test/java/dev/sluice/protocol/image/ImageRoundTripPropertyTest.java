package dev.sluice.protocol.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.dashscope.DashScope;
import dev.sluice.protocol.image.ImageAnswer.Picture;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.protocol.whole.WholeFormat;
import dev.sluice.protocol.whole.WholeRead;
import dev.sluice.protocol.whole.WholeTranslation;
import dev.sluice.protocol.whole.WholeTranslation.Back;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What is asked for and what was drawn keep their meaning in every format that can say them. */
class ImageRoundTripPropertyTest {
    private static final WholeFormat.View VIEW = new WholeFormat.View("m", "1", 1);

    @Property(tries = 300)
    void requestsKeepTheirMeaning(
            @ForAll String prompt,
            @ForAll @IntRange(min = 1, max = 10) int number,
            @ForAll @IntRange(min = 1, max = 4096) int width,
            @ForAll @IntRange(min = 1, max = 4096) int height,
            @ForAll boolean wantsBytes,
            @ForAll boolean sized) {
        ImageRequest request = request(prompt, number, sized ? new ImageRequest.Size(width, height) : null, wantsBytes);
        byte[] bytes = OpenAi.images().writeRequest(request, "m", Dialect.PLAIN);
        assertThat(OpenAi.images().readRequest(bytes, Asked.IN_BODY)).isEqualTo(request);
    }

    @Property(tries = 300)
    void whatIsAskedForIsSaidToModelsThatDrawAtOnceAndInTasks(
            @ForAll String prompt,
            @ForAll @IntRange(min = 1, max = 10) int number,
            @ForAll @IntRange(min = 1, max = 4096) int width,
            @ForAll @IntRange(min = 1, max = 4096) int height) {
        ImageRequest request = request(prompt, number, new ImageRequest.Size(width, height), false);
        Json task = Json.parse(DashScope.tasks().writeRequest(request, "m", Dialect.PLAIN));
        Json atOnce = Json.parse(DashScope.imagesAtOnce().writeRequest(request, "m", Dialect.PLAIN));
        assertThat(task.get("input").get("prompt").text()).isEqualTo(prompt);
        assertThat(task.get("input").get("negative_prompt")).isEqualTo(Json.of("fog"));
        Json message = atOnce.get("input").get("messages").items().getFirst();
        assertThat(message.get("content").items().getFirst().get("text").text()).isEqualTo(prompt);
        assertThat(atOnce.get("parameters").get("negative_prompt")).isEqualTo(Json.of("fog"));
        for (Json body : List.of(task, atOnce)) {
            assertThat(body.get("parameters").get("n").integer(0)).isEqualTo(number);
            assertThat(body.get("parameters").get("size").text()).isEqualTo(width + "*" + height);
            assertThat(body.get("parameters").get("seed").integer(0)).isEqualTo(7);
        }
    }

    @Property(tries = 300)
    void answersKeepTheirMeaning(
            @ForAll @IntRange(min = 1, max = 6) int number, @ForAll boolean asBytes, @ForAll boolean counted) {
        List<Picture> pictures = new ArrayList<>();
        for (int i = 0; i < number; i++)
            pictures.add(new Picture(
                    asBytes ? null : "https://a.example/" + i,
                    asBytes ? "aaa" + i : null,
                    i % 2 == 0 ? null : "words " + i));
        ImageAnswer answer = new ImageAnswer(pictures, counted ? Usage.of(3, 5) : null);
        byte[] bytes = OpenAi.images().writeAnswer(answer, request("x", number, null, asBytes), VIEW);
        assertThat(OpenAi.images().readAnswer(bytes, 0, bytes.length)).isEqualTo(new WholeRead.Read<>(answer));
    }

    @Property(tries = 300)
    void whatWasDrawnComesInItsOrderFromBothKindsOfModels(@ForAll @IntRange(min = 1, max = 6) int number) {
        List<Json> results = new ArrayList<>();
        List<Json> parts = new ArrayList<>();
        List<String> urls = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            urls.add("https://a.example/" + i);
            results.add(Json.object().put("url", urls.get(i)).build());
            parts.add(Json.object().put("image", urls.get(i)).build());
        }
        Json task = Json.object()
                .put("task_status", "SUCCEEDED")
                .put("results", Json.array(results))
                .build();
        Json message = Json.object().put("content", Json.array(parts)).build();
        Json atOnce = Json.object()
                .put(
                        "choices",
                        Json.array(List.of(Json.object().put("message", message).build())))
                .build();
        byte[] asked = "{\"model\":\"m\",\"prompt\":\"x\"}".getBytes(UTF_8);
        for (Json output : List.of(task, atOnce)) {
            Back back = WholeTranslation.of(OpenAi.images(), DashScope.tasks(), asked, Asked.IN_BODY)
                    .back(List.of(Json.object().put("output", output).build().toBytes()), VIEW);
            assertThat(back).isInstanceOfSatisfying(Back.Written.class, written -> {
                List<Json> data = Json.parse(written.json()).get("data").items();
                assertThat(data.stream().map(one -> one.get("url").text())).containsExactlyElementsOf(urls);
            });
        }
    }

    private static ImageRequest request(String prompt, int number, ImageRequest.Size size, boolean wantsBytes) {
        Map<String, Json> wishes = new LinkedHashMap<>();
        wishes.put("seed", Json.of(7));
        wishes.put("negative_prompt", Json.of("fog"));
        wishes.put("watermark", Json.of(false));
        return new ImageRequest(prompt, (long) number, size, wantsBytes, wishes);
    }
}
