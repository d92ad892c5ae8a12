package dev.sluice.simulator;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The rules in force, in the order in which they were added. The first one that matches a call and is due decides; a rule counts the calls that
 * match it and were not taken by a rule before it. Safe for all threads.
 */
public final class Rules {
    private final CopyOnWriteArrayList<Active> active = new CopyOnWriteArrayList<>();
    private final AtomicLong lastId = new AtomicLong();

    private record Active(long id, Rule rule, AtomicLong seen) {}

    Rules() {}

    /** Adds a rule behind the others and returns its id. */
    public long add(Rule rule) {
        long id = lastId.incrementAndGet();
        active.add(new Active(id, rule, new AtomicLong()));
        return id;
    }

    /** The next calls, whatever they are, get a fault. */
    public long next(long calls, String fault) {
        return add(Rule.always(fault).times(calls));
    }

    /** A provider key is refused from now on, e.g. with 401, 403 or 429. */
    public long refuseKey(String apiKey, int status) {
        return add(Rule.always("status=" + status).forApiKey(apiKey));
    }

    public boolean remove(long id) {
        return active.removeIf(entry -> entry.id() == id);
    }

    public void clear() {
        active.clear();
    }

    /** The rules by id. */
    public Map<Long, Rule> all() {
        Map<Long, Rule> all = new TreeMap<>();
        active.forEach(entry -> all.put(entry.id(), entry.rule()));
        return all;
    }

    boolean isEmpty() {
        return active.isEmpty();
    }

    /** The directives for a call, empty when no rule is due. Counts the call. */
    String take(String model, String path, String apiKey) {
        if (active.isEmpty()) {
            return "";
        }
        for (Active entry : active) {
            Rule rule = entry.rule();
            if (rule.matches(model, path, apiKey)) {
                long seen = entry.seen().getAndIncrement();
                if (seen >= rule.skip() && (rule.times() == 0 || seen - rule.skip() < rule.times())) {
                    return rule.fault();
                }
            }
        }
        return "";
    }
}
