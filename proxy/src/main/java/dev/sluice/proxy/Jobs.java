package dev.sluice.proxy;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.anthropic.Anthropic;
import dev.sluice.protocol.ark.Ark;
import dev.sluice.protocol.dashscope.DashScope;
import dev.sluice.protocol.job.BackgroundJob;
import dev.sluice.protocol.job.JobUsage;
import dev.sluice.protocol.job.ResultLines;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.settings.Operation;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.traffic.routing.Target;
import dev.sluice.traffic.usage.JobMemory;
import dev.sluice.traffic.usage.Outcome;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What answers tell of jobs, batches, tasks and responses that are made in the background: their usage is not that of the call that asks, and it is told to whoever asks. Each has a usage
 * record of its own, with an id that is the same whenever and wherever it is told of.
 */
final class Jobs {
    private Jobs() {}

    /** Notes what a whole answer tells: of a task that has begun, or of jobs that have ended. */
    static void read(Attempt attempt, byte[] answer) {
        Exchange x = attempt.exchange();
        switch (x.operation()) {
            case BATCHES -> x.jobs = OpenAi.endedBatches(answer);
            case RESPONSES -> {
                if (tells(x)) note(attempt, OpenAi.background(answer));
            }
            case DASHSCOPE_TASK -> x.jobs = DashScope.endedTask(answer);
            case ARK_TASKS -> {
                if (x.request.method().equals(HttpMethod.POST)) begun(attempt, Ark.begunTask(answer));
                else x.jobs = Ark.endedTasks(answer);
            }
            case DASHSCOPE_IMAGE,
                    DASHSCOPE_IMAGE_EDIT,
                    DASHSCOPE_VIDEO,
                    DASHSCOPE_IMAGE_TO_VIDEO,
                    DASHSCOPE_TRANSCRIPTION -> begun(attempt, DashScope.begunTask(answer));
            default -> {}
        }
    }

    /** A job has begun: what is asked after it may not tell its model. */
    private static void begun(Attempt attempt, @Nullable String job) {
        Target target = attempt.target();
        if (job != null) attempt.plane().jobs().begun(id(target.service(), job, ""), target.model());
    }

    /** Whether the answer, or its events, may tell of a response that is made in the background. */
    static boolean tells(Exchange x) {
        if (x.operation() != Operation.RESPONSES) return false;
        return !x.item().isEmpty() || x.head != null && x.head.background();
    }

    /** Notes what an event tells, where {@link #tells}. */
    static void readEvent(Attempt attempt, byte[] bytes, int from, int to) {
        note(attempt, OpenAi.backgroundInEvent(bytes, from, to));
    }

    private static void note(Attempt attempt, @Nullable BackgroundJob job) {
        Exchange x = attempt.exchange();
        if (job == null) return;
        if (x.item().isEmpty() && !job.id().equals(x.begun)) {
            x.begun = job.id();
            begun(attempt, job.id());
        }
        JobUsage ended = job.ended();
        if (ended != null) x.jobs = List.of(ended);
    }

    /** Whether the usage of a call that has ended is told by whoever asks after what it has begun. */
    static boolean outlives(Exchange x, Outcome outcome) {
        return x.begun != null && (outcome == Outcome.COMPLETED || !x.jobs.isEmpty());
    }

    /** A call was broken off: what it is charged is taken off the job that goes on. */
    static void paid(Exchange x, JobMemory jobs, Usage usage) {
        Target target = x.answeredBy;
        if (x.begun != null && target != null) jobs.paid(id(target.service(), x.begun, ""), usage);
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
        return switch (x.operation()) {
            case DASHSCOPE_TASK, ARK_TASKS, RESPONSES -> false;
            default -> true;
        };
    }

    private static String id(BoundService service, String job, String part) {
        return JobMemory.recordId(service.tenant(), service.name(), job, part);
    }
}
