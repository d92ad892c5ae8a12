package dev.sluice.simulator.dashscope;

import java.util.LinkedHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that were started, with how often each was asked after: the first time it is pending, the second time it runs, then it is done.
 * Bounded: the oldest are forgotten. Safe for all threads.
 */
final class Tasks {
    private static final int MOST_TASKS = 1_000;
    private static final int POLLS_UNTIL_DONE = 3;

    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<String, Task> tasks = new LinkedHashMap<>();

    /** Where a task is. */
    enum Status {
        PENDING,
        RUNNING,
        SUCCEEDED,
        FAILED,
        CANCELED
    }

    /** What a task makes. */
    enum Product {
        IMAGES,
        VIDEO,
        /** What was said in files of sound. */
        TRANSCRIPTS
    }

    /**
     * A task.
     *
     * @param number how many images or transcripts
     * @param prompt what it works on; of transcripts the addresses of the files, one in a line
     * @param seconds how long the video is
     * @param fails whether it will end without a result
     * @param origin where its products can be fetched
     */
    record Task(
            String model,
            String prompt,
            Product product,
            int number,
            int seconds,
            boolean fails,
            String origin,
            int polls,
            boolean cancelled) {
        Task asked() {
            return new Task(model, prompt, product, number, seconds, fails, origin, polls + 1, cancelled);
        }

        Task stopped() {
            return new Task(model, prompt, product, number, seconds, fails, origin, polls, true);
        }

        Status status() {
            if (cancelled) {
                return Status.CANCELED;
            }
            if (polls >= POLLS_UNTIL_DONE) {
                return fails ? Status.FAILED : Status.SUCCEEDED;
            }
            return polls < 2 ? Status.PENDING : Status.RUNNING;
        }
    }

    void start(String id, Task task) {
        lock.lock();
        try {
            if (tasks.size() >= MOST_TASKS) {
                tasks.pollFirstEntry();
            }
            tasks.put(id, task);
        } finally {
            lock.unlock();
        }
    }

    /** The task, one poll later; null when there is none of this id. */
    @Nullable
    Task ask(String id) {
        lock.lock();
        try {
            return tasks.computeIfPresent(id, (_, task) -> task.asked());
        } finally {
            lock.unlock();
        }
    }

    /** Whether the task was pending and is cancelled now. */
    boolean cancel(String id) {
        lock.lock();
        try {
            Task task = tasks.get(id);
            if (task == null || task.status() != Status.PENDING) {
                return false;
            }
            tasks.put(id, task.stopped());
            return true;
        } finally {
            lock.unlock();
        }
    }
}
