package dev.sluice.protocol.rerank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.cohere.Cohere;
import dev.sluice.protocol.dashscope.DashScope;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.protocol.rerank.RerankAnswer.Rank;
import dev.sluice.protocol.rerank.RerankRequest.Document;
import dev.sluice.protocol.whole.WholeFormat;
import dev.sluice.protocol.whole.WholeRead;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What a format of rerank writes it reads with the same meaning. */
class RerankRoundTripPropertyTest {
    private static final List<RerankFormat> FORMATS = List.of(OpenAi.rerank(), Cohere.rerank(), DashScope.rerank());
    private static final WholeFormat.View VIEW = new WholeFormat.View("m", "1", 1);

    @Property(tries = 300)
    void requestsKeepTheirMeaning(
            @ForAll String query,
            @ForAll @Size(min = 1, max = 5) List<String> texts,
            @ForAll @IntRange(min = 1, max = 9) int most) {
        RerankRequest request = request(query, texts, (long) most);
        for (RerankFormat format : FORMATS) {
            byte[] bytes = format.writeRequest(request, "m", Dialect.PLAIN);
            assertThat(format.readRequest(bytes, Asked.IN_BODY)).isEqualTo(request);
        }
    }

    @Property(tries = 300)
    void answersComeBestFirstWithTheirSpelling(@ForAll @IntRange(min = 1, max = 8) int documents, @ForAll long seed) {
        List<Rank> ranks = new ArrayList<>();
        for (int i = 0; i < documents; i++) ranks.add(new Rank(i, new Json.Num("0." + (documents - i) + "0")));
        List<Rank> shuffled = new ArrayList<>(ranks);
        Collections.shuffle(shuffled, new Random(seed));
        RerankRequest request = request("q", Collections.nCopies(documents, "x"), null);
        RerankAnswer answer = new RerankAnswer("id", "model", shuffled, Usage.of(7, 0));
        for (RerankFormat format : FORMATS) {
            byte[] bytes = format.writeAnswer(answer, request, VIEW);
            assertThat(format.readAnswer(bytes, 0, bytes.length)).isInstanceOfSatisfying(WholeRead.Read.class, read -> {
                RerankAnswer told = (RerankAnswer) read.answer();
                assertThat(told.flaw(request)).isNull();
                assertThat(told.ranks()).isEqualTo(ranks);
                assertThat(told.usage()).isEqualTo(answer.usage());
            });
        }
    }

    private static RerankRequest request(String query, List<String> texts, Long most) {
        return new RerankRequest(
                query, texts.stream().map(text -> Document.of(Json.of(text))).toList(), most, false, null, null, false);
    }
}
