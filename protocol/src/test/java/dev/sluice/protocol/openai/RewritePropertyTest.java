package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.RequestHead;
import dev.sluice.protocol.Splice;
import dev.sluice.protocol.json.JacksonOracle;
import dev.sluice.protocol.json.JsonDocuments;
import dev.sluice.protocol.json.JsonWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** Requests of every shape keep all their bytes but those of the model and of the usage option. */
class RewritePropertyTest {
    private static final String NEW_MODEL = "deepseek-\"chat\"";

    @Property(tries = 3000)
    void changesNothingButTheModelAndTheUsageOption(@ForAll long seed) {
        byte[] body = request(new JsonDocuments(seed), seed).getBytes(UTF_8);
        Peek peek = OpenAi.chatCompletions().peek(body, Asked.IN_BODY);
        assertThat(peek).isInstanceOf(RequestHead.class);
        RequestHead head = (RequestHead) peek;
        Map<String, @Nullable Object> before = members(body);
        assertThat(head.model()).isEqualTo(before.get("model"));
        assertThat(head.stream()).isEqualTo(Boolean.TRUE.equals(before.get("stream")));

        List<Splice> edits = new ArrayList<>();
        edits.add(new Splice(
                head.modelFrom(),
                head.modelTo(),
                new JsonWriter().string(NEW_MODEL).toBytes()));
        Splice askUsage = head.askUsage();
        if (askUsage != null) edits.add(askUsage);
        edits.sort(Comparator.comparingInt(Splice::from));
        byte[] rewritten = Splice.apply(body, edits);

        assertThat(cut(rewritten, shifted(edits))).isEqualTo(cut(body, edits));
        Map<String, @Nullable Object> expected = new LinkedHashMap<>(before);
        expected.put("model", NEW_MODEL);
        if (head.stream()) {
            Map<String, @Nullable Object> options = new LinkedHashMap<>();
            if (before.get("stream_options") instanceof Map<?, ?> given) {
                given.forEach((name, value) -> options.put((String) name, value));
            }
            options.put("include_usage", true);
            expected.put("stream_options", options);
        }
        assertThat(members(rewritten)).isEqualTo(expected);
    }

    @Property(tries = 1000)
    void findsNothingLeftToAskOnASecondLook(@ForAll long seed) {
        byte[] body = request(new JsonDocuments(seed), seed).getBytes(UTF_8);
        RequestHead head = (RequestHead) OpenAi.chatCompletions().peek(body, Asked.IN_BODY);
        Splice askUsage = head.askUsage();
        if (askUsage == null) return;
        byte[] rewritten = Splice.apply(body, List.of(askUsage));
        RequestHead again = (RequestHead) OpenAi.chatCompletions().peek(rewritten, Asked.IN_BODY);
        assertThat(again.askUsage()).isNull();
        assertThat(again.model()).isEqualTo(head.model());
        assertThat(again.maxOutputTokens()).isEqualTo(head.maxOutputTokens());
        assertThat(again.input().head()).isEqualTo(head.input().head());
    }

    private static String request(JsonDocuments documents, long seed) {
        List<String> members = new ArrayList<>();
        members.add(documents.member("model", documents.quoted("gpt-" + documents.text())));
        if (documents.below(4) > 0) {
            members.add(documents.member(
                    "stream", documents.below(3) > 0 ? "true" : documents.chance() ? "false" : "null"));
        }
        if (documents.chance()) members.add(documents.member("stream_options", options(documents)));
        if (documents.chance()) members.add(documents.member("max_tokens", documents.number()));
        members.add(documents.member("messages", documents.value(0)));
        for (int i = documents.below(4); i > 0; i--) members.add(documents.member("x" + i, documents.value(1)));
        Collections.shuffle(members, new Random(seed));
        StringBuilder out = new StringBuilder(documents.space() + "{" + documents.space());
        for (int i = 0; i < members.size(); i++) {
            if (i > 0) out.append(documents.space()).append(',').append(documents.space());
            out.append(members.get(i));
        }
        return out.append(documents.space())
                .append('}')
                .append(documents.space())
                .toString();
    }

    private static String options(JsonDocuments documents) {
        String other = documents.member("include_obfuscation", documents.value(1));
        String value = documents.below(3) == 0 ? "true" : documents.chance() ? "false" : "null";
        String usage = documents.member("include_usage", value);
        return switch (documents.below(6)) {
            case 0 -> "null";
            case 1 -> "{" + documents.space() + "}";
            case 2 -> "{" + documents.space() + other + "}";
            case 3 -> "{" + usage + documents.space() + "}";
            case 4 -> "{" + usage + "," + documents.space() + other + "}";
            default -> "{" + other + documents.space() + "," + usage + "}";
        };
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> members(byte[] body) {
        return (Map<String, @Nullable Object>) Objects.requireNonNull(JacksonOracle.parse(body));
    }

    /** The same edits as ranges of the rewritten body. */
    private static List<Splice> shifted(List<Splice> edits) {
        List<Splice> shifted = new ArrayList<>();
        int shift = 0;
        for (Splice edit : edits) {
            int from = edit.from() + shift;
            shifted.add(new Splice(from, from + edit.replacement().length, new byte[0]));
            shift += edit.replacement().length - (edit.to() - edit.from());
        }
        return shifted;
    }

    private static String cut(byte[] body, List<Splice> edits) {
        List<Splice> cuts = edits.stream()
                .map(edit -> new Splice(edit.from(), edit.to(), new byte[0]))
                .toList();
        return new String(Splice.apply(body, cuts), UTF_8);
    }
}
