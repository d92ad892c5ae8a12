package dev.sluice.app.calls;

import dev.sluice.traffic.failure.FailureKind;
import dev.sluice.traffic.usage.Settlement;
import org.junit.jupiter.api.Test;

/** The tables on the pages are those of the code. */
class GoldenPagesTest {
    @Test
    void usageShowsTheSettlementTable() {
        Pages.assertShows("usage.md", "settlement", Settlement.markdown());
    }

    @Test
    void errorsShowsTheFailureTable() {
        Pages.assertShows("errors.md", "failures", FailureKind.markdown());
    }
}
