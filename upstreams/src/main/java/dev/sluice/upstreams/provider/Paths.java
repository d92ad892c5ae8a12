package dev.sluice.upstreams.provider;

import dev.sluice.protocol.PathSegment;
import dev.sluice.settings.Operation;
import dev.sluice.settings.ProviderOptions;
import dev.sluice.settings.catalogue.Offer;
import dev.sluice.settings.catalogue.WireForm;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.upstreams.credential.ServiceAccount;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Where a form of a request goes at a service. */
final class Paths {
    private static final String GEMINI_MODELS = "/v1beta/models";
    private static final String OF_GOOGLE = "/publishers/google/";
    private static final String OF_ANTHROPIC = "/publishers/anthropic/";
    private static final String PROJECT = "{project}";
    private static final String REGION = "{region}";
    private static final String APPLICATION = "{app}";
    private static final int MOST_PROJECTS = 1024;

    /** The project of each service account, which is expensive to read. Safe for all event loops. */
    private final Map<String, String> projects = new ConcurrentHashMap<>();

    String of(BoundService service, @Nullable BoundKey key, WireForm form, String model, boolean stream) {
        ProviderOptions options = service.spec().options();
        if (options.apiVersion() != null) return dated(options, form, model, stream);
        Offer offer = service.offer();
        String path = offer.path(form, stream);
        if (offer.modelsPath() != null && path.startsWith(GEMINI_MODELS)) {
            String models = models(service, key, offer.modelsPath());
            if (form == WireForm.VERTEX_MESSAGES || form == WireForm.VERTEX_COUNT)
                models = models.replace(OF_GOOGLE, OF_ANTHROPIC);
            path = models + path.substring(GEMINI_MODELS.length());
        }
        if (options.appId() != null) path = path.replace(APPLICATION, PathSegment.encode(options.appId()));
        int name = path.indexOf(Operation.MODEL);
        if (name < 0) return path;
        String named = form == WireForm.BEDROCK_COUNT ? withoutRegions(service, model) : model;
        return path.substring(0, name) + PathSegment.encode(named) + path.substring(name + Operation.MODEL.length());
    }

    /** Bedrock counts for models and for none of their profiles, whose names begin with regions. */
    private static String withoutRegions(BoundService service, String model) {
        String family = service.spec().modelPolicy().family(model);
        return family.substring(Math.max(0, family.indexOf("anthropic.")));
    }

    /** Azure's dated API for operations that are not read: what is kept there has no deployment, all else has one. */
    static String dated(ProviderOptions options, Operation operation, String path, String model) {
        String version = "?api-version=" + options.apiVersion();
        String deployment = options.deployment() == null ? model : options.deployment();
        boolean ofAll = operation.hasItems() || deployment.isEmpty();
        return "/openai" + (ofAll ? "" : "/deployments/" + PathSegment.encode(deployment)) + path + version;
    }

    /** Azure's dated API has the deployment in the path, but for operations that have none. */
    private static String dated(ProviderOptions options, WireForm form, String model, boolean stream) {
        String version = "?api-version=" + options.apiVersion();
        if (form == WireForm.OPENAI_RESPONSES) return "/openai/responses" + version;
        String deployment = options.deployment() == null ? model : options.deployment();
        return "/openai/deployments/" + PathSegment.encode(deployment) + form.path(stream) + version;
    }

    private String models(BoundService service, @Nullable BoundKey key, String modelsPath) {
        if (!modelsPath.contains(PROJECT)) return modelsPath;
        String region = service.spec().options().region();
        return modelsPath
                .replace(PROJECT, PathSegment.encode(project(service, key)))
                .replace(REGION, region == null ? service.offer().defaultRegion() : region);
    }

    private String project(BoundService service, @Nullable BoundKey key) {
        String declared = service.spec().options().projectId();
        if (declared != null) return declared;
        if (key == null) return "";
        if (projects.size() > MOST_PROJECTS) projects.clear();
        return projects.computeIfAbsent(key.secret(), Paths::projectOf);
    }

    private static String projectOf(String secret) {
        ServiceAccount account = ServiceAccount.parse(secret);
        return account == null ? "" : account.projectId();
    }
}
