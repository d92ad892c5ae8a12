package dev.sluice.bench.soak;

import dev.sluice.bench.compare.Gateway;
import dev.sluice.bench.http.AnswerReader;
import dev.sluice.bench.load.Conversation;
import dev.sluice.bench.load.Target;
import dev.sluice.bench.upstream.Fault;
import java.nio.charset.StandardCharsets;

/** A kind of call, with its share of the traffic and what its client must see. */
enum Errand {
    WHOLE(500, false, Fault.NONE, Leaving.NEVER) {
        @Override
        boolean isAsExpected(AnswerReader answer) {
            return answer.isComplete() && answer.status() == 200 && answer.bodyBytes() > 0;
        }
    },
    STREAM(220, true, Fault.NONE, Leaving.NEVER) {
        @Override
        boolean isAsExpected(AnswerReader answer) {
            return answer.isComplete() && answer.status() == 200 && answer.events() == EVENTS && answer.sawDone();
        }
    },
    /** The client closes its connection as soon as its request is out. */
    LEAVE_AT_ONCE(50, false, Fault.NONE, Leaving.AT_ONCE),
    /** The client closes its connection in the middle of a stream. */
    LEAVE_MIDWAY(80, true, Fault.NONE, Leaving.MIDWAY),
    SERVER_ERROR(50, false, Fault.STATUS, Leaving.NEVER) {
        @Override
        boolean isAsExpected(AnswerReader answer) {
            return answer.isComplete() && answer.status() >= 500;
        }
    },
    NO_ANSWER(20, true, Fault.CLOSE, Leaving.NEVER) {
        @Override
        boolean isAsExpected(AnswerReader answer) {
            return answer.isComplete() && answer.status() >= 500;
        }
    },
    CUT_STREAM(40, true, Fault.CUT, Leaving.NEVER) {
        @Override
        boolean isAsExpected(AnswerReader answer) {
            return !answer.sawDone();
        }
    },
    WRONG_MODEL(20, false, Fault.NONE, Leaving.NEVER) {
        @Override
        boolean isAsExpected(AnswerReader answer) {
            return answer.isComplete() && answer.status() >= 400 && answer.status() < 500;
        }
    },
    WRONG_KEY(20, false, Fault.NONE, Leaving.NEVER) {
        @Override
        boolean isAsExpected(AnswerReader answer) {
            return answer.isComplete() && answer.status() == 401;
        }
    };

    static final int EVENTS = 8;
    private static final int PACE_MILLIS = 2;
    private static final Errand[] ALL = values();
    private static final int TOTAL = total();

    /** When a client goes away by itself. */
    enum Leaving {
        NEVER,
        AT_ONCE,
        MIDWAY
    }

    private final int share;
    private final boolean streamed;
    private final Fault fault;
    private final Leaving leaving;

    Errand(int share, boolean streamed, Fault fault, Leaving leaving) {
        this.share = share;
        this.streamed = streamed;
        this.fault = fault;
        this.leaving = leaving;
    }

    /** The errand that a random number stands for. */
    static Errand drawn(int number) {
        int rest = Math.floorMod(number, TOTAL);
        for (Errand errand : ALL) {
            if (rest < errand.share) return errand;
            rest -= errand.share;
        }
        throw new IllegalStateException("the shares do not add up to " + TOTAL);
    }

    Leaving leaving() {
        return leaving;
    }

    boolean isAsExpected(AnswerReader answer) {
        return !answer.isBroken();
    }

    byte[] request(Target target) {
        String model = this == WRONG_MODEL
                ? "nobody-offers-this"
                : fault == Fault.NONE ? target.model() : Gateway.FAULTY_MODEL;
        String metadata = fault == Fault.NONE ? "" : "\"fault\":\"" + fault.number() + "\"";
        if (streamed) {
            metadata = "\"events\":\"" + EVENTS + "\",\"paceMillis\":\"" + PACE_MILLIS + "\""
                    + (metadata.isEmpty() ? "" : "," + metadata);
        }
        String rest = ",\"stream\":" + streamed
                + (streamed ? ",\"stream_options\":{\"include_usage\":true}" : "")
                + (metadata.isEmpty() ? "" : ",\"metadata\":{" + metadata + "}") + "}";
        byte[] body = (Conversation.opening(model) + rest).getBytes(StandardCharsets.UTF_8);
        byte[] head = ("POST " + target.path() + " HTTP/1.1\r\nHost: 127.0.0.1:" + target.port()
                        + "\r\nUser-Agent: sluice-bench\r\nAccept: application/json\r\nAuthorization: Bearer "
                        + (this == WRONG_KEY ? "sk-wrong" : target.key())
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] request = new byte[head.length + body.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        return request;
    }

    private static int total() {
        int sum = 0;
        for (Errand errand : ALL) sum += errand.share;
        return sum;
    }
}
