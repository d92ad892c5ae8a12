package dev.sluice.protocol.embed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.cohere.Cohere;
import dev.sluice.protocol.dashscope.DashScope;
import dev.sluice.protocol.embed.EmbedRequest.Encoding;
import dev.sluice.protocol.embed.EmbedRequest.Input;
import dev.sluice.protocol.embed.EmbedRequest.Layout;
import dev.sluice.protocol.embed.EmbedRequest.Piece;
import dev.sluice.protocol.embed.EmbedRequest.Truncation;
import dev.sluice.protocol.gemini.Gemini;
import dev.sluice.protocol.json.JsonWriter;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.protocol.whole.WholeFormat;
import dev.sluice.protocol.whole.WholeRead;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;

/** What a format of embeddings writes it reads with the same meaning, and vectors lose nothing on the way. */
class EmbedRoundTripPropertyTest {
    private static final List<EmbedFormat> FORMATS =
            List.of(OpenAi.embeddings(), Gemini.embedContents(), DashScope.embedding(), Cohere.embed());
    private static final WholeFormat.View VIEW = new WholeFormat.View("m", "1", 1);
    private static final Dialect DIALECT = Dialect.PLAIN.withExtensions(Set.of("task"));

    @Property(tries = 300)
    void requestsKeepTheirMeaning(
            @ForAll @Size(min = 1, max = 5) List<String> texts,
            @ForAll @IntRange(min = 1, max = 4096) int dimensions,
            @ForAll boolean query) {
        EmbedRequest request = new EmbedRequest(
                texts.stream().map(text -> Input.of(new Piece.Text(text))).toList(),
                (long) dimensions,
                query ? Purpose.QUERY : Purpose.DOCUMENT,
                null,
                List.of(Encoding.FLOAT),
                Layout.LIST);
        for (EmbedFormat format : FORMATS) {
            byte[] bytes = format.writeRequest(request, "m", DIALECT);
            assertThat(format.readRequest(bytes, Asked.IN_BODY))
                    .as(format.toString())
                    .isEqualTo(request);
        }
    }

    @Property(tries = 300)
    void numbersKeepTheirSpellingAndBase64ItsValue(@ForAll @NotEmpty @Size(max = 20) List<Float> numbers) {
        List<Float> finite = numbers.stream().filter(Float::isFinite).toList();
        if (finite.isEmpty()) return;
        String spelled = finite.toString();
        String base64 = base64(finite);
        Vector asNumbers =
                new Vector.Numbers(spelled.getBytes(UTF_8), 0, spelled.getBytes(UTF_8).length, finite.size());
        Vector asBase64 = new Vector.Encoded(base64);
        assertThat(written(asNumbers, Encoding.FLOAT)).isEqualTo(spelled);
        assertThat(written(asNumbers, Encoding.BASE64)).isEqualTo('"' + base64 + '"');
        assertThat(written(asBase64, Encoding.BASE64)).isEqualTo('"' + base64 + '"');
        assertThat(written(asBase64, Encoding.FLOAT)).isEqualTo(spelled.replace(" ", ""));
    }

    @Property(tries = 300)
    void answersKeepTheirMeaning(@ForAll @Size(min = 1, max = 4) List<@Size(min = 1, max = 8) List<Float>> vectors) {
        List<Vector> said = new ArrayList<>();
        List<Input> inputs = new ArrayList<>();
        for (List<Float> vector : vectors) {
            String spelled = vector.stream()
                    .map(f -> Float.isFinite(f) ? f : 0f)
                    .toList()
                    .toString();
            said.add(new Vector.Numbers(spelled.getBytes(UTF_8), 0, spelled.length(), vector.size()));
            inputs.add(Input.of(new Piece.Text("x")));
        }
        EmbedAnswer answer = new EmbedAnswer("id", "model", said, Usage.of(7, 0));
        EmbedRequest request = new EmbedRequest(inputs, null, null, null, List.of(Encoding.FLOAT), Layout.LIST);
        for (EmbedFormat format : FORMATS) {
            byte[] bytes = format.writeAnswer(answer, request, VIEW);
            assertThat(format.readAnswer(bytes, 0, bytes.length)).isInstanceOfSatisfying(WholeRead.Read.class, read -> {
                EmbedAnswer told = (EmbedAnswer) read.answer();
                assertThat(told.flaw(request)).isNull();
                assertThat(told.vectors().stream().map(v -> written(v, Encoding.FLOAT)))
                        .containsExactlyElementsOf(said.stream()
                                .map(v -> written(v, Encoding.FLOAT))
                                .toList());
                if (format != Gemini.embedContents()) assertThat(told.usage()).isEqualTo(answer.usage());
            });
        }
    }

    @Property(tries = 300)
    void partsHaveAllInputsInOrderAndTheirAnswersAllVectors(
            @ForAll @Size(min = 1, max = 40) List<String> texts,
            @ForAll @IntRange(min = 1, max = 12) int most,
            @ForAll boolean oneTellsNothing) {
        EmbedRequest request = new EmbedRequest(
                texts.stream().map(text -> Input.of(new Piece.Text(text))).toList(),
                8L,
                Purpose.QUERY,
                Truncation.END,
                List.of(Encoding.BASE64),
                Layout.LIST);
        List<EmbedRequest> parts = request.split(most);
        assertThat(parts).hasSize((texts.size() + most - 1) / most);
        assertThat(parts.stream().flatMap(part -> part.inputs().stream())).containsExactlyElementsOf(request.inputs());
        List<EmbedAnswer> answers = new ArrayList<>();
        for (EmbedRequest part : parts) {
            assertThat(part.inputs()).hasSizeLessThanOrEqualTo(most);
            assertThat(part).usingRecursiveComparison().ignoringFields("inputs").isEqualTo(request);
            List<Vector> vectors = part.inputs().stream()
                    .<Vector>map(input -> new Vector.Encoded(input.text()))
                    .toList();
            boolean silent = oneTellsNothing && answers.isEmpty();
            answers.add(new EmbedAnswer("id", "m", vectors, silent ? null : Usage.of(vectors.size(), 0)));
        }
        EmbedAnswer joined = EmbedAnswer.joined(answers);
        assertThat(joined.vectors())
                .containsExactlyElementsOf(
                        texts.stream().map(Vector.Encoded::new).toList());
        assertThat(joined.usage()).isEqualTo(oneTellsNothing ? null : Usage.of(texts.size(), 0));
    }

    private static String written(Vector vector, Encoding encoding) {
        JsonWriter out = new JsonWriter();
        vector.write(encoding, out);
        return new String(out.toBytes(), UTF_8);
    }

    private static String base64(List<Float> numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.size()).order(ByteOrder.LITTLE_ENDIAN);
        numbers.forEach(bytes::putFloat);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
