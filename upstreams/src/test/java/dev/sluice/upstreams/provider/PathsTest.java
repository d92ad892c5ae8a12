package dev.sluice.upstreams.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.Operation;
import dev.sluice.settings.catalogue.WireForm;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.upstreams.credential.Accounts;
import dev.sluice.upstreams.credential.Calls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({
        "SPEECH, /audio/speech, /openai/deployments/m-1/audio/speech?api-version=2024-10-21",
        "TRANSCRIPTIONS, /audio/transcriptions, /openai/deployments/m-1/audio/transcriptions?api-version=2024-10-21",
        "IMAGE_EDITS, /images/edits, /openai/deployments/m-1/images/edits?api-version=2024-10-21",
        "FILES, /files/f-1, /openai/files/f-1?api-version=2024-10-21",
        "BATCHES, /batches, /openai/batches?api-version=2024-10-21"
    })
    void azuresDatedApiHasADeploymentForAllButWhatIsKept(Operation operation, String path, String expected) {
        BoundService azure = Calls.service(
                "provider: azure-openai, address: { url: \"https://r.openai.azure.com\" }, options: { apiVersion: \"2024-10-21\" }");
        assertThat(ProviderCalls.unread(azure, operation, path, "m-1")).isEqualTo(expected);
        assertThat(ProviderCalls.unread(Calls.service("provider: openai"), operation, path, "m-1"))
                .isEqualTo(path);
    }

    private static String path(BoundService service, BoundKey key) {
        return ProviderCalls.target(service, key, WireForm.GEMINI_CONTENT, "gemini-2.5-flash", false);
    }

    private static BoundKey key(String id, String secret) {
        return new BoundKey(id, id, secret, 1);
    }
}
