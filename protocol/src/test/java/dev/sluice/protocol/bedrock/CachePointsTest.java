package dev.sluice.protocol.bedrock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.anthropic.Anthropic;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.json.Json;
import org.junit.jupiter.api.Test;

class CachePointsTest {
    private static final String HINT = "\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}";
    private static final String REQUEST =
            "{\"model\":\"m\",\"max_tokens\":9,\"system\":[{\"type\":\"text\",\"text\":\"s\",HINT}],"
                    + "\"tools\":[{\"name\":\"t\",\"input_schema\":{\"type\":\"object\"},HINT}],\"messages\":["
                    + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"u\",HINT}]},"
                    + "{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"i\",\"name\":\"t\",\"input\":{},HINT}]},"
                    + "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"i\",\"content\":"
                    + "[{\"type\":\"text\",\"text\":\"r\",HINT}]}]}]}";

    @Test
    void claudeTakesThemBehindEverythingButNotWithinResults() {
        Json out = written("us.anthropic.claude-sonnet-4-5-20250929-v1:0");
        String point = "{\"cachePoint\":{\"type\":\"default\",\"ttl\":\"1h\"}}";
        assertThat(out.get("system").toJson()).isEqualTo("[{\"text\":\"s\"}," + point + "]");
        assertThat(out.get("toolConfig").get("tools").items().getLast().toJson())
                .isEqualTo(point);
        assertThat(out.get("messages").items())
                .allSatisfy(message -> assertThat(message.get("content").items())
                        .hasSize(2)
                        .satisfies(
                                blocks -> assertThat(blocks.getLast().toJson()).isEqualTo(point)));
        assertThat(out.get("messages")
                        .items()
                        .getLast()
                        .get("content")
                        .items()
                        .getFirst()
                        .toJson())
                .doesNotContain("cachePoint");
    }

    @Test
    void novaTakesThemBehindWhatIsSaidWithoutATime() {
        Json out = written("amazon.nova-pro-v1:0");
        String point = "{\"cachePoint\":{\"type\":\"default\"}}";
        assertThat(out.get("system").toJson()).isEqualTo("[{\"text\":\"s\"}," + point + "]");
        assertThat(out.get("messages").items().getFirst().get("content").toJson())
                .isEqualTo("[{\"text\":\"u\"}," + point + "]");
        assertThat(out.toJson().split("cachePoint", -1)).hasSize(3);
    }

    @Test
    void otherModelsGetNone() {
        assertThat(written("meta.llama3-70b-instruct-v1:0").toJson()).doesNotContain("cachePoint");
    }

    private static Json written(String model) {
        ChatRequest request =
                Anthropic.messages().readRequest(REQUEST.replace("HINT", HINT).getBytes(UTF_8), Asked.IN_BODY);
        Json json = Json.parse(Bedrock.converse().writeRequest(request.forModel(model), Dialect.PLAIN));
        assertThat(json).isNotNull();
        return json;
    }
}
