package dev.sluice.protocol.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.chat.ChatFormat.AnswerRead;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each case in {@code golden/cases} is a request, an answer and a stream in the words of every format that can say them. What becomes
 * of them in another format stands in {@code golden/expected/FROM-TO.txt}; {@code -Dgolden.update=true} writes these files anew,
 * for a human to read the difference.
 */
class GoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    /** Of a client that wants to see thoughts, also where the format leaves that to it. */
    private static final ClientView VIEW =
            new ClientView("asked-model", true, "call-1", 1_700_000_000, Map.of("include_thoughts", Json.of(true)));

    @TestFactory
    Stream<DynamicTest> translates() {
        return Formats.ALL.stream()
                .flatMap(from -> Formats.ALL.stream()
                        .filter(to -> !to.equals(from) && !(from.isOfUpstreams() && to.isOfUpstreams()))
                        .map(to -> DynamicTest.dynamicTest(from + " to " + to, () -> compare(from, to))));
    }

    private static void compare(Formats.Entry from, Formats.Entry to) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path folder : cases()) {
            if (!from.isOfUpstreams()) section(text, folder, from, "request.json", bytes -> request(bytes, from, to));
            if (to.isOfUpstreams()) continue;
            section(text, folder, from, "answer.json", bytes -> answer(bytes, from, to));
            section(text, folder, from, "stream.txt", bytes -> stream(bytes, from, to));
        }
        Path expected = GOLDEN.resolve("expected").resolve(from + "-" + to + ".txt");
        if (Boolean.getBoolean("golden.update")) Files.writeString(expected, text);
        assertThat(text.toString()).isEqualTo(Files.readString(expected));
    }

    @FunctionalInterface
    private interface Translation {
        String of(byte[] bytes);
    }

    private static void section(
            StringBuilder text, Path folder, Formats.Entry from, String kind, Translation translation)
            throws IOException {
        Path file = file(folder, from, kind);
        if (!Files.exists(file)) return;
        text.append("==== ")
                .append(folder.getFileName())
                .append(' ')
                .append(kind)
                .append('\n');
        text.append(translation.of(Files.readAllBytes(file)).stripTrailing()).append("\n\n");
    }

    private static String request(byte[] bytes, Formats.Entry from, Formats.Entry to) {
        try {
            ChatRequest request = from.format().readRequest(bytes, from.asked(false));
            ChatRequest sent = to.model().isEmpty() ? request : request.forModel(to.model());
            return new String(to.format().writeRequest(sent, to.dialect()), UTF_8);
        } catch (InexpressibleException refused) {
            return "refused: " + refused.reason() + " (" + refused.param() + ")";
        }
    }

    private static String answer(byte[] bytes, Formats.Entry from, Formats.Entry to) {
        return switch (from.format().readAnswer(bytes, 0, bytes.length)) {
            case AnswerRead.Read(ChatAnswer answer) -> new String(to.format().writeAnswer(answer, VIEW), UTF_8);
            case AnswerRead.Failed(var error) -> "failed: " + error;
            case AnswerRead.Malformed(String why) -> "malformed: " + why;
        };
    }

    private static String stream(byte[] bytes, Formats.Entry from, Formats.Entry to) {
        byte[] stream = from.stream().apply(bytes);
        StreamEncoder encoder = to.format().encoder(VIEW);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<ChatEvent> ends = new ArrayList<>();
        StreamDecoder decoder = from.format().decoder(1 << 20);
        decoder.feed(stream, 0, stream.length, event -> write(event, encoder, out, ends));
        decoder.end(event -> write(event, encoder, out, ends));
        if (ends.isEmpty()) out.writeBytes("(cut off)".getBytes(UTF_8));
        return new String(to.text().apply(out.toByteArray()), UTF_8);
    }

    private static void write(ChatEvent event, StreamEncoder encoder, ByteArrayOutputStream out, List<ChatEvent> ends) {
        encoder.write(event, out);
        if (event instanceof ChatEvent.Ended) ends.add(event);
        if (event instanceof ChatEvent.Failed(var error)) {
            ends.add(event);
            encoder.fail(new ClientError(502, "server_error", "upstream_error", error.message(), null, List.of()), out);
        }
    }

    private static Path file(Path folder, Formats.Entry format, String kind) {
        return folder.resolve(format.name() + "." + kind);
    }

    private static List<Path> cases() throws IOException {
        try (Stream<Path> found = Files.list(GOLDEN.resolve("cases"))) {
            return found.filter(Files::isDirectory).sorted().toList();
        }
    }
}
