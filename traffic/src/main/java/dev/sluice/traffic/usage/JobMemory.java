package dev.sluice.traffic.usage;

import dev.sluice.protocol.Usage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one node remembers of the jobs of providers, batches, tasks and responses of the background: with which model they were begun, what of them was paid, and
 * which have been charged. Those used longest
 * ago are forgotten. It saves work and quota: what charges a job once over all nodes and restarts is the store, by the id of its record.
 *
 * <p>Safe for all threads: each method holds the lock for one look-up.
 */
public final class JobMemory {
    /** How many jobs are remembered. */
    public static final int MOST = 20_000;

    private static final int ID_BYTES = 16;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Boolean> charged = recent();
    private final Map<String, String> models = recent();
    private final Map<String, Usage> paid = recent();

    /** @param before the ids of records of jobs that have been charged, the latest at the end */
    public JobMemory(List<String> before) {
        for (String job : before) charged.put(job, true);
    }

    private static <V> Map<String, V> recent() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > MOST;
            }
        };
    }

    /**
     * The id of the usage record of a job, the same on every node.
     *
     * @param id the vendor's
     * @param part which of several records of the job; empty for its only one
     */
    public static String recordId(String tenant, String service, String id, String part) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((tenant + '\n' + service + '\n' + id + '\n' + part).getBytes(StandardCharsets.UTF_8));
            return UsageRecord.JOB + HexFormat.of().formatHex(hash, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }

    /** A job has begun. */
    public void begun(String job, String model) {
        lock.lock();
        try {
            models.put(job, model);
        } finally {
            lock.unlock();
        }
    }

    /** The model that a job was begun with; empty if this node does not know. */
    public String model(String job) {
        lock.lock();
        try {
            return models.getOrDefault(job, "");
        } finally {
            lock.unlock();
        }
    }

    /** A call that began a job was charged for a part of it. */
    public void paid(String job, Usage part) {
        if (part.totalTokens() == 0) return;
        lock.lock();
        try {
            paid.put(job, part);
        } finally {
            lock.unlock();
        }
    }

    /** What has been charged of a job before it ended, as far as this node knows. */
    public Usage paid(String job) {
        lock.lock();
        try {
            return paid.getOrDefault(job, Usage.ZERO);
        } finally {
            lock.unlock();
        }
    }

    /** Whether a job is to be charged now: true once for each as long as it is remembered. */
    public boolean charges(String job) {
        lock.lock();
        try {
            return charged.put(job, true) == null;
        } finally {
            lock.unlock();
        }
    }
}
