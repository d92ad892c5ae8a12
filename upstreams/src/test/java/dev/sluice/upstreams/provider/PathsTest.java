package dev.sluice.upstreams.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.catalogue.WireForm;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.upstreams.credential.Accounts;
import dev.sluice.upstreams.credential.Calls;
import org.junit.jupiter.api.Test;

class PathsTest {
    private static final String VERTEX = "provider: vertex-ai, protocol: native";

    @Test
    void theProjectIsThatOfTheKeyThatTheCallIsMadeWith() {
        BoundService service = Calls.service(VERTEX);
        assertThat(path(service, key("a", Accounts.json()))).contains("/projects/p-1/");
        assertThat(path(service, key("b", Accounts.json().replace("p-1", "p-2"))))
                .contains("/projects/p-2/");
    }

    @Test
    void aDeclaredProjectCountsBeforeTheKeys() {
        BoundService service = Calls.service(VERTEX + ", options: { projectId: declared }");
        assertThat(path(service, key("a", Accounts.json()))).contains("/projects/declared/");
    }

    private static String path(BoundService service, BoundKey key) {
        return ProviderCalls.target(service, key, WireForm.GEMINI_CONTENT, "gemini-2.5-flash", false);
    }

    private static BoundKey key(String id, String secret) {
        return new BoundKey(id, id, secret, 1);
    }
}
