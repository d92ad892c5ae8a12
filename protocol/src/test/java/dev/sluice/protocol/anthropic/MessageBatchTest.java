package dev.sluice.protocol.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MessageBatchTest {
    private static MessageBatch read(String json) {
        return MessageBatch.read(json.replace('\'', '"').getBytes(UTF_8));
    }

    @Test
    void findsTheModelOfEachRequestAndNoOther() {
        String json = "{'model':'no','requests':[{'custom_id':'1','params':{'model':'a','metadata':{'model':'no'}}},"
                + "{'params':{'n':1}},{'model':'no','params':{'messages':[{'params':{'model':'no'}}],'mo\\u0064el' : 'b'}}]}";
        MessageBatch batch = read(json);
        assertThat(batch.problem()).isNull();
        assertThat(batch.models())
                .extracting(model -> model.request() + " " + model.name())
                .containsExactly("0 a", "1 ", "2 b");
        assertThat(batch.models())
                .filteredOn(model -> model.from() >= 0)
                .extracting(model -> json.substring(model.from(), model.to()))
                .containsExactly("'a'", "'b'");
    }

    @Test
    void whateverAProviderMayBelieveIsFound() {
        assertThat(read("{'requests':[{'params':{'model':'a','model':'b'},'params':{'model':'c'}}],"
                                + "'requests':[{'params':{'model':'d'}}]}")
                        .models())
                .extracting(MessageBatch.Model::name)
                .containsExactly("a", "b", "c", "d");
    }

    @Test
    void aBodyThatCannotBeReadSaysWhy() {
        assertThat(read("{'requests':[{'params':{'model':'a'}}]} x").problem())
                .isEqualTo("the request body is not valid JSON (byte 40: more follows after the end of the document)");
        assertThat(read("{'requests':[" + "{},".repeat(100_000) + "{}]}").problem())
                .isEqualTo("\"requests\" has 100001 elements (expected: at most 100000)");
        assertThat(read("{'requests':7}").problem()).isNull();
        assertThat(read("[]").models()).isEmpty();
    }
}
