package dev.sluice.simulator;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.fault.Dress;
import dev.sluice.simulator.fault.Dress.LineEnd;
import dev.sluice.simulator.fault.Fault;
import dev.sluice.simulator.fault.Pace;
import dev.sluice.simulator.fault.Refusal;
import dev.sluice.simulator.fault.Stop;
import dev.sluice.simulator.fault.Stop.Before;
import dev.sluice.simulator.fault.Stop.Ending;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Frame;
import dev.sluice.simulator.voice.Framing;
import dev.sluice.simulator.voice.Header;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Voice;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/**
 * Turns the script of a voice and a fault into a plan. Knows no wire format: it leaves out, breaks, delays and cuts frames, whatever they
 * say. The order is: what is said, what is left out, how bytes are changed, how fast, in which pieces, where it is cut.
 */
final class Staging {
    /** Bigger frames are written in pieces, so that a slow reader is noticed within one body. */
    private static final int MOST_IN_ONE_WRITE = 64 << 10;

    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final Fault fault;
    private final Voice voice;
    private final Heard heard;
    private final SplittableRandom jitter;
    private Plan.End ending = Plan.End.COMPLETE;
    private Outcome outcome = Outcome.ANSWERED;

    private Staging(Fault fault, Voice voice, Heard heard) {
        this.fault = fault;
        this.voice = voice;
        this.heard = heard;
        this.jitter = new SplittableRandom(heard.seed() ^ fault.pace().seed());
    }

    static Plan plan(Voice voice, Heard heard, Fault fault) {
        return new Staging(fault, voice, heard).plan();
    }

    private Plan plan() {
        Script script = script();
        if (!script.isSuccess() || script.frames().stream().anyMatch(frame -> frame.kind() == Frame.Kind.ERROR)) {
            outcome = Outcome.REFUSED;
        }
        List<Frame> frames = framesLeft(script);
        frames = corrupted(broken(frames, script.stream()), script.stream());
        if (script.framing() == Framing.EVENTS && fault.dress().lineEnd() != LineEnd.LF) {
            frames = frames.stream().map(this::otherLineEnds).toList();
        }
        List<Step> steps = new ArrayList<>(prelude(script.framing()));
        int preludeSteps = steps.size();
        int firstContent = firstContent(frames);
        for (int index = 0; index < frames.size(); index++) {
            steps.add(step(frames.get(index), script, index == firstContent));
        }
        long length = steps.stream().mapToLong(step -> step.bytes().length()).sum();
        List<Step> played = cut(steps, preludeSteps, openings(frames));
        if (ending == Plan.End.COMPLETE) {
            length = played.stream().mapToLong(step -> step.bytes().length()).sum();
        }
        long headWait = jittered(fault.pace().latencyMillis() * NANOS_PER_MILLI);
        if (!script.stream() && preludeSteps == 0 && !played.isEmpty()) {
            // The head of a whole answer comes with its body.
            headWait += played.getFirst().waitNanos();
            played.set(0, after(played.getFirst(), 0));
        }
        return new Plan(
                fault.stop().before(),
                headWait,
                script.status(),
                headers(script),
                script.stream() ? -1 : length,
                pieces(played),
                ending,
                fault.stop().before() == Before.ANSWER ? outcome : Outcome.CUT,
                script.usage());
    }

    private Script script() {
        Refusal refusal = fault.refusal();
        if (refusal == null) {
            return voice.answer(heard, fault.wishes());
        }
        Script script = voice.refusal(refusal.complaint());
        String body = refusal.body();
        String contentType = refusal.contentType();
        return new Script(
                refusal.complaint().status(),
                contentType == null ? script.contentType() : contentType,
                script.headers(),
                false,
                body == null ? script.frames() : List.of(Frame.content(body, 0)),
                Usage.ZERO);
    }

    private List<Header> headers(Script script) {
        List<Header> headers = new ArrayList<>();
        headers.add(new Header("content-type", script.contentType()));
        headers.addAll(script.headers());
        headers.addAll(fault.headers());
        return headers;
    }

