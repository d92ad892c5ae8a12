package dev.sluice.app.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.cohere.Cohere;
import dev.sluice.protocol.dashscope.DashScope;
import dev.sluice.protocol.embed.EmbedAnswer;
import dev.sluice.protocol.embed.EmbedRequest;
import dev.sluice.protocol.gemini.Gemini;
import dev.sluice.protocol.image.ImageAnswer;
import dev.sluice.protocol.image.ImageRequest;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.protocol.rerank.RerankAnswer;
import dev.sluice.protocol.rerank.RerankRequest;
import dev.sluice.protocol.voyage.Voyage;
import dev.sluice.protocol.whole.WholeAnswer;
import dev.sluice.protocol.whole.WholeFormat;
import dev.sluice.protocol.whole.WholeRead;
import dev.sluice.protocol.whole.WholeTranslation;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Requests and answers of embeddings, rerank and pictures. The first byte says in which format the others are; what is read is written in every
 * format of the same calls. What a reader or a writer throws is a finding.
 */
public final class DocumentTarget {
    private static final Asked ASKED = new Asked("m", false);
    private static final WholeFormat.View VIEW = new WholeFormat.View("m", "1", 1);

    /** Where the golden files of each format are, and how they begin. */
    static final List<String> NAMES = List.of(
            "golden-embed/openai",
            "golden-embed/gemini",
            "golden-embed/dashscope",
            "golden-embed/cohere",
            "golden-embed/vertex",
            "golden-embed/vertex-content",
            "golden-embed/voyage",
            "golden-rerank/jina",
            "golden-rerank/cohere",
            "golden-rerank/dashscope",
            "golden-rerank/voyage",
            "golden-images/openai",
            "golden-images/dashscope-task",
            "golden-images/dashscope-at-once");

    private static final List<Entry<?, ?>> ENTRIES = Stream.<Family<?, ?>>of(
                    new Family<EmbedRequest, EmbedAnswer>(
                            List.of(OpenAi.embeddings(), Gemini.embedContents(), DashScope.embedding(), Cohere.embed()),
                            List.of(Gemini.vertexEmbeddings(), Gemini.vertexEmbedContent(), Voyage.embeddings()),
                            List.of(
                                    "{\"model\":\"m\",\"input\":\"a\"}",
                                    "{\"model\":\"m\",\"input\":[\"a\",\"b\"],\"encoding_format\":\"base64\"}")),
                    new Family<RerankRequest, RerankAnswer>(
                            List.of(OpenAi.rerank(), Cohere.rerank(), DashScope.rerank()),
                            List.of(Voyage.rerank()),
                            List.of(
                                    "{\"model\":\"m\",\"query\":\"q\",\"documents\":[\"a\",{\"text\":\"b\"}],\"return_documents\":true}")),
                    new Family<ImageRequest, ImageAnswer>(
                            List.of(OpenAi.images()),
                            List.of(DashScope.tasks(), DashScope.imagesAtOnce()),
                            List.of("{\"model\":\"m\",\"prompt\":\"p\"}")))
            .<Entry<?, ?>>flatMap(Family::entries)
            .toList();

    private DocumentTarget() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) return;
        ENTRIES.get((input[0] & 0xff) % ENTRIES.size()).read(Arrays.copyOfRange(input, 1, input.length));
    }

    /**
     * Formats of the same calls.
     *
     * @param spoken by clients, the one of the samples first
     * @param upstreamOnly spoken with upstreams only
     * @param samples requests to which answers are held
     */
    private record Family<Q, A extends WholeAnswer<Q>>(
            List<WholeFormat<Q, A>> spoken, List<WholeFormat<Q, A>> upstreamOnly, List<String> samples) {
        List<WholeFormat<Q, A>> all() {
            return Stream.concat(spoken.stream(), upstreamOnly.stream()).toList();
        }

        Stream<Entry<Q, A>> entries() {
            return all().stream().map(format -> new Entry<>(this, format));
        }

        List<Q> requests() {
            return samples.stream()
                    .map(sample -> spoken.getFirst().readRequest(sample.getBytes(UTF_8), ASKED))
                    .toList();
        }
    }

    private record Entry<Q, A extends WholeAnswer<Q>>(Family<Q, A> family, WholeFormat<Q, A> format) {
        void read(byte[] bytes) {
            if (family.spoken().contains(format)) {
                var _ = format.peek(bytes, Asked.IN_BODY);
                for (WholeFormat<Q, A> upstream : family.all()) send(bytes, upstream);
            }
            var _ = format.inspect(bytes, 0, bytes.length);
            if (!(format.readAnswer(bytes, 0, bytes.length) instanceof WholeRead.Read<A> read)) return;
            for (Q request : family.requests()) {
                if (read.answer().flaw(request) != null) continue;
                for (WholeFormat<Q, A> client : family.spoken()) client.writeAnswer(read.answer(), request, VIEW);
            }
        }

        private void send(byte[] bytes, WholeFormat<Q, A> upstream) {
            try {
                WholeTranslation<Q, A> call =
                        WholeTranslation.of(format, upstream, bytes, ASKED).split(1);
                for (Q part : call.parts()) call.written(part, "m", Dialect.PLAIN);
            } catch (InexpressibleException _) {
                // Said to the client.
            }
        }
    }
}
