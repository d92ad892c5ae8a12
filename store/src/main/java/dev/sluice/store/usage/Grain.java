package dev.sluice.store.usage;

/** The lengths of time that usage is rolled up to, each with its table. */
enum Grain {
    MINUTE("usage_minute", 60_000L),
    HOUR("usage_hour", 3_600_000L),
    DAY("usage_day", 86_400_000L);

    private final String table;
    private final long millis;

    Grain(String table, long millis) {
        this.table = table;
        this.millis = millis;
    }

    String table() {
        return table;
    }

    /** The beginning of the bucket that a time is in; days are days of UTC. */
    long floor(long epochMillis) {
        return Math.floorDiv(epochMillis, millis) * millis;
    }

    /** The beginning of the first bucket that begins at a time or later. */
    long ceiling(long epochMillis) {
        return -Math.floorDiv(-epochMillis, millis) * millis;
    }
}
