package dev.sluice.settings;

import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Range;

@Doc("How long a service may take, in milliseconds.")
public record Timeouts(
        @Doc("To open a connection.") @Default("10000") @Range(min = 1, max = 3_600_000)
        int connectMs,

        @Doc("From the request to the first byte of the answer.") @Default("60000") @Range(min = 1, max = 3_600_000)
        int firstByteMs,

        @Doc("The same for what a model makes as a whole: all of it is made before its first byte comes.")
        @Default("600000")
        @Range(min = 1, max = 3_600_000)
        int wholeAnswerMs,

        @Doc("Between two chunks of an answer.") @Default("60000") @Range(min = 1, max = 3_600_000)
        int idleMs,

        @Doc("For one attempt as a whole.") @Default("600000") @Range(min = 1, max = 86_400_000)
        int totalMs) {}
