package dev.sluice.traffic.usage;

import java.util.List;
import java.util.Map;

/** Answers questions about past usage from the roll-ups. */
public interface UsageReports {
    List<UsageRow> query(UsageQuery query);

    /** Tokens used by each API key (by id) since an instant, to seed quota counters after a restart. */
    Map<String, Long> tokensByApiKeySince(java.time.Instant from);
}
