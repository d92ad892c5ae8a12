package dev.sluice.bench.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bench.http.AnswerReader;
import dev.sluice.bench.load.Call;
import dev.sluice.bench.load.Target;
import dev.sluice.protocol.anthropic.Anthropic;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.chat.StreamEncoder;
import dev.sluice.protocol.openai.OpenAi;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class UpstreamTest {
    private Upstream upstream;
    private Socket socket;
    private Target target;

    @BeforeEach
    void start() throws IOException {
        upstream = Upstream.start(0);
        socket = new Socket(InetAddress.getLoopbackAddress(), upstream.port());
        target = new Target(upstream.port(), Target.CHAT, "key", "model");
    }

    @AfterEach
    void stop() throws IOException {
        socket.close();
        upstream.close();
    }

    @Test
    void answersAWholeCallWith750Bytes() throws IOException {
        send(new Call.Whole().request(target));
        AnswerReader answer = read();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.bodyBytes()).isEqualTo(750);
    }

    @Test
    void answersACallThatComesByteByByte() throws IOException {
        OutputStream out = socket.getOutputStream();
        for (byte b : new Call.Whole().request(target)) out.write(b);

        assertThat(read().status()).isEqualTo(200);
    }

    @Test
    void sendsAsManyEventsAsAskedAndKeepsTheConnection() throws IOException {
        for (int events : new int[] {3, 64, 5}) {
            send(new Call.Streamed(events, 0).request(target));
            AnswerReader answer = read();

            assertThat(answer.events()).isEqualTo(events);
            assertThat(answer.sawDone()).isTrue();
        }
        assertThat(upstream.openStreams()).isZero();
    }

    @Test
    void refusesABodyOfUnknownLength() throws IOException {
        send("POST /v1/chat/completions HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".getBytes(UTF_8));

        assertThat(read().status()).isEqualTo(411);
    }

    @Test
    void refusesABodyThatIsTooLarge() throws IOException {
        send("POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n".getBytes(UTF_8));

        assertThat(read().status()).isEqualTo(413);
    }

    @Test
    void listsItsModelForHealthChecks() throws IOException {
        send("GET /v1/models HTTP/1.1\r\n\r\n".getBytes(UTF_8));
        AnswerReader answer = read();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.describe()).contains("gpt-4o-mini");
    }

    @Test
    void aStreamOfMessagesBecomesAsManyEventsOfChatCompletions() throws IOException {
        send(messages("{\"model\":\"m\",\"stream\":true}"));
        AnswerReader answer = new AnswerReader();
        ByteArrayOutputStream translated = new ByteArrayOutputStream();
        StreamEncoder encoder = OpenAi.chatCompletions().encoder(new ClientView("m", true, "1", 1));
        StreamDecoder decoder = Anthropic.messages().decoder(1 << 20);
        byte[] bytes = new byte[4096];
        while (!answer.isComplete() && !answer.isBroken()) {
            int length = socket.getInputStream().read(bytes);
            if (length < 0) break;
            answer.read(bytes, 0, length);
            // What frames the chunks is no event, so the decoder takes it for lines of no meaning.
            decoder.feed(bytes, 0, length, event -> encoder.write(event, translated));
        }
        assertThat(answer.status()).isEqualTo(200);
        assertThat(translated
                        .toString(UTF_8)
                        .lines()
                        .filter(line -> line.startsWith("data: {"))
                        .count())
                .isEqualTo(64);
        assertThat(translated.toString(UTF_8)).endsWith("data: [DONE]\n\n");
    }

    @Test
    void answersAWholeMessage() throws IOException {
        send(messages("{\"model\":\"m\"}"));
        assertThat(read().status()).isEqualTo(200);
    }

    private static byte[] messages(String body) {
        return ("POST /v1/messages HTTP/1.1\r\nContent-Length: " + body.length() + "\r\n\r\n" + body).getBytes(UTF_8);
    }

    private void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    private AnswerReader read() throws IOException {
        AnswerReader answer = new AnswerReader();
        byte[] bytes = new byte[4096];
        while (!answer.isComplete() && !answer.isBroken()) {
            int length = socket.getInputStream().read(bytes);
            if (length < 0) answer.close();
            else answer.read(bytes, 0, length);
        }
        return answer;
    }
}
