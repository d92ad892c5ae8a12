package dev.sluice.app;

import dev.sluice.app.cli.Redacted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The bootstrap token of the admin API: the operator's own, or one made at the first start and kept in the data folder.
 *
 * @param made present when it was made just now, to be shown once
 */
record AdminToken(String value, Optional<String> made) {
    private static final String FILE = "admin.token";

    static AdminToken of(@Nullable Redacted configured, Path data) throws StartException {
        if (configured != null) return new AdminToken(configured.value(), Optional.empty());
        Path file = data.resolve(FILE);
        try {
            if (Files.exists(file)) return new AdminToken(Files.readString(file).strip(), Optional.empty());
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            String token = "sat-" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
            Files.createDirectories(data);
            try (var channel = Files.newByteChannel(
                    file,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                channel.write(java.nio.ByteBuffer.wrap(token.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            }
            return new AdminToken(token, Optional.of(token));
        } catch (IOException e) {
            throw new StartException("the admin token cannot be kept in " + file + ": " + e.getMessage()
                    + "; set SLUICE_ADMIN_TOKEN, or make the folder writable");
        }
    }

    @Override
    public String toString() {
        return "admin token";
    }
}
