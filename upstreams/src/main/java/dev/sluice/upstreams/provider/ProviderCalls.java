package dev.sluice.upstreams.provider;

import dev.sluice.protocol.Splice;
import dev.sluice.protocol.anthropic.Anthropic;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.settings.Operation;
import dev.sluice.settings.Protocol;
import dev.sluice.settings.ProviderOptions.ApplicationType;
import dev.sluice.settings.Service.ServiceProtocol;
import dev.sluice.settings.catalogue.DialectRule;
import dev.sluice.settings.catalogue.EmbeddingBatch;
import dev.sluice.settings.catalogue.Provider;
import dev.sluice.settings.catalogue.Task;
import dev.sluice.settings.catalogue.WireForm;
import dev.sluice.settings.glob.Glob;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.BoundService;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a service is called. */
public final class ProviderCalls {
    private static final Paths PATHS = new Paths();
    private static final String TOOLS = "tools";
    private static final String BETAS = "anthropic-beta";
    /** Without these a call is another one: its provider may refuse it, and its client learns that. */
    private static final Set<String> MEANT = Set.of(TOOLS, "tool_choice");

    private ProviderCalls() {}

    /**
     * The form in which a service takes a call: the client's own if it is offered, else the preferred one of the same task;
     * null if the service has nothing for the task. Where the form depends on the model, that of the model is meant.
     */
    public static @Nullable WireForm accepts(BoundService service, WireForm ofClient, String model) {
        ApplicationType application = service.spec().options().applicationType();
        if (application != null && ofClient.task() == Task.CHAT) return ofApplication(application);
        String family = family(service, model);
        WireForm other = null;
        for (WireForm form : service.offer().forms()) {
            // Vertex AI takes Claude in Anthropic's forms only, whoever calls.
            if (form == ofClient && form != WireForm.GEMINI_CONTENT && form != WireForm.GEMINI_COUNT) return form;
            if (other == null && form.task() == ofClient.task() && form.suits(family)) other = form;
        }
        return other;
    }

    private static WireForm ofApplication(ApplicationType type) {
        return switch (type) {
            case AGENT, CHAT -> WireForm.DIFY_CHAT;
            case COMPLETION -> WireForm.DIFY_COMPLETION;
            case WORKFLOW -> WireForm.DIFY_WORKFLOW;
        };
    }

    /**
     * Request target below the node's base path.
     *
     * @param key that the call is made with; null if it is made without one
     */
    public static String target(
            BoundService service, @Nullable BoundKey key, WireForm form, String model, boolean stream) {
        return PATHS.of(service, key, form, model, stream);
    }

    /** As {@link #target} for an operation that is not read, whose path is known. */
    public static String unread(BoundService service, Operation operation, String path, String model) {
        return service.spec().options().apiVersion() == null || operation.protocol() != Protocol.OPENAI
                ? path
                : Paths.dated(service.spec().options(), operation, path, model);
    }

    /**
     * Sets the headers that a form needs whoever calls. A client that says which version it speaks is believed; of the betas that it asks for
     * those stay that the form's vendor knows.
     */
    public static void headers(WireForm form, boolean stream, MultiMap headers) {
        for (Map.Entry<String, String> header : form.headers(stream).entrySet()) {
            String name = header.getKey();
            if (!name.endsWith("-version") || !headers.contains(name)) headers.set(name, header.getValue());
        }
        if (form == WireForm.BEDROCK_MESSAGES || form == WireForm.BEDROCK_COUNT) headers.remove(BETAS);
        if (form == WireForm.VERTEX_MESSAGES || form == WireForm.VERTEX_COUNT) {
            List<String> known = Anthropic.betasOnVertex(headers.getAll(BETAS));
            if (known.isEmpty()) headers.remove(BETAS);
            else headers.set(BETAS, String.join(",", known));
        }
    }

    /** How a provider speaks a form with a model. */
    public static Dialect dialect(Provider provider, String model) {
        return Dialects.of(provider, model);
    }

    /** How a service's provider speaks a form with what is behind the name of a model. */
    public static Dialect dialect(BoundService service, String model) {
        return Dialects.of(service.provider(), family(service, model));
    }

    private static String family(BoundService service, String model) {
        return service.spec().modelPolicy().family(model);
    }

    /** Whether a model's streams may repeat what came before, whatever they are asked for. */
    public static boolean mayRepeat(BoundService service, String model) {
        List<String> repeating = service.provider().repeating();
        if (repeating.isEmpty()) return false;
        String family = family(service, model);
        return repeating.stream().anyMatch(pattern -> Glob.matchesAnyCase(pattern, family));
    }

    /** The most inputs that the service turns into vectors in one call; {@link Integer#MAX_VALUE} where no limit is known. */
    public static int mostEmbedded(BoundService service, String model) {
        String family = family(service, model);
        for (EmbeddingBatch batch : service.provider().embeddingBatches()) {
            if (batch.covers(family)) return batch.inputs();
        }
        return Integer.MAX_VALUE;
    }

    /**
     * The body that was written for a conversation, as the provider's parameter rules want it.
     *
     * @throws InexpressibleException if the model may call tools and the provider takes none
     */
    public static byte[] adjusted(BoundService service, ChatRequest request, byte[] body) {
        return service.spec().protocol() == ServiceProtocol.OPENAI
                ? adjusted(service.provider(), family(service, request.model()), request, body)
                : body;
    }

    /** As above, for the model behind a name. */
    static byte[] adjusted(Provider provider, String family, ChatRequest request, byte[] body) {
        Refit refit = ParameterRules.of(provider.rules(), family).refit(body, false);
        if (request.mayCall() && refit.dropped().contains(TOOLS))
            throw new InexpressibleException(
                    "provider " + provider.id() + " takes no tools with model \"" + request.model()
                            + "\"; send no \"tools\", or use a model that takes them",
                    TOOLS);
        return refit.edits().isEmpty() ? body : Splice.apply(body, refit.edits());
    }

    /** A translated body of another task as the provider's parameter rules want it. */
    public static byte[] adjusted(BoundService service, String model, byte[] body) {
        return service.spec().protocol() == ServiceProtocol.OPENAI
                ? ParameterRules.apply(service.provider().rules(), family(service, model), body)
                : body;
    }

    /**
     * What makes a request in the client's own form fit a model that the client did not name.
     */
    public static Refit refit(BoundService service, WireForm form, String model, byte[] body) {
        if (service.spec().protocol() != ServiceProtocol.OPENAI || form.task() != Task.CHAT) return Refit.NONE;
        Provider provider = service.provider();
        String family = family(service, model);
        ParameterRules rules = ParameterRules.of(provider.rules(), family);
        rules.keep(MEANT);
        if (form != WireForm.OPENAI_CHAT) return rules.refit(body, false);
        boolean knowsDevelopers = false;
        DialectRule.MaxTokensField limit = null;
        for (DialectRule rule : provider.dialect()) {
            if (!rule.covers(family)) continue;
            if (rule.maxTokens() != null) limit = rule.maxTokens();
            if (rule.developers() != null) knowsDevelopers = rule.developers();
        }
        // Where nobody has said which member it is, the client may know better.
        if (limit == DialectRule.MaxTokensField.MAX_COMPLETION_TOKENS)
            rules.rename("max_tokens", "max_completion_tokens");
        else if (limit == DialectRule.MaxTokensField.MAX_TOKENS) rules.rename("max_completion_tokens", "max_tokens");
        return rules.refit(body, !knowsDevelopers);
    }
}
