package dev.sluice.simulator.bedrock;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Frame;
import dev.sluice.simulator.voice.Header;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.RejectingVoice;
import dev.sluice.simulator.voice.Script;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** What all operations of the runtime have in common: the model in the path, exceptions, and binary frames. */
interface RuntimeVoice extends RejectingVoice {
    @Override
    default String model(Heard heard) {
        String path = Heard.decoded(heard.path());
        int from = path.indexOf(BedrockVoices.MARK) + BedrockVoices.MARK.length();
        int to = path.lastIndexOf('/');
        return to > from ? path.substring(from, to) : "";
    }

    @Override
    default Script refusal(Complaint complaint) {
        return Script.error(
                complaint.status(),
                new JsonObject(Wire.message(complaint)),
                new Header("x-amzn-errortype", Wire.errorType(complaint)),
                new Header("x-amzn-requestid", "simulator"));
    }

    @Override
    default Buffer errorEvent(Complaint complaint, int eventsBefore) {
        return EventMessage.exception(Wire.exceptionType(complaint), Wire.message(complaint))
                .bytes();
    }

    @Override
    default Buffer event(String json, int eventsBefore) {
        return EventMessage.exception("internalServerException", json).bytes();
    }

    /** The JSON inside is broken, lengths and checksums are right. */
    @Override
    default Buffer malformed(Buffer frame) {
        if (frame.length() > 0 && frame.getByte(0) == '{') {
            return Frame.withoutLastBrace(frame);
        }
        EventMessage message = EventMessage.read(frame);
        String broken = Frame.withoutLastBrace(Buffer.buffer(message.payload())).toString();
        return new EventMessage(message.headers(), broken).bytes();
    }
}
