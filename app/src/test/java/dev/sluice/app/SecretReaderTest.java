package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.Secret.Reference;
import dev.sluice.settings.SecretResolver.Resolution;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SecretReaderTest {
    private static final Reference A = new Reference("vault", "kv/a#key");

    @Test
    void whoeverWasToldAValueAsksTheSourceAnew() {
        AtomicInteger asked = new AtomicInteger();
        var reader =
                new SecretReader(_ -> new Resolution.Found("sk-" + asked.incrementAndGet()), Duration.ofSeconds(20));

        for (int i = 1; i <= 5_000; i++)
            assertThat(reader.read(List.of(A))).isEqualTo(Map.of(A, new Resolution.Found("sk-" + i)));
    }

    @Test
    void aSourceThatThrowsIsMissing() {
        var reader = new SecretReader(
                _ -> {
                    throw new IllegalStateException("no words for clients");
                },
                Duration.ofSeconds(20));

        assertThat(reader.read(List.of(A)))
                .isEqualTo(Map.of(A, new Resolution.Missing("vault:kv/a#key cannot be read: IllegalStateException")));
    }
}
