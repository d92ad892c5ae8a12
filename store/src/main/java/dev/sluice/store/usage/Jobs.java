package dev.sluice.store.usage;

import dev.sluice.traffic.usage.UsageRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The table {@code usage_job}: which jobs have been charged. It is written within the transaction that ships their records, so that each
 * counts once.
 */
public final class Jobs {
    private Jobs() {}

    /** The ids of the records of those that were charged last, the latest at the end. */
    public static List<String> charged(Connection connection, int most) throws SQLException {
        List<String> ids = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement("select id from usage_job order by charged_at desc limit ?")) {
            select.setInt(1, most);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) ids.add(row.getString(1));
            }
        }
        return ids.reversed();
    }

    static boolean any(List<UsageRecord> records) {
        for (UsageRecord record : records) {
            if (record.isJob()) return true;
        }
        return false;
    }

    /** The records without those of jobs that have been charged before; notes the others. */
    static List<UsageRecord> uncharged(Connection connection, List<UsageRecord> records, long nowMillis)
            throws SQLException {
        // In the order of ids, so that two nodes do not wait for each other.
        Set<String> told = new TreeSet<>();
        for (UsageRecord record : records) {
            if (record.isJob()) told.add(record.id());
        }
        Set<String> fresh = new HashSet<>();
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into usage_job (id, charged_at) values (?, ?) on conflict (id) do nothing")) {
            for (String id : told) {
                insert.setString(1, id);
                insert.setLong(2, nowMillis);
                if (insert.executeUpdate() > 0) fresh.add(id);
            }
        }
        List<UsageRecord> left = new ArrayList<>(records.size());
        for (UsageRecord record : records) {
            if (!record.isJob() || fresh.remove(record.id())) left.add(record);
        }
        return left;
    }
}