    /** What is left of the frames after those that a fault leaves out, and with the error that it puts in their place. */
    private List<Frame> framesLeft(Script script) {
        List<Frame> frames = script.frames();
        frames = switch (fault.dress().emptiness()) {
            case NOTHING_MISSING -> frames;
            case EVERYTHING -> List.of();
            case ALL_BUT_TERMINATOR ->
                frames.stream().filter(Staging::isTerminator).toList();
            case TERMINATOR ->
                frames.stream().filter(frame -> !isTerminator(frame)).toList();
        };
        Stop stop = fault.stop();
        Complaint error = stop.error();
        if (error != null && script.isSuccess()) {
            return withError(script, frames, stop.errorAfter(), error);
        }
        return frames;
    }

    private List<Frame> withError(Script script, List<Frame> frames, int after, Complaint error) {
        outcome = Outcome.REFUSED;
        String body = fault.stop().errorBody();
        if (!script.stream()) {
            return body == null ? voice.refusal(error).frames() : List.of(Frame.content(body, 0));
        }
        int kept = Math.min(after, (int)
                frames.stream().filter(frame -> !isTerminator(frame)).count());
        List<Frame> cut = new ArrayList<>(frames.subList(0, kept));
        Buffer event = body == null ? voice.errorEvent(error, kept) : voice.event(body, kept);
        cut.add(new Frame(Frame.Kind.CLOSING, event, 0, null));
        ending = end(fault.stop().ending());
        return cut;
    }

    private static boolean isTerminator(Frame frame) {
        return frame.kind() == Frame.Kind.TERMINATOR;
    }

    private static int openings(List<Frame> frames) {
        int openings = 0;
        while (openings < frames.size() && frames.get(openings).kind() == Frame.Kind.OPENING) {
            openings++;
        }
        return openings;
    }

    private List<Frame> broken(List<Frame> frames, boolean stream) {
        return changed(frames, fault.dress().malformedEvent(), stream, voice::malformed);
    }

    private List<Frame> corrupted(List<Frame> frames, boolean stream) {
        return changed(frames, fault.dress().corruptEvent(), stream, Staging::withOneBitTurned);
    }

    /** The frames with one of them changed: the first with content, or the one of a number from 1. */
    private static List<Frame> changed(List<Frame> frames, int wanted, boolean stream, UnaryOperator<Buffer> change) {
        if (wanted == Dress.NO_EVENT || frames.isEmpty()) {
            return frames;
        }
        int at = wanted == Dress.FIRST_CONTENT ? firstContent(frames) : stream ? wanted - 1 : 0;
        if (at >= frames.size()) {
            return frames;
        }
        List<Frame> all = new ArrayList<>(frames);
        Frame frame = frames.get(at);
        all.set(at, new Frame(frame.kind(), change.apply(frame.bytes()), frame.tokens(), frame.reported()));
        return all;
    }

    /** The lowest bit of the byte in the middle is another. */
    private static Buffer withOneBitTurned(Buffer bytes) {
        int middle = bytes.length() / 2;
        return bytes.copy().setByte(middle, (byte) (bytes.getByte(middle) ^ 1));
    }

    private static int firstContent(List<Frame> frames) {
        for (int index = 0; index < frames.size(); index++) {
            if (frames.get(index).kind() == Frame.Kind.CONTENT) {
                return index;
            }
        }
        return 0;
    }

    private Frame otherLineEnds(Frame frame) {
        return new Frame(frame.kind(), otherLineEnds(frame.bytes()), frame.tokens(), frame.reported());
    }

    /** Line feeds occur in a stream only as line ends: JSON escapes them. */
    private Buffer otherLineEnds(Buffer bytes) {
        String end = fault.dress().lineEnd().characters();
        return Buffer.buffer(
                bytes.toString(StandardCharsets.UTF_8).replace("\r\n", "\n").replace("\n", end));
    }

    /** What is sent before the answer proper: mark, white space, keep-alives. */
    private List<Step> prelude(Framing framing) {
        Dress dress = fault.dress();
        List<Step> prelude = new ArrayList<>();
        String start = (dress.byteOrderMark() ? BYTE_ORDER_MARK : "") + "\n".repeat(dress.whiteSpace());
        if (!start.isEmpty()) {
            prelude.add(extra(Buffer.buffer(start), 0));
        }
        if (framing == Framing.BINARY) {
            return prelude;
        }
        Buffer keepAlive = Buffer.buffer(framing == Framing.EVENTS ? ": keep-alive\n\n" : "\n");
        for (int number = 0; number < dress.keepAlives(); number++) {
            prelude.add(extra(keepAlive, dress.keepAliveMillis() * NANOS_PER_MILLI));
        }
        return prelude;
    }

