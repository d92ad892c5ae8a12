package dev.sluice.store.secrets;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.settings.Secret;
import dev.sluice.settings.Secret.Reference;
import dev.sluice.store.files.DurableFile;
import dev.sluice.store.sql.StoreException;
import dev.sluice.store.sql.StoreException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The last values of secrets that live in files or a vault, in one encrypted file: a gateway that starts while those are away uses them. */
public final class SecretsFile {
    private static final String NAME = "secrets.saved";
    private static final String FORM = "sluice-secrets 1 ";
    private static final String CONTEXT = "secrets";

    private final Path file;
    private final MasterKeys keys;

    public SecretsFile(Path dataDirectory, MasterKeys keys) {
        this.file = dataDirectory.resolve(NAME);
        this.keys = keys;
    }

    /** Replaces the file. Not for two threads at a time. */
    public void save(Map<Reference, String> values) throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(plain)) {
            out.writeInt(values.size());
            for (Map.Entry<Reference, String> each : values.entrySet()) {
                write(out, each.getKey().reveal());
                write(out, each.getValue());
            }
        }
        byte[] head = (FORM + keys.activeId() + "\n").getBytes(US_ASCII);
        DurableFile.replace(file, head, keys.seal(CONTEXT, plain.toByteArray()));
    }

    /**
     * What was saved last; empty when nothing ever was.
     *
     * @throws StoreException when it cannot be read or decrypted
     */
    public Map<Reference, String> load() {
        try {
            byte[] bytes = Files.readAllBytes(file);
            int newline = 0;
            while (newline < bytes.length && bytes[newline] != '\n') newline++;
            String head = new String(bytes, 0, newline, US_ASCII);
            if (newline == bytes.length || !head.startsWith(FORM)) throw damaged("it begins in an unknown form", null);
            return decode(keys.open(
                    CONTEXT,
                    head.substring(FORM.length()),
                    Arrays.copyOfRange(bytes, newline + 1, bytes.length),
                    "the file " + file));
        } catch (NoSuchFileException _) {
            return Map.of();
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(e.getMessage(), e);
        }
    }

    private StoreException damaged(@Nullable String why, @Nullable Exception cause) {
        return new StoreException(Reason.DAMAGED, "the saved secrets " + file + " cannot be read: " + why, cause);
    }

    private static Map<Reference, String> decode(byte[] plain) throws IOException {
        Map<Reference, String> values = new HashMap<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(plain))) {
            for (int left = in.readInt(); left > 0; left--) {
                Secret secret = Secret.parse(read(in));
                String value = read(in);
                if (secret instanceof Reference reference) values.put(reference, value);
            }
        }
        return values;
    }

    // A value may be longer than writeUTF takes.
    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String read(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), UTF_8);
    }
}
