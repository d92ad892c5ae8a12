package dev.sluice.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class JsonScannerPropertyTest {
    private static final byte[] LIKELY = "{}[]\":,\\/0123456789.-+eEtrufalsn \n\t\u007fudb89".getBytes(UTF_8);

    @Property(tries = 2000)
    void agreesWithAnotherParserOnDocuments(@ForAll long seed) {
        JsonDocuments documents = new JsonDocuments(seed);
        byte[] json = (documents.space() + documents.value(0) + documents.space()).getBytes(UTF_8);
        assertThat(JacksonOracle.accepts(json)).isTrue();
        assertThat(accepts(json)).isTrue();
        assertThat(walk(json)).isTrue();
    }

    @Property(tries = 4000)
    void agreesWithAnotherParserOnDamagedDocuments(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int damages) {
        JsonDocuments documents = new JsonDocuments(seed);
        byte[] json = documents.value(0).getBytes(UTF_8);
        for (int i = 0; i < damages; i++) json = damaged(json, documents);
        assertThat(accepts(json)).as(new String(json, UTF_8)).isEqualTo(JacksonOracle.accepts(json));
        assertThat(walk(json)).as(new String(json, UTF_8)).isEqualTo(accepts(json));
    }

    @Property(tries = 4000)
    void agreesWithAnotherParserOnLikelyBytes(@ForAll @Size(max = 12) byte[] picks) {
        byte[] json = new byte[picks.length];
        for (int i = 0; i < picks.length; i++) json[i] = LIKELY[(picks[i] & 0xFF) % LIKELY.length];
        assertThat(accepts(json)).as(new String(json, UTF_8)).isEqualTo(JacksonOracle.accepts(json));
        assertThat(walk(json)).isEqualTo(accepts(json));
    }

    @Property(tries = 3000)
    void agreesWithAnotherParserOnAnyBytesInAString(@ForAll @Size(max = 24) byte[] content) {
        byte[] json = new byte[content.length + 2];
        System.arraycopy(content, 0, json, 1, content.length);
        json[0] = '"';
        json[json.length - 1] = '"';
        assertThat(accepts(json)).isEqualTo(JacksonOracle.accepts(json));
    }

    @Property(tries = 2000)
    void decodesStringsAsAnotherParserDoes(@ForAll long seed) {
        JsonDocuments documents = new JsonDocuments(seed);
        String text = documents.text() + documents.text() + documents.text();
        byte[] json = documents.quoted(text).getBytes(UTF_8);
        assertThat(new JsonScanner().reset(json, 0, json.length).takeString()).isEqualTo(text);
    }

    @Property(tries = 2000)
    void writesStringsThatAnotherParserReads(@ForAll String text) {
        byte[] json = new JsonWriter().string(text).toBytes();
        assertThat(JacksonOracle.parse(json)).isEqualTo(text);
        assertThat(accepts(json)).isTrue();
    }

    private static byte[] damaged(byte[] json, JsonDocuments documents) {
        if (json.length == 0) return json;
        int at = documents.below(json.length);
        byte other = documents.below(4) == 0 ? (byte) documents.below(256) : LIKELY[documents.below(LIKELY.length)];
        return switch (documents.below(4)) {
            case 0 -> {
                byte[] copy = json.clone();
                copy[at] = other;
                yield copy;
            }
            case 1 -> join(json, 0, at, new byte[0], at + 1, json.length);
            case 2 -> join(json, 0, at, new byte[] {other}, at, json.length);
            default -> join(json, 0, at, new byte[0], json.length, json.length);
        };
    }

    private static byte[] join(byte[] json, int from, int to, byte[] middle, int restFrom, int restTo) {
        byte[] out = new byte[to - from + middle.length + restTo - restFrom];
        System.arraycopy(json, from, out, 0, to - from);
        System.arraycopy(middle, 0, out, to - from, middle.length);
        System.arraycopy(json, restFrom, out, to - from + middle.length, restTo - restFrom);
        return out;
    }

    private static boolean accepts(byte[] json) {
        return new JsonScanner().reset(json, 0, json.length).finish();
    }

    /** Steps into everything, where {@link #accepts} steps over. */
    private static boolean walk(byte[] json) {
        JsonScanner scanner = new JsonScanner().reset(json, 0, json.length);
        walk(scanner);
        return scanner.finish();
    }

    private static void walk(JsonScanner scanner) {
        switch (scanner.type()) {
            case OBJECT -> {
                scanner.enter();
                while (scanner.nextMember()) walk(scanner);
            }
            case ARRAY -> {
                scanner.enter();
                while (scanner.nextElement()) walk(scanner);
            }
            case STRING -> scanner.takeString();
            case NUMBER -> scanner.takeLong(0);
            case TRUE, FALSE, NULL, INVALID -> scanner.skip();
        }
    }
}
