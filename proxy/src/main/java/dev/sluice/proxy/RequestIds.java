package dev.sluice.proxy;

import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** Request ids that are unique over nodes and restarts: a random part per process and a counter. */
final class RequestIds {
    private final String prefix;
    private final AtomicLong counter = new AtomicLong();

    RequestIds(RandomGenerator random) {
        this.prefix = "req_" + HexFormat.of().toHexDigits(random.nextLong());
    }

    String next() {
        return prefix + HexFormat.of().toHexDigits((int) counter.incrementAndGet());
    }
}
