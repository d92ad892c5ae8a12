package dev.sluice.store.secrets;

import dev.sluice.settings.KeyHash;
import dev.sluice.settings.Resource;
import dev.sluice.settings.Secret;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** Resources as they are kept (typed-in secrets encrypted) and as they are shown in the audit log (secrets left out). */
public final class Sealing {
    private static final String REDACTED = "[redacted]";
    private static final KeyHash REDACTED_HASH = new KeyHash(0, 0, 0, 0);

    private static final SecretFields SECRETS = new SecretFields(Set.of(Secret.class));
    private static final SecretFields SHOWN = new SecretFields(Set.of(Secret.class, KeyHash.class));

    private final MasterKeys keys;

    /**
     * A resource in the form it is kept in.
     *
     * @param keyId the master key its secrets are under, empty when it has none
     */
    public record Sealed(Resource resource, String keyId) {}

    public Sealing(MasterKeys keys) {
        this.keys = keys;
    }

    public MasterKeys keys() {
        return keys;
    }

    /** Encrypts the typed-in secrets of the resource with this id. References stay readable: they are not secret. */
    public Sealed seal(String id, Resource resource) {
        AtomicBoolean found = new AtomicBoolean();
        Resource sealed = SECRETS.replace(resource, value -> {
            if (!(value instanceof Secret.Literal(String text))) return value;
            found.set(true);
            return new Secret.Literal(keys.seal(context(id), text));
        });
        return new Sealed(sealed, found.get() ? keys.activeId() : "");
    }

    /** The resource as it was before it was sealed. */
    public Resource open(String id, String label, Resource resource) {
        String whose = "the secret of " + label + " \"" + resource.name() + "\" (" + id + ")";
        return SECRETS.replace(
                resource,
                value -> value instanceof Secret.Literal(String text) && MasterKeys.isSealed(text)
                        ? new Secret.Literal(keys.open(context(id), text, whose))
                        : value);
    }

    /** Without secrets and hashes of secrets. */
    public static Resource redact(Resource resource) {
        return SHOWN.replace(resource, value -> switch (value) {
            case Secret.Literal _ -> new Secret.Literal(REDACTED);
            case KeyHash _ -> REDACTED_HASH;
            default -> value;
        });
    }

    private static String context(String id) {
        return "resource:" + id;
    }
}
