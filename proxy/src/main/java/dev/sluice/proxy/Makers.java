package dev.sluice.proxy;

import dev.sluice.protocol.chat.Seals;
import dev.sluice.settings.catalogue.Task;
import dev.sluice.settings.catalogue.WireForm;
import dev.sluice.traffic.routing.Target;
import org.jspecify.annotations.Nullable;

/** Who made the model that a target calls: models of one maker take each other's sealed thoughts, whoever serves them. */
final class Makers {
    private static final String CLAUDE = "claude";
    private static final String GEMINI = "gemini";

    private Makers() {}

    static Seals of(Target target) {
        String model = target.service().spec().modelPolicy().family(target.model());
        String provider = target.service().provider().id();
        if (model.contains(CLAUDE) || provider.equals("anthropic")) return new Seals(CLAUDE);
        if (model.contains(GEMINI) || provider.equals(GEMINI)) return new Seals(GEMINI);
        return new Seals(provider);
    }

    /** Whether seals without a mark, in a client's form, are a maker's own: they came with a form that nobody translated. */
    static boolean takesUnmarked(Seals seals, WireForm client, @Nullable WireForm upstream) {
        return client == upstream || seals.maker().equals(usual(client));
    }

    /** Whether the client's bytes may hold a mark, which must not reach an upstream. */
    static boolean mayBeMarked(Exchange x) {
        // Where there is one service only, nothing has been marked.
        WireForm form = x.form;
        return form != null
                && x.api().services().size() > 1
                && (form.task() == Task.CHAT || form.task() == Task.COUNT)
                && Seals.mayHold(x.body);
    }

    private static String usual(WireForm client) {
        return switch (client) {
            // In OpenAI's chat, thinking_blocks are a custom of those who call Claude that way.
            case ANTHROPIC_MESSAGES, ANTHROPIC_COUNT, BEDROCK_CONVERSE, BEDROCK_MESSAGES, OPENAI_CHAT -> CLAUDE;
            case GEMINI_CONTENT, GEMINI_COUNT -> GEMINI;
            default -> "";
        };
    }
}
