package dev.sluice.app.cli;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * How a client command reaches the admin API.
 *
 * @param url the admin address, without a slash at its end
 * @param token the bearer token; null when none was given
 */
public record AdminAccess(URI url, @Nullable Redacted token) {
    public AdminAccess {
        String text = url.toString();
        if (text.endsWith("/")) url = URI.create(text.replaceAll("/+$", ""));
    }
}
