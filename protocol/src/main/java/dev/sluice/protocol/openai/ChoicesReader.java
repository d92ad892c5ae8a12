package dev.sluice.protocol.openai;

import dev.sluice.protocol.EventKind;
import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonType;
import dev.sluice.protocol.json.Keys;
import dev.sluice.protocol.sse.ServerSentEvent;
import org.jspecify.annotations.Nullable;

/**
 * Reads objects with {@code choices}: whole answers and stream chunks of chat completions and completions. Members of
 * both are known here, since vendors mix them.
 */
final class ChoicesReader implements ChunkReader {
    private enum Member {
        CHOICES,
        USAGE,
        ERROR,
        OBJECT,
        CODE,
        BASE_RESP,
        X_GROQ,
        OTHER
    }

    private enum Choice {
        INDEX,
        DELTA,
        MESSAGE,
        TEXT,
        FINISH_REASON,
        USAGE,
        ERROR,
        OTHER
    }

    private enum Delta {
        CONTENT,
        REASONING_CONTENT,
        REASONING,
        REASONING_DETAILS,
        REFUSAL,
        TOOL_CALLS,
        FUNCTION_CALL,
        AUDIO,
        OTHER
    }

    private enum FinishReason {
        ERROR,
        OTHER
    }

    private static final Keys<Member> MEMBERS = Keys.of(Member.class, Member.OTHER);
    private static final Keys<Choice> CHOICES = Keys.of(Choice.class, Choice.OTHER);
    private static final Keys<Delta> DELTAS = Keys.of(Delta.class, Delta.OTHER);
    private static final Keys<FinishReason> FINISH_REASONS = Keys.of(FinishReason.class, FinishReason.OTHER);

    private final boolean whole;
    private final OutputSample output = new OutputSample();
    private final UsageReader usageReader = new UsageReader();
    private @Nullable Usage usage;
    /** Choices by their number, as far as a long counts. */
    private long begun;

    private long finished;

    // What the object read last held.
    private boolean choicesGiven;
    private boolean anyChoice;
    private boolean content;
    private boolean failed;
    private boolean usageHere;
    private int emptyUsageFrom;
    private int emptyUsageTo;

    /** @param whole whether the messages in it are the answer; in a stream they repeat what the deltas said */
    ChoicesReader(boolean whole) {
        this.whole = whole;
    }

    @Override
    public EventKind read(byte[] json, JsonScanner scanner, ServerSentEvent event) {
        read(json, scanner);
        if (failed) return EventKind.ERROR;
        if (content) return EventKind.CONTENT;
        return usageHere && !anyChoice ? EventKind.USAGE_ONLY : EventKind.LIFECYCLE;
    }

    /** Reads the object at the cursor. */
    void read(byte[] json, JsonScanner scanner) {
        choicesGiven = false;
        anyChoice = false;
        content = false;
        failed = false;
        usageHere = false;
        emptyUsageFrom = -1;
        emptyUsageTo = -1;
        boolean code = false;
        scanner.enter();
        while (scanner.nextMember()) {
            switch (scanner.key(MEMBERS)) {
                case CHOICES -> choices(json, scanner);
                case USAGE -> {
                    if (scanner.type() == JsonType.NULL) emptyUsage(json, scanner);
                    else usage(scanner);
                }
                case X_GROQ -> groq(scanner);
                case ERROR -> failed |= VendorFailure.isError(scanner);
                case OBJECT -> failed |= VendorFailure.isErrorObject(json, scanner);
                case BASE_RESP -> failed |= VendorFailure.isFailedStatus(scanner);
                case CODE -> {
                    if (scanner.type() == JsonType.STRING) code = VendorFailure.isFailureCode(json, scanner);
                    else failed |= VendorFailure.isFailureCode(json, scanner);
                }
                case OTHER -> {}
            }
        }
        // A word as code is a failure only where there is no answer.
        failed |= code && !choicesGiven;
    }

