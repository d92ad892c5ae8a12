package dev.sluice.protocol.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.chat.ChatFormat.ClientView;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What keeps a provider's stream alive keeps that of the client alive. */
class PingsTest {
    /** Google's SDK for browsers knows no comments, and Bedrock's frames have none. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "nothing", textBlock = """
            openai-chat        | : ping
            openai-responses   | : ping
            openai-completions | : ping
            anthropic          | event: ping
            dashscope          | : ping
            cohere             | : ping
            hunyuan            | : ping
            gemini             | nothing
            bedrock            | nothing
            """)
    void arePassedOnInTheClientsForm(String format, String line) {
        StreamEncoder encoder = Formats.ALL.stream()
                .filter(entry -> entry.name().equals(format))
                .findFirst()
                .orElseThrow()
                .format()
                .encoder(new ClientView("m", true, "1", 1));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        encoder.write(new ChatEvent.Ping(), out);
        assertThat(out.toString(UTF_8).lines().findFirst().orElse(null)).isEqualTo(line);
    }
}
