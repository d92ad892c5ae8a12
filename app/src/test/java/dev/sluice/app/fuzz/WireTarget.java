package dev.sluice.app.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.protocol.Answer;
import dev.sluice.protocol.Asked;
import dev.sluice.protocol.PathSegment;
import dev.sluice.protocol.StreamTap;
import dev.sluice.protocol.agents.Agents;
import dev.sluice.protocol.anthropic.Anthropic;
import dev.sluice.protocol.anthropic.MessageBatch;
import dev.sluice.protocol.ark.Ark;
import dev.sluice.protocol.bedrock.Bedrock;
import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.chat.StreamEncoder;
import dev.sluice.protocol.chat.UpstreamFormat;
import dev.sluice.protocol.cohere.Cohere;
import dev.sluice.protocol.dashscope.DashScope;
import dev.sluice.protocol.gemini.Gemini;
import dev.sluice.protocol.hunyuan.Hunyuan;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.multipart.MultipartReader;
import dev.sluice.protocol.openai.BatchLines;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.protocol.sse.EventSplitter;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Bodies, streams and forms. The first byte says what reads the others, so that one process tries all readers and finds
 * by itself which of them has more to show. What a reader throws is a finding, and what the pieces of a stream say
 * differently from the whole.
 */
public final class WireTarget {
    private static final int MAX_EVENT = 1 << 14;
    private static final ClientView VIEW = new ClientView("m", true, "1", 1);
    private static final Asked ASKED = new Asked("m", true);

    static final List<ChatFormat> FORMATS = List.of(
            OpenAi.chatCompletions(),
            OpenAi.responses(),
            OpenAi.completions(),
            Anthropic.messages(),
            DashScope.generation(),
            Gemini.generateContent(),
            Bedrock.converse(),
            Cohere.chat(),
            Hunyuan.chat(),
            Agents.difyChat(),
            Agents.difyWorkflow(),
            Agents.bailian(),
            Agents.coze(),
            Anthropic.onBedrock(),
            Anthropic.onVertex());

    private static final int READERS = 5;

    private WireTarget() {}

    /** The first byte of an input for the reader of that number. */
    static byte first(int reader) {
        return (byte) reader;
    }