    private void choices(byte[] json, JsonScanner scanner) {
        if (scanner.type() != JsonType.ARRAY) return;
        choicesGiven = true;
        scanner.enter();
        while (scanner.nextElement()) {
            anyChoice = true;
            if (scanner.type() == JsonType.OBJECT) choice(json, scanner);
        }
    }

    private void choice(byte[] json, JsonScanner scanner) {
        int index = 0;
        boolean ends = false;
        scanner.enter();
        while (scanner.nextMember()) {
            switch (scanner.key(CHOICES)) {
                case INDEX -> index = Math.clamp(scanner.takeLong(0), 0, 63);
                case DELTA -> delta(json, scanner);
                case MESSAGE -> {
                    if (whole || output.isEmpty()) delta(json, scanner);
                }
                case TEXT -> content |= output.takeString(json, scanner);
                case FINISH_REASON -> ends |= isFinish(json, scanner);
                case USAGE -> usage(scanner);
                case ERROR -> failed |= VendorFailure.isError(scanner);
                case OTHER -> {}
            }
        }
        begun |= 1L << index;
        if (ends) finished |= 1L << index;
    }

    private void delta(byte[] json, JsonScanner scanner) {
        if (scanner.type() != JsonType.OBJECT) return;
        boolean reasoned = false;
        scanner.enter();
        while (scanner.nextMember()) {
            switch (scanner.key(DELTAS)) {
                case CONTENT, REFUSAL, TOOL_CALLS, FUNCTION_CALL, AUDIO -> content |= output.takeAll(json, scanner);
                case REASONING_CONTENT, REASONING, REASONING_DETAILS -> {
                    // The same thought may stand under several names; it is counted once.
                    if (!reasoned) reasoned = output.takeAll(json, scanner);
                }
                case OTHER -> {}
            }
        }
        content |= reasoned;
    }

    private boolean isFinish(byte[] json, JsonScanner scanner) {
        if (scanner.type() != JsonType.STRING || !scanner.skip()) return false;
        int from = scanner.valueFrom() + 1;
        int to = scanner.valueTo() - 1;
        if (from == to) return false;
        return switch (FINISH_REASONS.find(json, from, to)) {
            case ERROR -> {
                failed = true;
                yield false;
            }
            case OTHER -> {
                content = true;
                yield true;
            }
        };
    }

    private void usage(JsonScanner scanner) {
        Usage told = usageReader.read(scanner);
        if (told == null) return;
        usage = told;
        usageHere = true;
    }

    private void groq(JsonScanner scanner) {
        if (scanner.type() != JsonType.OBJECT) return;
        scanner.enter();
        while (scanner.nextMember()) {
            if (scanner.key(MEMBERS) == Member.USAGE) usage(scanner);
        }
    }

    private void emptyUsage(byte[] json, JsonScanner scanner) {
        int comma = scanner.commaBefore();
        int member = scanner.memberFrom();
        if (!scanner.skip()) return;
        int to = scanner.valueTo();
        if (comma < 0) {
            int next = to;
            while (next < json.length && json[next] <= ' ' && json[next] > 0) next++;
            if (next < json.length && json[next] == ',') to = next + 1;
        }
        emptyUsageFrom = comma < 0 ? member : comma;
        emptyUsageTo = to;
    }

    /** Whether the object read last holds at least one choice. */
    boolean hasChoices() {
        return anyChoice;
    }

    /** Whether the object read last tells an error. */
    boolean hasFailed() {
        return failed;
    }

    @Override
    public @Nullable Usage usage() {
        return usage;
    }

    /** Whether every choice that has begun has told why it ended. */
    @Override
    public boolean isFinished() {
        return finished != 0 && finished == begun;
    }

    /** Usage and {@code [DONE]} follow. */
    @Override
    public boolean isEnded() {
        return false;
    }

    @Override
    public TextSample output() {
        return output.toSample();
    }

    @Override
    public int emptyUsageFrom() {
        return emptyUsageFrom;
    }

    @Override
    public int emptyUsageTo() {
        return emptyUsageTo;
    }
}
