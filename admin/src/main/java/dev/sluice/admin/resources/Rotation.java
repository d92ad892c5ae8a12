package dev.sluice.admin.resources;

import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Range;

@Doc("How the secret of an API key is replaced.")
record Rotation(
        @Doc("How long the old secret stays good.") @Default("0") @Range(max = 31_536_000)
        int graceSeconds) {}
