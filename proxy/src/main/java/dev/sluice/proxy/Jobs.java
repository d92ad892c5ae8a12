package dev.sluice.proxy;

import dev.sluice.protocol.anthropic.Anthropic;
import dev.sluice.protocol.dashscope.DashScope;
import dev.sluice.protocol.job.JobUsage;
import dev.sluice.protocol.job.ResultLines;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.settings.Operation;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.traffic.usage.JobMemory;
import io.vertx.core.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * What answers tell of jobs, batches and tasks: their usage is not that of the call that asks, and it is told to whoever asks. Each has a usage
 * record of its own, with an id that is the same whenever and wherever it is told of.
 */
final class Jobs {
    private Jobs() {}

    /** Notes what a whole answer tells: of a task that has begun, or of jobs that have ended. */
    static void read(Attempt attempt, byte[] answer) {
        Exchange x = attempt.exchange();
        switch (x.operation()) {
            case BATCHES -> x.jobs = OpenAi.endedBatches(answer);
            case DASHSCOPE_TASK -> x.jobs = DashScope.endedTask(answer);
            case DASHSCOPE_IMAGE,
                    DASHSCOPE_IMAGE_EDIT,
                    DASHSCOPE_VIDEO,
                    DASHSCOPE_IMAGE_TO_VIDEO,
                    DASHSCOPE_TRANSCRIPTION -> {
                String task = DashScope.begunTask(answer);
                if (task != null)
                    attempt.plane()
                            .jobs()
                            .begun(
                                    id(attempt.target().service(), task, ""),
                                    attempt.target().model());
            }
            default -> {}
        }
    }

    /** What reads the results of a batch while they pass by; null for a call that does not ask for them. */
    static @Nullable ResultLines results(Exchange x, int status, int longestLine) {
        if (status != 200 || !x.request.method().equals(HttpMethod.GET) || !KeptThings.isContent(x)) return null;
        return switch (x.operation()) {
            case FILES -> new ResultLines(OpenAi.batchResults(), longestLine);
            case MESSAGE_BATCHES -> new ResultLines(Anthropic.batchResults(), longestLine);
            default -> null;
        };
    }

    /** Notes what results told that have passed by to their end. */
    static void ended(Exchange x, ResultLines results) {
        String[] parts = x.item().split("/", -1);
        String thing = parts.length < 2 ? "" : parts[1];
        String id = x.kept == null ? thing : x.kept.unsealed(thing);
        if (id.isEmpty()) return;
        // OpenAI's batches are of one model each, and are told of in all as well: one record in both cases.
        x.jobs = x.operation() == Operation.FILES ? results.inAll(id) : results.byModel(id);
    }

    /** The id of the usage record of a job that an answer told of. */
    static String id(Exchange x, BoundService service, JobUsage job) {
        return id(service, job.id(), x.operation() == Operation.MESSAGE_BATCHES ? job.model() : "");
    }

    /** Whether prices of batches hold for what a call is told of. */
    static boolean areBatches(Exchange x) {
        return x.operation() != Operation.DASHSCOPE_TASK;
    }

    private static String id(BoundService service, String job, String part) {
        return JobMemory.recordId(service.tenant(), service.name(), job, part);
    }
}
