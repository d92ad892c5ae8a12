package dev.sluice.store.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.ApiKey;
import dev.sluice.settings.Credential;
import dev.sluice.settings.KeyHash;
import dev.sluice.settings.Limits;
import dev.sluice.settings.ProviderKey;
import dev.sluice.settings.Quota;
import dev.sluice.settings.Resource;
import dev.sluice.settings.Secret;
import dev.sluice.store.Samples;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealingTest {
    @TempDir
    Path directory;

    Sealing sealing;

    @BeforeEach
    void generate() {
        sealing = new Sealing(MasterKeys.generate(directory));
    }

    @Test
    void sealsATypedInSecretAndOpensItAgain() {
        Resource key = Samples.providerKey("a", "sk-secret").spec();

        Sealing.Sealed sealed = sealing.seal("pvk_a", key);

        assertThat(sealed.keyId()).isEqualTo(sealing.keys().activeId());
        assertThat(((ProviderKey) sealed.resource()).secret())
                .isInstanceOfSatisfying(
                        Secret.Literal.class, l -> assertThat(l.value()).startsWith("sealed:v1:"));
        assertThat(sealing.open("pvk_a", "provider key", sealed.resource())).isEqualTo(key);
    }

    @Test
    void leavesReferencesReadable() {
        Resource key = Samples.providerKey("a", "env:OPENAI_KEY").spec();

        Sealing.Sealed sealed = sealing.seal("pvk_a", key);

        assertThat(sealed.resource()).isSameAs(key);
        assertThat(sealed.keyId()).isEmpty();
    }

    @Test
    void leavesResourcesWithoutSecretsAlone() {
        Resource consumer = Samples.consumer("c", "").spec();

        assertThat(sealing.seal("con_c", consumer).resource()).isSameAs(consumer);
        assertThat(Sealing.redact(consumer)).isSameAs(consumer);
    }

    @Test
    void sealsASecretThatLooksSealed() {
        Resource key = Samples.providerKey("a", "sealed:v1:0000:AAAA").spec();

        assertThat(sealing.open(
                        "pvk_a", "provider key", sealing.seal("pvk_a", key).resource()))
                .isEqualTo(key);
    }

    @Test
    void redactsSecretsAndHashes() {
        Credential credential = Credential.of("sk-sluice-0123456789");
        ApiKey key = new ApiKey(
                "k",
                "",
                "c",
                new Secret.Literal("sk-typed"),
                true,
                null,
                List.of(),
                List.of(),
                List.of(),
                Limits.NONE,
                Quota.NONE,
                credential,
                "default");

        ApiKey redacted = (ApiKey) Sealing.redact(key);

        assertThat(redacted.secret()).isEqualTo(new Secret.Literal("[redacted]"));
        assertThat(Optional.ofNullable(redacted.credential()).orElseThrow().hash())
                .isEqualTo(new KeyHash(0, 0, 0, 0));
        assertThat(redacted.name()).isEqualTo("k");
    }
}
