package dev.sluice.settings.catalogue;

import dev.sluice.settings.binding.Binder;
import dev.sluice.settings.binding.Default;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a provider offers in one protocol.
 *
 * @param url default base address; absent where every customer has one of their own
 * @param modelsPath what stands in place of {@code /v1beta/models} where the vendor has the models of the Gemini forms elsewhere,
 *     with {@code {project}} and {@code {region}}
 * @param emptyPath what stands behind an address without a path; left out: {@code /v1} in the OpenAI protocol unless the default
 *     address has no path either
 * @param regions the default address of each region that has one of its own
 * @param defaultRegion where no region is declared and the address names one as {@code {region}}
 * @param forms what it takes, the preferred form of each task first
 * @param paths where a form goes that is not at its usual path
 * @param extras what it has beside its forms
 * @param open whether it may have more than is listed here: then it is asked. Else what is not listed is refused at once
 */
public record Offer(
        @Nullable String url,
        @Default("bearer") Auth auth,
        @Nullable String modelsPath,
        @Nullable String emptyPath,
        Map<String, String> regions,
        @Default("") String defaultRegion,
        List<WireForm> forms,
        Map<String, String> paths,
        List<Extra> extras,
        @Default("false") boolean open) {
    public Offer {
        regions = Map.copyOf(regions);
        forms = List.copyOf(forms);
        paths = Map.copyOf(paths);
        extras = List.copyOf(extras);
    }

    /** With an address and forms alone. */
    public static Offer of(@Nullable String url, WireForm... forms) {
        return new Offer(url, Auth.BEARER, null, null, Map.of(), "", List.of(forms), Map.of(), List.of(), false);
    }

    /** Where a form goes below the base address, with {@code {model}} for the model's name. */
    public String path(WireForm form, boolean stream) {
        String own = paths.get(Binder.kebab(form.name()));
        return own == null ? form.path(stream) : own;
    }

    /** The default address in a region; null where there is none. */
    public @Nullable String url(@Nullable String region) {
        if (region == null) return url == null ? null : url.replace("{region}", defaultRegion);
        String own = regions.get(region);
        if (own != null) return own;
        return url == null ? null : url.replace("{region}", region);
    }
}
