package dev.sluice.settings;

import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Reference;
import dev.sluice.settings.binding.Shorthand;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Doc("The right to call one Model API.")
@Shorthand("name")
public record ModelApiGrant(
        @Reference("modelApis") String name,

        @Doc("The right ends here; left out = never.") @Nullable
        Instant expiresAt) {}
