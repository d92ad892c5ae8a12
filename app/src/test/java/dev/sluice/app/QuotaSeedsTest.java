package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.ApiKey;
import dev.sluice.settings.Declaration;
import dev.sluice.settings.Edit;
import dev.sluice.settings.Editor;
import dev.sluice.settings.Owner;
import dev.sluice.settings.SecretResolver;
import dev.sluice.settings.Settings;
import dev.sluice.settings.catalogue.Catalogue;
import dev.sluice.settings.snapshot.Caller;
import dev.sluice.settings.snapshot.Snapshot;
import dev.sluice.traffic.limits.Admission;
import dev.sluice.traffic.limits.Limiter;
import dev.sluice.traffic.usage.UsageQuery;
import dev.sluice.traffic.usage.UsageReports;
import dev.sluice.traffic.usage.UsageRow;
import java.net.http.HttpClient;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuotaSeedsTest {
    private static final long NOW = Instant.parse("2027-03-10T12:00:00Z").toEpochMilli();
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(NOW));
    private static final Catalogue CATALOGUE = Catalogue.load();
    private static final SecretResolver SECRETS = SecretResolver.of(_ -> null, HttpClient.newHttpClient(), CLOCK);

    private final Limiter limiter = new Limiter();
    private final String keyId =
            settings("{}").find(ApiKey.class, "default", "k").orElseThrow().id();
    private long stored = 40;
    private final QuotaSeeds seeds = new QuotaSeeds(limiter, new Figures(), CLOCK, CLOCK);

    @Test
    void aQuotaThatWasTakenAwayAndGivenAgainCountsWhatWasUsedMeanwhile() {
        seeds.seed(settings("{ tokensPerMonth: 100 }"));
        assertThat(isAdmitted("{ tokensPerMonth: 100 }")).isTrue();

        seeds.seed(settings("{}"));
        stored = 130;
        seeds.seed(settings("{ tokensPerMonth: 100 }"));

        assertThat(isAdmitted("{ tokensPerMonth: 100 }")).isFalse();
    }

    @Test
    void aKeyThatKeepsItsQuotaIsAskedForOnce() {
        seeds.seed(settings("{ tokensPerMonth: 100 }"));
        stored = 130;
        seeds.seed(settings("{ tokensPerMonth: 120 }"));

        assertThat(isAdmitted("{ tokensPerMonth: 100 }")).isTrue();
    }

    private boolean isAdmitted(String quota) {
        Snapshot snapshot = Snapshot.build(settings(quota), CATALOGUE, SECRETS);
        Caller caller = Objects.requireNonNull(snapshot.callerNamed("default", "k"));
        return !(limiter.admit(caller, 1, 1000, NOW) instanceof Admission.Refused);
    }

    /** Made with the same randomness, so that the key has the same id each time. */
    private static Settings settings(String quota) {
        Editor editor = new Editor(CATALOGUE, SECRETS, new Random(1), CLOCK);
        return ((Edit.Accepted) editor.apply(Settings.EMPTY, declaration(quota), Owner.FILE, false)).settings();
    }

    private static Declaration declaration(String quota) {
        return Declaration.parse(List.of(new Declaration.Document("a.yaml", """
                        consumers: [{ name: c }]
                        apiKeys: [{ name: k, consumer: c, secret: sk-quota-seeds-test, quota: %s }]
                        """.formatted(quota))), _ -> null);
    }

    /** A store that tells one figure for the key. */
    private final class Figures implements UsageReports {
        @Override
        public List<UsageRow> query(UsageQuery query) {
            return List.of();
        }

        @Override
        public Map<String, Long> tokensByApiKeySince(Instant from) {
            return Map.of(keyId, stored);
        }
    }
}
