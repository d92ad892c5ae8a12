package dev.sluice.protocol.whole;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.whole.WholeTranslation.Back;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Translates every case from every client's format into every upstream's and back. A case is a folder with requests and answers in the
 * words of the formats that can say them; what becomes of them stands in {@code expected/CLIENT-UPSTREAM.txt}.
 * {@code -Dgolden.update=true} writes these files anew, for a human to read the difference.
 */
public final class GoldenPairs<Q, A extends WholeAnswer<Q>> {
    private static final WholeFormat.View VIEW = new WholeFormat.View("asked-model", "call-1", 1_700_000_000);

    private final Path golden;
    private final List<Entry<Q, A>> formats;

    /**
     * One format.
     *
     * @param name of its files
     * @param isOfUpstreams whether no client speaks it
     * @param extensions members that its provider knows
     */
    public record Entry<Q, A extends WholeAnswer<Q>>(
            String name, WholeFormat<Q, A> format, boolean isOfUpstreams, Set<String> extensions) {
        public Entry(String name, WholeFormat<Q, A> format) {
            this(name, format, false, Set.of());
        }

        Dialect dialect() {
            return Dialect.PLAIN.withExtensions(extensions);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    public GoldenPairs(String folder, List<Entry<Q, A>> formats) {
        this.golden = Path.of("src/test/resources", folder);
        this.formats = formats;
    }

    public Stream<DynamicTest> tests() {
        return formats.stream()
                .filter(client -> !client.isOfUpstreams())
                .flatMap(client -> formats.stream()
                        .filter(upstream -> !upstream.equals(client))
                        .map(upstream ->
                                DynamicTest.dynamicTest(client + " to " + upstream, () -> compare(client, upstream))));
    }

    private void compare(Entry<Q, A> client, Entry<Q, A> upstream) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path folder : cases()) {
            Path request = folder.resolve(client + ".request.json");
            if (!Files.exists(request)) continue;
            text.append("==== ").append(folder.getFileName()).append('\n');
            translate(client, upstream, Files.readAllBytes(request), folder.resolve(upstream + ".answer.json"), text);
            text.append('\n');
        }
        Path expected = golden.resolve("expected").resolve(client + "-" + upstream + ".txt");
        if (Boolean.getBoolean("golden.update")) Files.writeString(expected, text);
        assertThat(text.toString()).isEqualTo(Files.readString(expected));
    }

    private void translate(Entry<Q, A> client, Entry<Q, A> upstream, byte[] request, Path answer, StringBuilder text)
            throws IOException {
        WholeTranslation<Q, A> call;
        try {
            call = WholeTranslation.of(client.format(), upstream.format(), request, Asked.IN_BODY);
            text.append(new String(call.written(call.request(), "its-model", upstream.dialect()), UTF_8))
                    .append('\n');
        } catch (InexpressibleException refused) {
            text.append("refused: ")
                    .append(refused.reason())
                    .append(" (")
                    .append(refused.param())
                    .append(")\n");
            return;
        }
        if (!Files.exists(answer)) return;
        text.append(
                        switch (call.back(List.of(Files.readAllBytes(answer)), VIEW)) {
                            case Back.Written written ->
                                new String(written.json(), UTF_8) + "\nusage: " + written.usage();
                            case Back.Failed(var error) -> "failed: " + error;
                            case Back.Malformed(String why) -> "malformed: " + why;
                        })
                .append('\n');
    }

    private List<Path> cases() throws IOException {
        try (Stream<Path> found = Files.list(golden.resolve("cases"))) {
            return found.filter(Files::isDirectory).sorted().toList();
        }
    }
}
