package dev.sluice.proxy;

import dev.sluice.protocol.openai.BatchLines;
import dev.sluice.settings.catalogue.WireForm;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt sends.
 *
 * @param form the form in which the upstream takes it; null for a call that the gateway does not read
 * @param target request target below the node's base path, with the query
 * @param stream whether the upstream is asked for a stream
 * @param translation how the answer comes back; null where client and upstream speak the same form
 * @param ignored names of what the client advised and the upstream is not told, separated by commas
 * @param lines rewrites what follows of a file whose beginning is in the body; null where nothing is to be rewritten
 */
record Sending(
        @Nullable WireForm form,
        String target,
        byte[] body,
        boolean stream,
        @Nullable Translation translation,
        String ignored,
        @Nullable BatchLines lines) {
    private static final byte[] NOTHING = new byte[0];

    Sending(@Nullable WireForm form, String target, byte[] body, boolean stream, @Nullable Translation translation) {
        this(form, target, body, stream, translation, "", null);
    }

    Sending withoutBody() {
        return new Sending(form, target, NOTHING, stream, translation, ignored, lines);
    }
}
