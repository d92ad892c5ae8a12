package dev.sluice.bench.micro;

import dev.sluice.bench.load.Conversation;
import dev.sluice.protocol.Asked;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.RequestHead;
import dev.sluice.protocol.Splice;
import dev.sluice.protocol.WireFormat;
import dev.sluice.protocol.openai.OpenAi;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A request of OpenAI chat completions: found out what it asks for, and given another model. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RequestBenchmark {
    private static final byte[] MODEL = "\"gpt-4o-mini\"".getBytes(StandardCharsets.UTF_8);

    /** Times that the text of the first user turn is repeated: a chat, and a chat with a document in it. */
    @Param({"1", "400"})
    public int repeats = 1;

    private final WireFormat format = OpenAi.chatCompletions();
    private byte[] body = {};

    @Setup
    public void fill() {
        String text = "We are three adults and a dog and must be in Lisbon on Thursday evening. ";
        String request = Conversation.opening("chat-default") + ",\"stream\":true}";
        body = request.replace(text, text.repeat(repeats)).getBytes(StandardCharsets.UTF_8);
        if (!(format.peek(body, Asked.IN_BODY) instanceof RequestHead))
            throw new IllegalStateException("the request was refused");
    }

    /** One pass over the body. */
    @Benchmark
    public Peek peek() {
        return format.peek(body, Asked.IN_BODY);
    }

    /** The same, and the body that goes upstream: the model replaced, usage asked for. */
    @Benchmark
    public byte[] peekAndSplice() {
        if (!(format.peek(body, Asked.IN_BODY) instanceof RequestHead head))
            throw new IllegalStateException("the request was refused");
        List<Splice> edits = new ArrayList<>(2);
        edits.add(new Splice(head.modelFrom(), head.modelTo(), MODEL));
        Splice askUsage = head.askUsage();
        if (askUsage != null) edits.add(askUsage);
        edits.sort((a, b) -> Integer.compare(a.from(), b.from()));
        return Splice.apply(body, edits);
    }
}
