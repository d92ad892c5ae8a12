package dev.sluice.upstreams;

import java.io.IOException;

/** A setting leads to an address where no call may go. */
public final class OffLimitsException extends IOException {
    private static final long serialVersionUID = 1L;

    OffLimitsException(String address) {
        super("the metadata service of a cloud is at " + address + " (setting: --allow-metadata-addresses)");
    }
}
