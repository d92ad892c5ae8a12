package dev.sluice.upstreams.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.anthropic.Anthropic;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.settings.catalogue.Catalogue;
import dev.sluice.settings.catalogue.DialectRule;
import dev.sluice.settings.catalogue.ParameterRule;
import dev.sluice.settings.catalogue.Provider;
import dev.sluice.settings.catalogue.WireForm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What a client of Anthropic's protocol asks, as each provider of OpenAI's protocol gets it: {@code golden-dialects/cases} in the words of each
 * provider and each kind of its models, in {@code golden-dialects/expected/PROVIDER.txt}. {@code -Dgolden.update=true} writes these files
 * anew, for a human to read the difference. A new row of the catalogue has none yet.
 */
class DialectGoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden-dialects");
    private static final String MODEL = "MODEL";

    private static Stream<Provider> speakers() {
        return Catalogue.load().providers().stream()
                .filter(p -> p.openai() != null && p.openai().forms().contains(WireForm.OPENAI_CHAT));
    }

    @TestFactory
    Stream<DynamicTest> writes() {
        return speakers().map(provider -> DynamicTest.dynamicTest(provider.id(), () -> compare(provider)));
    }

    @Test
    void noFileIsLeftOver() throws IOException {
        try (Stream<Path> found = Files.list(GOLDEN.resolve("expected"))) {
            assertThat(found.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            speakers().map(provider -> provider.id() + ".txt").toList());
        }
    }

    private static void compare(Provider provider) throws IOException {
        Map<String, List<String>> models = new LinkedHashMap<>();
        for (String model : models(provider))
            models.computeIfAbsent(requests(provider, model), _ -> new ArrayList<>())
                    .add(model);
        StringBuilder text = new StringBuilder();
        models.forEach((requests, names) -> text.append("######## ")
                .append(String.join(", ", names))
                .append("\n\n")
                .append(requests));
        Path expected = GOLDEN.resolve("expected").resolve(provider.id() + ".txt");
        if (Boolean.getBoolean("golden.update")) Files.writeString(expected, text);
        assertThat(expected).as("a file for each provider").exists();
        assertThat(text.toString()).isEqualTo(Files.readString(expected));
    }

    /** Those that the row suggests, one for each pattern in it, and one that it says nothing of. */
    private static Set<String> models(Provider provider) {
        Set<String> models = new LinkedHashSet<>(provider.models());
        Stream.concat(
                        provider.dialect().stream().map(DialectRule::models),
                        provider.rules().stream().map(ParameterRule::models))
                .flatMap(List::stream)
                .forEach(pattern -> models.add(pattern.replace("*", "")));
        models.add("another-model");
        return models;
    }

    private static String requests(Provider provider, String model) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path file : cases()) {
            String name = file.getFileName().toString().replace(".json", "");
            text.append("==== ").append(name).append('\n');
            text.append(request(Files.readAllBytes(file), provider, model)).append("\n\n");
        }
        return text.toString();
    }

    private static String request(byte[] bytes, Provider provider, String model) {
        ChatRequest request =
                Anthropic.messages().readRequest(bytes, Asked.IN_BODY).forModel(MODEL);
        try {
            byte[] body = OpenAi.chatCompletions().writeRequest(request, ProviderCalls.dialect(provider, model));
            return new String(ProviderCalls.adjusted(provider, model, request, body), UTF_8);
        } catch (InexpressibleException refused) {
            return "refused: " + refused.reason() + " (" + refused.param() + ")";
        }
    }

    private static List<Path> cases() throws IOException {
        try (Stream<Path> found = Files.list(GOLDEN.resolve("cases"))) {
            return found.sorted().collect(Collectors.toList());
        }
    }
}
