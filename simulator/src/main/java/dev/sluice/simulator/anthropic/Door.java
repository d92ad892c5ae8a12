package dev.sluice.simulator.anthropic;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;

/** The places at which messages are taken: they differ in where the model, the version and the wish for a stream stand. */
enum Door {
    OWN,
    VERTEX,
    VERTEX_STREAM,
    BEDROCK,
    BEDROCK_STREAM;

    private static final String BODY_VERSION = "anthropic_version";

    /** The model that a request names. */
    String model(Heard heard) {
        if (this == OWN) {
            return heard.member("model");
        }
        String path = Heard.decoded(heard.path());
        int from = path.indexOf("/models/");
        int to = path.lastIndexOf(':');
        return from >= 0 && to > from ? path.substring(from + "/models/".length(), to) : heard.model();
    }

    /** Rejects a request that does not say what must be said here, or says what must not. */
    void check(Heard heard, Fields body) throws Rejection {
        switch (this) {
            case OWN -> {
                if (heard.cue(MessagesVoice.VERSION).isEmpty()) {
                    throw new Rejection(Complaint.invalid(null, MessagesVoice.VERSION + ": header is required"));
                }
                body.needed("model");
            }
            case VERTEX, VERTEX_STREAM -> version(body, "vertex-2023-10-16");
            case BEDROCK, BEDROCK_STREAM -> {
                version(body, "bedrock-2023-05-31");
                forbidden(body, "stream");
            }
        }
    }

    private static void version(Fields body, String expected) throws Rejection {
        String version = body.needed(BODY_VERSION);
        if (!version.equals(expected)) {
            throw body.wrong(BODY_VERSION, expected + ", but it is " + version);
        }
        forbidden(body, "model");
    }

    private static void forbidden(Fields body, String name) throws Rejection {
        if (body.has(name)) {
            throw new Rejection(Complaint.invalid(name, name + ": Extra inputs are not permitted"));
        }
    }

    boolean isStream(Fields body) throws Rejection {
        return switch (this) {
            case OWN -> body.flag("stream", false);
            case VERTEX, BEDROCK -> false;
            case VERTEX_STREAM, BEDROCK_STREAM -> true;
        };
    }
}
