package dev.sluice.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What path and headers of a request say that other formats say in the body.
 *
 * @param model null where the body names it
 * @param stream whether path or headers ask for a stream; false where the body does
 */
public record Asked(@Nullable String model, boolean stream) {
    public static final Asked IN_BODY = new Asked(null, false);
}
