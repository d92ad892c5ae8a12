package dev.sluice.simulator.voice;

import org.jspecify.annotations.Nullable;

/** What a request says outside path and body. */
public interface Cues {
    /** The first header of a name, whatever its case; null when there is none. */
    @Nullable
    String header(String name);

    /** A parameter of the query; null when there is none. */
    @Nullable
    String parameter(String name);
}
