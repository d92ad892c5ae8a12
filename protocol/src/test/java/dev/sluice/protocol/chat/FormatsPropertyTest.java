package dev.sluice.protocol.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.json.JsonDocuments;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** What holds for every format and any bytes. */
class FormatsPropertyTest {
    private static final ClientView VIEW = new ClientView("m", true, "1", 1);
    private static final List<byte[]> DOCUMENTS = documents();

    @Property(tries = 1000)
    void readsAnyBytes(@ForAll @Size(max = 60) byte[] bytes) {
        for (Formats.Entry entry : Formats.ALL) readEverything(entry, bytes);
    }

    @Property(tries = 3000)
    void readsDamagedDocuments(@ForAll long seed) {
        JsonDocuments random = new JsonDocuments(seed);
        byte[] bytes = DOCUMENTS.get(random.below(DOCUMENTS.size())).clone();
        for (int i = random.below(4); i >= 0; i--) bytes[random.below(bytes.length)] = (byte) random.below(128);
        byte[] damaged = Arrays.copyOf(bytes, bytes.length - random.below(bytes.length));
        Formats.Entry entry = Formats.ALL.get(random.below(Formats.ALL.size()));
        readEverything(entry, random.below(2) == 0 ? bytes : damaged);
    }

    @Property(tries = 1000)
    void anyChunkingGivesTheSameEvents(@ForAll long seed) {
        JsonDocuments random = new JsonDocuments(seed);
        Formats.Entry entry = Formats.ALL.get(random.below(Formats.ALL.size()));
        for (Path file : files(entry.name() + ".stream.txt")) {
            byte[] bytes = entry.stream().apply(read(file));
            List<ChatEvent> whole = new ArrayList<>();
            StreamDecoder decoder = entry.format().decoder(1 << 20);
            decoder.feed(bytes, 0, bytes.length, whole::add);
            decoder.end(whole::add);
            List<ChatEvent> pieces = new ArrayList<>();
            StreamDecoder other = entry.format().decoder(1 << 20);
            int from = 0;
            while (from < bytes.length) {
                int to = Math.min(bytes.length, from + 1 + random.below(40));
                other.feed(Arrays.copyOfRange(bytes, from, to), 0, to - from, pieces::add);
                from = to;
            }
            other.end(pieces::add);
            assertThat(pieces).as(file.toString()).isEqualTo(whole);
        }
    }

    private static void readEverything(Formats.Entry entry, byte[] bytes) {
        ChatFormat format = entry.format();
        try {
            if (!entry.isOfUpstreams()) {
                ChatRequest request = format.readRequest(bytes, entry.asked(true));
                for (Formats.Entry to : Formats.ALL) write(to, request);
            }
        } catch (InexpressibleException refused) {
            assertThat(refused.reason()).isNotEmpty();
        }
        if (format.readAnswer(bytes, 0, bytes.length) instanceof ChatFormat.AnswerRead.Read(ChatAnswer answer)) {
            for (Formats.Entry to : Formats.ALL) {
                if (!to.isOfUpstreams())
                    assertThat(to.format().writeAnswer(answer, VIEW)).isNotEmpty();
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<StreamEncoder> encoders = Formats.ALL.stream()
                .filter(to -> !to.isOfUpstreams())
                .map(to -> to.format().encoder(VIEW))
                .toList();
        StreamDecoder decoder = format.decoder(1 << 16);
        for (byte[] piece : List.of(bytes, ("data: " + new String(bytes, UTF_8) + "\n\n").getBytes(UTF_8)))
            decoder.feed(piece, 0, piece.length, event -> encoders.forEach(encoder -> encoder.write(event, out)));
        decoder.end(event -> encoders.forEach(encoder -> encoder.write(event, out)));
    }

    private static void write(Formats.Entry to, ChatRequest request) {
        try {
            assertThat(to.format().writeRequest(request, to.dialect())).isNotEmpty();
        } catch (InexpressibleException refused) {
            assertThat(refused.reason()).isNotEmpty();
        }
    }

    private static List<byte[]> documents() {
        return files("").stream().map(FormatsPropertyTest::read).toList();
    }

    private static List<Path> files(String end) {
        try (Stream<Path> found = Files.walk(Path.of("src/test/resources/golden/cases"))) {
            return found.filter(
                            file -> Files.isRegularFile(file) && file.toString().endsWith(end))
                    .sorted()
                    .toList();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