    private Step extra(Buffer bytes, long waitNanos) {
        return new Step(otherLineEnds(bytes), waitNanos, false, false, 0, null);
    }

    private Step step(Frame frame, Script script, boolean first) {
        boolean content = frame.kind() == Frame.Kind.CONTENT;
        return new Step(
                frame.bytes(), waitBefore(frame, script, first), true, content, frame.tokens(), frame.reported());
    }

    private long waitBefore(Frame frame, Script script, boolean first) {
        if (frame.kind() != Frame.Kind.CONTENT || !script.isSuccess()) {
            return 0;
        }
        Pace pace = fault.pace();
        double nanosPerToken = pace.tokensPerSecond() > 0 ? 1e9 / pace.tokensPerSecond() : 0;
        if (!script.stream()) {
            return jittered(pace.firstTokenMillis() * NANOS_PER_MILLI + (long) (frame.tokens() * nanosPerToken));
        }
        return jittered(
                first
                        ? pace.firstTokenMillis() * NANOS_PER_MILLI
                        : (long) (Math.max(1, frame.tokens()) * nanosPerToken));
    }

    private long jittered(long nanos) {
        long most = fault.pace().jitterMillis();
        return most == 0 ? nanos : nanos + jitter.nextLong(most * NANOS_PER_MILLI + 1);
    }

    /** The steps up to the silence or the cut; the prelude does not count. */
    private List<Step> cut(List<Step> steps, int preludeSteps, int openings) {
        int silentAfter = fault.stop().silentAfter() == Stop.AFTER_OPENING
                ? openings
                : fault.stop().silentAfter();
        if (silentAfter != Stop.NEVER && preludeSteps + silentAfter < steps.size()) {
            ending = Plan.End.SILENCE;
            outcome = Outcome.CUT;
            return new ArrayList<>(steps.subList(0, preludeSteps + silentAfter));
        }
        double at = fault.stop().cutAt();
        int whole = (int) Math.floor(at);
        if (at < 0 || preludeSteps + whole >= steps.size()) {
            return steps;
        }
        outcome = Outcome.CUT;
        ending = end(fault.stop().ending());
        List<Step> kept = new ArrayList<>(steps.subList(0, preludeSteps + whole));
        Step torn = steps.get(preludeSteps + whole);
        int bytes = (int) ((at - whole) * torn.bytes().length());
        if (bytes > 0) {
            kept.add(new Step(torn.bytes().getBuffer(0, bytes), torn.waitNanos(), false, false, 0, null));
        }
        return kept;
    }

    private static Plan.End end(Ending ending) {
        return switch (ending) {
            case CLEAN -> Plan.End.COMPLETE;
            case CLOSE -> Plan.End.CLOSE;
            case RESET -> Plan.End.RESET;
        };
    }

    private List<Step> pieces(List<Step> steps) {
        int drip = fault.dress().dripBytes();
        int most = drip == 0 ? MOST_IN_ONE_WRITE : drip;
        long pause = drip == 0 ? 0 : fault.dress().dripMillis() * NANOS_PER_MILLI;
        List<Step> pieces = new ArrayList<>(steps.size());
        for (Step step : steps) {
            int length = step.bytes().length();
            for (int at = 0; at < length; at += most) {
                Buffer piece = length <= most ? step.bytes() : step.bytes().getBuffer(at, Math.min(length, at + most));
                long wait = at == 0 ? step.waitNanos() : 0;
                boolean last = at + most >= length;
                pieces.add(new Step(
                        piece,
                        pieces.isEmpty() ? wait : wait + pause,
                        last && step.endsEvent(),
                        last && step.content(),
                        last ? step.tokens() : 0,
                        last ? step.reported() : null));
            }
        }
        return pieces;
    }

    private static Step after(Step step, long waitNanos) {
        return new Step(step.bytes(), waitNanos, step.endsEvent(), step.content(), step.tokens(), step.reported());
    }
}