    /** The first byte of an input for a format. */
    static byte firstOf(int format) {
        return (byte) (READERS + format);
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) return;
        byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
        switch ((input[0] & 0xff) % (READERS + FORMATS.size())) {
            case 0 -> json(bytes);
            case 1 -> events(bytes);
            case 2 -> form(bytes);
            case 3 -> path(bytes);
            case 4 -> lines(bytes);
            default -> format(FORMATS.get((input[0] & 0xff) % (READERS + FORMATS.size()) - READERS), bytes);
        }
    }

    private static void json(byte[] bytes) {
        Json parsed = Json.parse(bytes);
        var _ = MessageBatch.read(bytes);
        var _ = Ark.endedTasks(bytes);
        for (ChatFormat format : FORMATS) {
            if (format instanceof UpstreamFormat) continue;
            var _ = format.peek(bytes, Asked.IN_BODY);
        }
        if (parsed != null) parsed.get("model").text("");
    }

    private static void events(byte[] bytes) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        ByteArrayOutputStream pieces = new ByteArrayOutputStream();
        EventSplitter one = new EventSplitter(MAX_EVENT);
        boolean fits = one.feed(bytes, 0, bytes.length, (b, from, to) -> add(whole, b, from, to));
        EventSplitter many = new EventSplitter(MAX_EVENT);
        boolean still = true;
        for (int i = 0; i < bytes.length && still; i++) {
            still = many.feed(bytes, i, i + 1, (b, from, to) -> add(pieces, b, from, to));
        }
        if (!fits || !still) return;
        one.end((b, from, to) -> add(whole, b, from, to));
        many.end((b, from, to) -> add(pieces, b, from, to));
        if (!Arrays.equals(whole.toByteArray(), pieces.toByteArray()))
            throw new IllegalStateException("a stream that comes byte by byte has other events");
    }

    private static void add(ByteArrayOutputStream to, byte[] bytes, int from, int end) {
        to.write(bytes, from, end - from);
        to.write(0);
    }

    private static void form(byte[] bytes) {
        MultipartReader whole = reader();
        whole.feed(bytes, 0, bytes.length);
        MultipartReader pieces = reader();
        for (int i = 0; i < bytes.length; i++) pieces.feed(bytes, i, i + 1);
        boolean same = whole.isEnded() == pieces.isEnded()
                && String.valueOf(whole.problem()).equals(String.valueOf(pieces.problem()))
                && whole.fileFrom() == pieces.fileFrom()
                && whole.fileTo() == pieces.fileTo()
                && String.valueOf(whole.field("model")).equals(String.valueOf(pieces.field("model")));
        if (!same) throw new IllegalStateException("a form that comes byte by byte has other fields");
    }

    private static MultipartReader reader() {
        MultipartReader reader = MultipartReader.of("multipart/form-data; boundary=x-1", Set.of("model", "stream"));
        if (reader == null) throw new IllegalStateException("the boundary of the test is none");
        return reader;
    }

    private static void lines(byte[] bytes) {
        StringBuilder ofWhole = new StringBuilder();
        StringBuilder ofPieces = new StringBuilder();
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        ByteArrayOutputStream pieces = new ByteArrayOutputStream();
        BatchLines one = new BatchLines(rewriter(ofWhole));
        whole.writeBytes(one.feed(bytes));
        whole.writeBytes(one.end());
        BatchLines many = new BatchLines(rewriter(ofPieces));
        for (byte b : bytes) pieces.writeBytes(many.feed(new byte[] {b}));
        pieces.writeBytes(many.end());
        if (!Arrays.equals(whole.toByteArray(), pieces.toByteArray())
                || ofWhole.compareTo(ofPieces) != 0
                || whole.size() < bytes.length)
            throw new IllegalStateException("lines that come byte by byte are others");
    }

    private static BatchLines.Rewriter rewriter(StringBuilder told) {
        return new BatchLines.Rewriter() {
            @Override
            public String id(String id) {
                told.append(id).append('\n');
                return id.substring(id.length() / 2);
            }

            @Override
            public String model(String model, long line) {
                told.append(line).append(model).append('\n');
                return model + model;
            }

            @Override
            public void unreadable(long line, String why) {
                told.append(line).append(why).append('\n');
            }
        };
    }

    private static void path(byte[] bytes) {
        String encoded = PathSegment.encode(new String(bytes, UTF_8));
        if (!encoded.matches("[A-Za-z0-9._~%-]*"))
            throw new IllegalStateException("a path segment is not encoded: " + encoded);
    }

    private static void format(ChatFormat format, byte[] bytes) {
        try {
            if (!(format instanceof UpstreamFormat)) {
                ChatRequest request = format.readRequest(bytes, ASKED);
                for (ChatFormat to : FORMATS) write(to, request);
            }
        } catch (InexpressibleException _) {
            // Said to the client.
        }
        if (format.readAnswer(bytes, 0, bytes.length) instanceof ChatFormat.AnswerRead.Read(var answer)) {
            for (ChatFormat to : FORMATS) if (!(to instanceof UpstreamFormat)) to.writeAnswer(answer, VIEW);
        }
        Answer inspected = format.inspect(bytes, 0, bytes.length);
        StreamTap tap = format.tap();
        tap.event(bytes, 0, bytes.length);
        if (inspected == null || tap.error().message().length() > 512)
            throw new IllegalStateException("the message of an upstream is not cut");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<StreamEncoder> encoders = FORMATS.stream()
                .filter(to -> !(to instanceof UpstreamFormat))
                .map(to -> to.encoder(VIEW))
                .toList();
        StreamDecoder decoder = format.decoder(MAX_EVENT);
        decoder.feed(bytes, 0, bytes.length, event -> encoders.forEach(encoder -> encoder.write(event, out)));
        decoder.end(event -> encoders.forEach(encoder -> encoder.write(event, out)));
    }

    private static void write(ChatFormat to, ChatRequest request) {
        try {
            to.writeRequest(request, Dialect.PLAIN);
        } catch (InexpressibleException _) {
            // Said to the client.
        }
    }
}
