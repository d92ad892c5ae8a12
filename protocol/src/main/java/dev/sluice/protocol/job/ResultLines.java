package dev.sluice.protocol.job;

import dev.sluice.protocol.Units;
import dev.sluice.protocol.Usage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads along the results of a batch that pass by in chunks of any size, and sums up their usage by model. Holds one line at most. What does not
 * begin with an answer of a batch is something else, and is not looked at further.
 */
public final class ResultLines {
    private static final int MOST_MODELS = 100;

    private final ResultLine.Reader reader;
    private final int longest;
    private final Map<String, Usage> sums = new LinkedHashMap<>(2);
    private byte[] line = new byte[1024];
    private int length;
    private boolean tooLong;
    private boolean begun;
    private boolean other;
    private boolean complete = true;

    /** @param longest line that is read; what longer ones used is not known */
    public ResultLines(ResultLine.Reader reader, int longest) {
        this.reader = reader;
        this.longest = longest;
    }

    public void feed(byte[] bytes) {
        int from = 0;
        for (int i = 0; i < bytes.length && !other; i++) {
            if (bytes[i] != '\n') continue;
            keep(bytes, from, i);
            from = i + 1;
            ended();
        }
        if (!other) keep(bytes, from, bytes.length);
    }

    /** What the results tell, by model; empty if they are none. Nothing may be fed after it. */
    public List<JobUsage> byModel(String id) {
        if (!other && length > 0) ended();
        List<JobUsage> told = new ArrayList<>(1);
        if (!other) sums.forEach((model, usage) -> told.add(new JobUsage(id, model, usage, Units.NONE, complete)));
        return told;
    }

    /** What the results tell in one sum, under the model of the first; empty if they are none. Nothing may be fed after it. */
    public List<JobUsage> inAll(String id) {
        List<JobUsage> told = byModel(id);
        if (told.size() < 2) return told;
        Usage all = told.stream().map(JobUsage::usage).reduce(Usage.ZERO, Usage::plus);
        return List.of(new JobUsage(id, told.getFirst().model(), all, Units.NONE, complete));
    }

    private void keep(byte[] bytes, int from, int to) {
        int needed = length + to - from;
        if (tooLong || needed > longest) {
            tooLong = true;
            length = 0;
            return;
        }
        if (needed > line.length)
            line = Arrays.copyOf(line, (int) Math.min(longest, Math.max(needed, 2L * line.length)));
        System.arraycopy(bytes, from, line, length, to - from);
        length = needed;
    }

    private void ended() {
        if (tooLong) {
            complete = false;
        } else if (!isBlank()) {
            ResultLine result = reader.read(line, 0, length);
            if (result == null && !begun) other = true;
            else if (result == null) complete = false;
            else add(result);
            begun = true;
        }
        tooLong = false;
        length = 0;
    }

    private boolean isBlank() {
        for (int i = 0; i < length; i++) {
            if (line[i] != ' ' && line[i] != '\r' && line[i] != '\t') return false;
        }
        return true;
    }

    private void add(ResultLine result) {
        @Nullable Usage told = result.usage();
        if (told == null) return;
        String model = sums.size() < MOST_MODELS || sums.containsKey(result.model())
                ? result.model()
                : sums.keySet().iterator().next();
        sums.merge(model, told, Usage::plus);
    }
}
