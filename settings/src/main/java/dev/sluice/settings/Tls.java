package dev.sluice.settings;

import dev.sluice.settings.binding.Checked;
import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Reporter;
import org.jspecify.annotations.Nullable;

@Doc("How connections to a service are protected. https URLs need nothing.")
public record Tls(
        @Doc("off, one-way (the service shows a certificate), mutual (the gateway shows one too).") @Default("off")
        Mode mode,

        @Doc("Certificates of the authorities to trust, PEM; left out: those of the system.") @Nullable
        String caFile,

        @Doc("The gateway's own certificate for mutual, PEM.") @Nullable
        String certFile,

        @Doc("Its private key, PEM, PKCS #8.") @Nullable String keyFile,

        @Doc("Whether HTTP/2 is used where the service offers it.") @Default("true")
        boolean http2)
        implements Checked {
    public static final Tls OFF = new Tls(Mode.OFF, null, null, null, true);

    /** The same for what is spoken in HTTP/1.1 only. */
    public Tls withoutHttp2() {
        return new Tls(mode, caFile, certFile, keyFile, false);
    }

    @Override
    public void check(Reporter reporter) {
        boolean mutual = mode == Mode.MUTUAL;
        if (mutual && certFile == null)
            reporter.problem("certFile", "required by mode: mutual (expected: the gateway's certificate)");
        if (mutual && keyFile == null)
            reporter.problem("keyFile", "required by mode: mutual (expected: the private key of the certificate)");
        if (!mutual && (certFile != null || keyFile != null))
            reporter.problem("mode", "has no use for certFile and keyFile (expected: mutual)");
        if (mode == Mode.OFF && caFile != null)
            reporter.problem("mode", "has no use for caFile (expected: one-way or mutual)");
    }

    public enum Mode {
        OFF,
        ONE_WAY,
        MUTUAL
    }
}
