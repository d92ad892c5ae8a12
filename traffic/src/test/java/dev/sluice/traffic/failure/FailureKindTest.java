package dev.sluice.traffic.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.traffic.failure.FailureKind.Blame;
import dev.sluice.traffic.failure.FailureKind.KeyVerdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailureKindTest {
    @ParameterizedTest
    @EnumSource(FailureKind.class)
    void rowsAreConsistent(FailureKind kind) {
        assertThat(kind.status()).isBetween(400, 599);
        assertThat(kind.code()).matches("[a-z_]+");
        assertThat(kind.label()).matches("[a-z-]+");
        // Another key helps only where the key is at fault, or may do less than others.
        assertThat(kind.rotates()).isEqualTo(kind.key() != KeyVerdict.KEEP || kind.blame() == Blame.CIRCUIT);
        if (kind.key() != KeyVerdict.KEEP) assertThat(kind.blamesUpstream()).isTrue();
        // What may be retried may also be tried elsewhere.
        if (kind.isRetryable()) assertThat(kind.fallback()).isNotNull();
        // A key that is at fault rests; that is no reason to keep off the others.
        if (kind.blame() != Blame.NOBODY) assertThat(kind.key()).isEqualTo(KeyVerdict.KEEP);
        if (kind.blame() != Blame.NOBODY) assertThat(kind.blamesUpstream()).isTrue();
    }

    @Test
    void theTableReadsAsMarkdown() {
        assertThat(FailureKind.markdown()).startsWith("""
                        | failure | provider key | next key at once | retry | node and circuit | falls back on | client gets |
                        |---|---|---|---|---|---|---|
                        | `invalid-request` | keep | no | no | – | never | 400 `invalid_request_error` |
                        """).contains("""
                        | `provider-auth` | reject | yes | no | – | `provider-auth` | 502 `upstream_auth` |
                        | `provider-permission` | keep | yes | no | circuit only | `provider-auth` | 502 `upstream_auth` |
                        | `provider-rate-limited` | rest | yes | yes | – | `rate-limited` | 429 `upstream_failed` |
                        """);
        assertThat(FailureKind.markdown().lines()).hasSize(FailureKind.values().length + 2);
    }
}
