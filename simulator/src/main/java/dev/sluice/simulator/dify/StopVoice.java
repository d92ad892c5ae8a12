package dev.sluice.simulator.dify;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonObject;

/** {@code POST …/{task}/stop}, which only the user of a task may ask. The journal shows who asked for which task. */
final class StopVoice implements DifyVoice {
    static final String END = "/stop";

    @Override
    public String model(Heard heard) {
        return "dify-stop";
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields.of(heard).needed("user");
        return Script.whole(new JsonObject().put("result", "success"), Usage.ZERO, false);
    }
}
