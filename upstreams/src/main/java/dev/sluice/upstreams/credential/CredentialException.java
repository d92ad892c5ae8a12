package dev.sluice.upstreams.credential;

/** A call could not be authorised. */
public final class CredentialException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final boolean refused;

    /** @param refused whether the key itself is at fault, rather than the way to whoever would take it */
    CredentialException(boolean refused, String message) {
        super(message, null, false, false);
        this.refused = refused;
    }

    public boolean isRefused() {
        return refused;
    }
}
