package dev.sluice.traffic.health;

import static dev.sluice.traffic.Declared.NOW;
import static dev.sluice.traffic.Declared.passthrough;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.traffic.Declared;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RetryBudgetsTest {
    private final BoundService service = Declared.service("s", passthrough());
    private final RetryBudgets budgets = new RetryBudgets();

    @Test
    void aFewRetriesPerSecondAreFree() {
        assertThat(spent(5, NOW)).isEqualTo(3);
        assertThat(spent(5, NOW + 999)).isZero();
        assertThat(spent(5, NOW + 1_000)).isEqualTo(3);
        assertThat(budgets.denied()).isEqualTo(9);
    }

    @Test
    void fiveCallsEarnARetry() {
        for (int i = 0; i < 50; i++) budgets.called(service);
        assertThat(spent(100, NOW)).isEqualTo(10 + 3);
    }

    @Test
    void aQuietTimeDoesNotPayForAStorm() {
        for (int i = 0; i < 100_000; i++) budgets.called(service);
        assertThat(spent(1_000, NOW)).isEqualTo(100 + 3);
    }

    @Test
    void servicesDoNotShareABudget() {
        assertThat(spent(5, NOW)).isEqualTo(3);
        assertThat(budgets.spend(Declared.service("other", passthrough()), NOW)).isTrue();
    }

    /** However calls fail: an outage gets at most its share on top, and the free ones. */
    @Property(tries = 100)
    void anOutageIsNotAmplified(@ForAll @IntRange(min = 1, max = 2_000) int calls) {
        RetryBudgets fresh = new RetryBudgets();
        int retries = 0;
        for (int i = 0; i < calls; i++) {
            fresh.called(service);
            for (int retry = 0; retry < 5; retry++) if (fresh.spend(service, NOW)) retries++;
        }
        assertThat(retries).isLessThanOrEqualTo(calls / 5 + 3);
    }

    private int spent(int wanted, long now) {
        int granted = 0;
        for (int i = 0; i < wanted; i++) if (budgets.spend(service, now)) granted++;
        return granted;
    }
}
