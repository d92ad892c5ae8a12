package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is particular about Voyage AI. Its vectors and ranks are those of all others, which is tested with all others. */
class VoyageCallsTest {
    @TempDir
    static Path folder;

    private static EachService each;
    private static Simulator provider;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        each = EachService.start(
                folder,
                "[/v1/embeddings, \"/v1beta/models/{model}:embedContent\", /v1/rerank, /v1/chat/completions]",
                List.of("{ name: voyage, provider: voyage, protocol: native, address: { url: \"%s/voyage/v1\" } }"));
        provider = each.provider();
        gateway = each.gateway();
    }

    @AfterAll
    static void stop() {
        each.close();
    }

    @AfterEach
    void forget() {
        provider.rules().clear();
        provider.journal().clear();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            /v1/embeddings                       | {'model':'m','input':'Hi','dimensions':256,'encoding_format':'base64'}         | {'model':'m','input':['Hi'],'output_dimension':256}
            /v1beta/models/m:embedContent        | {'content':{'parts':[{'text':'Hi'}]},'taskType':'RETRIEVAL_QUERY'}             | {'model':'m','input':['Hi'],'input_type':'query'}
            /v1/rerank                           | {'model':'m','query':'q','documents':['a'],'top_n':1,'return_documents':true}  | {'model':'m','query':'q','documents':['a'],'top_k':1}
            """)
    void isAskedInItsOwnWords(String path, String asked, String sent) {
        Reply reply = gateway.call("/voyage" + path, asked.replace('\'', '"'));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(provider.journal().last().json()).isEqualTo(new JsonObject(sent.replace('\'', '"')));
    }

    @ParameterizedTest
    @CsvSource({
        "status=400;message=The model is not known., 400, The model is not known.",
        "status=429, 429, rate limit",
        "status=401, 502, provider key",
        "error, 502, unexpected error",
    })
    void itsErrorsAreTold(String fault, int status, String message) {
        provider.rules().add(Rule.always(fault));
        Reply reply = gateway.call("/voyage/v1/embeddings", "{\"model\":\"voyage-4\",\"input\":\"Hello\"}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(reply.error().getString("message")).contains(message);
    }

    @Test
    void itDoesNotTalk() {
        Reply reply = gateway.call("/voyage/v1/chat/completions", GatewayUnderTest.chat());
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().getString("message")).contains("provider voyage", "operation chat-completions");
        assertThat(provider.journal().size()).isZero();
    }
}
