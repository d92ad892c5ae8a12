package dev.sluice.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.Secret.Reference;
import dev.sluice.settings.SecretResolver.Resolution.Found;
import dev.sluice.settings.SecretResolver.Resolution.Missing;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KnownSecretsTest {
    private static final Reference A = new Reference("vault", "kv/a#key");
    private static final Reference B = new Reference("file", "/b");
    private static final Reference ENV = new Reference("env", "KEY");
    private static final Missing AWAY = new Missing("away");

    @Test
    void aReferenceThatFailsKeepsItsValueAndSaysSo() {
        KnownSecrets good = KnownSecrets.NONE.with(Map.of(A, new Found("sk-1")), Set.of(A));
        KnownSecrets failing = good.with(Map.of(A, AWAY), Set.of(A));

        assertThat(failing.resolve(A)).isEqualTo(new Found("sk-1"));
        assertThat(failing.resolvesLike(good)).isTrue();
        assertThat(failing.failing(List.of(A))).containsExactly(A);
        assertThat(failing.concerns(List.of(A))).containsExactly("the secret vault:kv/a#key stays what it was: away");
        assertThat(good.concerns(List.of(A))).isEmpty();
    }

    @Test
    void aReferenceThatWasNeverReadIsMissingForTheReasonOfItsSource() {
        assertThat(KnownSecrets.NONE.resolve(A)).isEqualTo(new Missing("vault:kv/a#key has not been read yet"));
        KnownSecrets failing = KnownSecrets.NONE.with(Map.of(A, AWAY), Set.of(A));

        assertThat(failing.resolve(A)).isEqualTo(AWAY);
        assertThat(failing.untried(List.of(A, B))).containsExactly(B);
        assertThat(failing.concerns(List.of(A)))
                .as("the snapshot warns of keys without a value")
                .isEmpty();
    }

    @Test
    void whatAnEarlierProcessSavedIsUsedOnlyWhileTheSourceFails() {
        KnownSecrets saved = KnownSecrets.saved(Map.of(A, "sk-old", B, "sk-old"));
        assertThat(saved.untried(List.of(A, B))).containsExactlyInAnyOrder(A, B);
        KnownSecrets read = saved.with(Map.of(A, AWAY, B, new Found("sk-new")), Set.of(A, B));

        assertThat(read.resolve(A)).isEqualTo(new Found("sk-old"));
        assertThat(read.resolve(B)).isEqualTo(new Found("sk-new"));
        assertThat(read.failing(List.of(A, B))).containsExactly(A);
    }

    @Test
    void whatNobodyNamesAnyMoreIsForgotten() {
        KnownSecrets both = KnownSecrets.NONE.with(Map.of(A, new Found("1"), B, new Found("2")), Set.of(A, B));

        assertThat(both.with(Map.of(), Set.of(B)).values()).isEqualTo(Map.of(B, "2"));
    }

    @Test
    void theEnvironmentIsNotSaved() {
        KnownSecrets both = KnownSecrets.NONE.with(Map.of(ENV, new Found("1"), B, new Found("2")), Set.of(ENV, B));

        assertThat(both.values()).isEqualTo(Map.of(B, "2"));
    }
}
