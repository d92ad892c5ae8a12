package dev.sluice.protocol.voyage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.embed.EmbedAnswer;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.protocol.rerank.RerankAnswer;
import dev.sluice.protocol.whole.WholeFormat.View;
import dev.sluice.protocol.whole.WholeRead;
import dev.sluice.protocol.whole.WholeTranslation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VoyageTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {'input':'Hi'}                                                | {'model':'m','input':['Hi']}
            {'input':['a','b'],'dimensions':256,'encoding_format':'base64'} | {'model':'m','input':['a','b'],'output_dimension':256}
            {'input':'Hi','input_type':'query'}                           | {'model':'m','input':['Hi'],'input_type':'query'}
            {'input':'Hi','input_type':'passage','truncate':'NONE'}       | {'model':'m','input':['Hi'],'input_type':'document','truncation':false}
            {'input':'Hi','task':'clustering','truncate':'END'}           | {'model':'m','input':['Hi'],'truncation':true}
            """)
    void writesRequestsForEmbeddings(String openAi, String expected) {
        assertThat(embed(openAi)).isEqualTo(expected.replace('\'', '"'));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'input':[1,2]}",
                "{'input':'Hi','truncate':'START'}",
                "{'input':[{'image':'https://a.example/b.png'}]}"
            })
    void refusesWhatItCannotSay(String openAi) {
        assertThatExceptionOfType(InexpressibleException.class).isThrownBy(() -> embed(openAi));
    }

    @Test
    void readsVectorsByTheirPlaces() {
        byte[] answer = json(
                "{'object':'list','data':[{'object':'embedding','embedding':[0.5,2],'index':1},"
                        + "{'object':'embedding','embedding':[1,-1],'index':0}],'model':'voyage-4','usage':{'total_tokens':10}}");
        WholeTranslation<?, ?> call = WholeTranslation.of(
                OpenAi.embeddings(), Voyage.embeddings(), json("{'model':'m','input':['a','b']}"), Asked.IN_BODY);
        assertThat(call.back(List.of(answer), new View("asked", "id", 1)))
                .isInstanceOfSatisfying(WholeTranslation.Back.Written.class, written -> {
                    assertThat(new String(written.json(), UTF_8))
                            .contains("\"index\":0,\"embedding\":[1,-1]", "\"index\":1,\"embedding\":[0.5,2]");
                    assertThat(written.usage()).isEqualTo(Usage.of(10, 0));
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'data':[]}", "{}", "not json", "{'data':[{'index':0}]}"})
    void anAnswerWithoutVectorsIsNone(String answer) {
        byte[] bytes = json(answer);
        WholeRead<EmbedAnswer> read = Voyage.embeddings().readAnswer(bytes, 0, bytes.length);
        assertThat(read).isInstanceOf(WholeRead.Malformed.class);
    }

    @Test
    void anErrorInPlaceOfVectorsIsTold() {
        byte[] bytes = json("{'detail':'the model is asleep'}");
        assertThat(Voyage.embeddings().readAnswer(bytes, 0, bytes.length))
                .isInstanceOfSatisfying(
                        WholeRead.Failed.class,
                        failed -> assertThat(failed.error().message()).isEqualTo("the model is asleep"));
    }

    @Test
    void ranksAreItsData() {
        byte[] answer =
                json("{'object':'list','data':[{'relevance_score':0.25,'index':0},{'relevance_score':0.75,'index':1}],"
                        + "'model':'rerank-2.5','usage':{'total_tokens':26}}");
        WholeRead<RerankAnswer> read = Voyage.rerank().readAnswer(answer, 0, answer.length);
        assertThat(read).isInstanceOfSatisfying(WholeRead.Read.class, told -> {
            RerankAnswer ranks = (RerankAnswer) told.answer();
            assertThat(ranks.ranks()).extracting(RerankAnswer.Rank::index).containsExactly(0L, 1L);
            assertThat(ranks.usage()).isEqualTo(Usage.of(26, 0));
        });
    }

    @Test
    void writesRequestsForRanks() {
        byte[] sent = Voyage.rerank()
                .writeRequest(
                        OpenAi.rerank()
                                .readRequest(
                                        json(
                                                "{'model':'x','query':'q','documents':['a',{'text':'b'}],'top_n':1,'return_documents':true}"),
                                        Asked.IN_BODY),
                        "m",
                        Dialect.PLAIN);
        assertThat(new String(sent, UTF_8))
                .isEqualTo("{\"model\":\"m\",\"query\":\"q\",\"documents\":[\"a\",\"b\"],\"top_k\":1}");
    }

    private static String embed(String openAi) {
        return new String(
                Voyage.embeddings()
                        .writeRequest(
                                OpenAi.embeddings()
                                        .readRequest(json(openAi.replaceFirst("\\{", "{'model':'x',")), Asked.IN_BODY),
                                "m",
                                Dialect.PLAIN),
                UTF_8);
    }

    private static byte[] json(String singleQuoted) {
        return singleQuoted.replace('\'', '"').getBytes(UTF_8);
    }
}
