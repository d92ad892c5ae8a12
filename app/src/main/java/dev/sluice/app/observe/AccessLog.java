package dev.sluice.app.observe;

import dev.sluice.traffic.usage.UsageRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** One line of JSON per call, without bodies and without secrets. */
public final class AccessLog implements Consumer<List<UsageRecord>> {
    private final WritableByteChannel out;
    private final StringBuilder line = new StringBuilder(1024);
    /** The last line was written in part: what comes next must not be joined to it. */
    private boolean torn;

    /** @param out written in batches */
    public AccessLog(WritableByteChannel out) {
        this.out = out;
    }

    /** @throws UncheckedIOException when the lines cannot be written */
    @Override
    public void accept(List<UsageRecord> records) {
        line.setLength(0);
        if (torn) line.append('\n');
        for (UsageRecord r : records) write(r);
        ByteBuffer lines = ByteBuffer.wrap(line.toString().getBytes(StandardCharsets.UTF_8));
        try {
            while (lines.hasRemaining()) out.write(lines);
        } catch (IOException e) {
            throw new UncheckedIOException("it cannot be written: " + e.getMessage(), e);
        } finally {
            if (lines.position() > 0) torn = lines.get(lines.position() - 1) != '\n';
        }
    }

    private void write(UsageRecord r) {
        line.append("{\"time\":\"")
                .append(Instant.ofEpochMilli(r.startedAtMillis()))
                .append('"');
        text("requestId", r.id());
        text("tenant", r.tenant());
        text("modelApi", r.modelApi());
        text("operation", r.operation().toLowerCase(Locale.ROOT).replace('_', '-'));
        text("service", r.service());
        text("provider", r.provider());
        text("askedModel", r.askedModel());
        text("model", r.model());
        text("consumer", r.consumer());
        text("apiKey", r.apiKey());
        text("remoteIp", r.remoteIp());
        number("status", r.status());
        text("outcome", r.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        text("failure", r.failure());
        number("attempts", r.attempts());
        line.append(",\"streamed\":").append(r.streamed());
        number("durationMs", r.durationMillis());
        if (r.firstContentMillis() >= 0) number("firstContentMs", r.firstContentMillis());
        number("inputTokens", r.usage().inputTokens());
        number("cachedInputTokens", r.usage().cachedInputTokens());
        number("cacheWrittenTokens", r.usage().cacheWrittenTokens());
        number("outputTokens", r.usage().outputTokens());
        number("reasoningTokens", r.usage().reasoningTokens());
        if (r.units().images() > 0) number("images", r.units().images());
        if (r.units().audioMillis() > 0) number("audioMs", r.units().audioMillis());
        if (r.units().characters() > 0) number("characters", r.units().characters());
        if (r.units().videoMillis() > 0) number("videoMs", r.units().videoMillis());
        text("provenance", r.provenance().name().toLowerCase(Locale.ROOT));
        number("costMicros", r.costMicros());
        text("currency", r.currency());
        number("requestBytes", r.requestBytes());
        number("responseBytes", r.responseBytes());
        line.append("}\n");
    }

    private void number(String name, long value) {
        line.append(",\"").append(name).append("\":").append(value);
    }

    private void text(String name, String value) {
        if (value.isEmpty()) return;
        line.append(",\"").append(name).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') line.append('\\').append(c);
            else if (c < ' ') line.append("\\u00").append(HexFormat.of().toHexDigits((byte) c));
            else line.append(c);
        }
        line.append('"');
    }
}
