package dev.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ProvidersTest {
    @RegisterExtension
    final AdminFixture gateway = new AdminFixture();

    @Test
    void areListedWithTheirProtocolsAndOperations() {
        Reply reply = gateway.client().get("/admin/v1/providers");
        assertThat(reply.each("id")).containsExactly("deepseek", "openai", "openai-compatible");
        assertThat(reply.body())
                .contains("\"protocol\":\"openai\",\"variant\":false,\"address\":\"https://api.deepseek.com/v1\"")
                .contains("\"native\":[\"chat-completions\",\"completions\"]")
                .contains("\"translated\":[\"responses\",\"messages\"")
                .contains("\"estimated\":[\"openai-count-tokens\",\"count-tokens\",\"gemini-count-tokens\"]")
                .contains("\"unknown\":[]")
                .doesNotContain("\"opaque\"", "\"embeddings\"");
    }

    @Test
    void areFoundByPartOfTheirName() {
        assertThat(gateway.client().get("/admin/v1/providers?q=SEEK").each("id"))
                .containsExactly("deepseek");
        assertThat(gateway.client().get("/admin/v1/providers?kind=agent").each("id"))
                .isEmpty();
        assertThat(gateway.client().get("/admin/v1/providers?sort=-id&limit=1").each("id"))
                .containsExactly("openai-compatible");
    }
}
