package dev.sluice.bench.micro;

import dev.sluice.protocol.StreamTap;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.WireFormat;
import dev.sluice.protocol.anthropic.Anthropic;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.chat.StreamEncoder;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.protocol.sse.EventSplitter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A streamed answer of OpenAI chat completions, an event per chunk, as a proxy sees it; times are per event. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StreamBenchmark {
    private static final int EVENTS = 64;
    private static final int MAX_EVENT_BYTES = 1024 * 1024;

    private final WireFormat format = OpenAi.chatCompletions();
    private final byte[][] chunks = chunks();

    /** Cut into events, and each looked at; returns the usage that the last one told. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public @Nullable Usage splitAndTap() {
        EventSplitter splitter = new EventSplitter(MAX_EVENT_BYTES);
        StreamTap tap = format.tap();
        for (byte[] chunk : chunks) splitter.feed(chunk, 0, chunk.length, tap::event);
        if (!tap.isFinished()) throw new IllegalStateException("the stream was not understood");
        return tap.usage();
    }

    /** Each event decoded and written for a client of Anthropic's protocol; returns how many bytes that made. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public int translate() {
        StreamDecoder decoder = OpenAi.chatCompletions().decoder(MAX_EVENT_BYTES);
        StreamEncoder encoder = Anthropic.messages().encoder(new ClientView("model", true, "1", 1));
        ByteArrayOutputStream out = new ByteArrayOutputStream(16 * 1024);
        for (byte[] chunk : chunks) decoder.feed(chunk, 0, chunk.length, event -> encoder.write(event, out));
        return out.size();
    }

    private static byte[][] chunks() {
        byte[][] chunks = new byte[EVENTS][];
        for (int i = 0; i < EVENTS; i++) chunks[i] = event(i).getBytes(StandardCharsets.UTF_8);
        return chunks;
    }

    private static String event(int index) {
        String start = "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1760000000,"
                + "\"model\":\"gpt-4o-mini-2024-07-18\",\"service_tier\":\"default\",\"choices\":[";
        return switch (EVENTS - index) {
            case 1 ->
                start + "],\"usage\":{\"prompt_tokens\":231,\"completion_tokens\":61,\"total_tokens\":292}}\n\n"
                        + "data: [DONE]\n\n";
            case 2 ->
                start + "{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":null}\n\n";
            default ->
                start + "{\"index\":0,\"delta\":{\"content\":\" water\"},\"logprobs\":null,\"finish_reason\":null}],"
                        + "\"usage\":null}\n\n";
        };
    }
}
