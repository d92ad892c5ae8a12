package dev.sluice.store.usage;

import dev.sluice.store.journal.ByteSource.MalformedException;
import dev.sluice.store.journal.Position;
import dev.sluice.store.sql.Database;
import dev.sluice.store.sql.StoreException;
import dev.sluice.store.sql.StoreException.Reason;
import dev.sluice.traffic.usage.UsageRecord;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/** The calls themselves, as they were shipped. */
public final class CallDetails {
    private static final int BLOCKS_AT_ONCE = 16;

    private final Database database;

    /** Takes calls one by one. */
    public interface Visitor {
        /** @return whether to go on */
        boolean visit(UsageRecord call);
    }

    public CallDetails(Database database) {
        this.database = database;
    }

    /**
     * Hands out the calls that began in a range of time, roughly in that order. Holds a few blocks at a time in memory,
     * and no transaction while the visitor works.
     *
     * @param from inclusive
     * @param to exclusive
     */
    public void visit(Instant from, Instant to, Predicate<UsageRecord> wanted, Visitor visitor) {
        long first = from.toEpochMilli();
        long end = to.toEpochMilli();
        Blocks.Key after = new Blocks.Key(Long.MIN_VALUE, "", Position.START);
        while (true) {
            Blocks.Key seen = after;
            List<Blocks.Found> blocks =
                    database.read("read calls", c -> Blocks.find(c, first, end, seen, BLOCKS_AT_ONCE));
            for (Blocks.Found found : blocks) {
                for (UsageRecord call : unpack(found)) {
                    boolean inside = call.startedAtMillis() >= first && call.startedAtMillis() < end;
                    if (inside && wanted.test(call) && !visitor.visit(call)) return;
                }
                after = found.key();
            }
            if (blocks.size() < BLOCKS_AT_ONCE) return;
        }
    }

    private static List<UsageRecord> unpack(Blocks.Found found) {
        try {
            return found.block().unpack();
        } catch (MalformedException e) {
            throw new StoreException(
                    Reason.DAMAGED, "the block of calls at " + found.key() + " cannot be read: " + e.getMessage(), e);
        }
    }
}
