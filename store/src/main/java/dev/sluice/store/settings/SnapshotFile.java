package dev.sluice.store.settings;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.settings.Kind;
import dev.sluice.settings.Owner;
import dev.sluice.settings.Settings;
import dev.sluice.settings.Stored;
import dev.sluice.store.files.DurableFile;
import dev.sluice.store.secrets.MasterKeys;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The newest settings in one encrypted file, what a gateway starts from when its database is away. Replaced as a
 * whole: after a crash the file is either the old one or the new one.
 *
 * <p>Encrypted is: the revision, then page after page its length and its resources, each page deflated by itself.
 */
public final class SnapshotFile {
    private static final String NAME = "settings.snapshot";
    private static final String FORM = "sluice-settings 2 ";
    private static final String CONTEXT = "snapshot";

    private final Path file;
    private final MasterKeys keys;
    /** The pages of the last save as they stand in the file: most of them are in the next one too. */
    private IdentityHashMap<List<Stored<?>>, byte[]> written = new IdentityHashMap<>();

    public SnapshotFile(Path dataDirectory, MasterKeys keys) {
        this.file = dataDirectory.resolve(NAME);
        this.keys = keys;
    }

    /** Replaces the file. Encodes only what is not in the last one. Not for two threads at a time. */
    public void save(Settings settings) throws IOException {
        byte[] head = (FORM + keys.activeId() + "\n").getBytes(US_ASCII);
        byte[] body = keys.seal(CONTEXT, encode(settings));
        DurableFile.replace(file, head, body);
    }

    /** The settings that were saved last; empty when none ever were. */
    public Optional<Settings> load() {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw damaged(e.getMessage(), e);
        }
        int newline = 0;
        while (newline < bytes.length && bytes[newline] != '\n') newline++;
        String head = new String(bytes, 0, newline, US_ASCII);
        if (newline == bytes.length || !head.startsWith(FORM)) throw damaged("it begins in an unknown form", null);
        byte[] plain = keys.open(
                CONTEXT,
                head.substring(FORM.length()),
                Arrays.copyOfRange(bytes, newline + 1, bytes.length),
                "the saved settings " + file);
        try {
            return Optional.of(decode(plain));
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(e.getMessage(), e);
        }
    }

    private StoreException damaged(@Nullable String why, @Nullable Exception cause) {
        return new StoreException(Reason.DAMAGED, "the saved settings " + file + " cannot be read: " + why, cause);
    }

    private byte[] encode(Settings settings) throws IOException {
        IdentityHashMap<List<Stored<?>>, byte[]> pages = new IdentityHashMap<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(settings.revision());
        for (Kind kind : Kind.values()) {
            for (List<Stored<?>> page : settings.pages(kind)) {
                byte[] known = written.get(page);
                byte[] encoded = known != null ? known : encode(kind, page);
                pages.put(page, encoded);
                out.writeInt(encoded.length);
                out.write(encoded);
            }
        }
        written = pages;
        return bytes.toByteArray();
    }

    private static byte[] encode(Kind kind, List<Stored<?>> page) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Deflater fast = new Deflater(Deflater.BEST_SPEED);
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes, fast, 8192))) {
            out.writeUTF(kind.list());
            out.writeInt(page.size());
            for (Stored<?> stored : page) {
                out.writeUTF(stored.id());
                out.writeUTF(stored.tenant());
                out.writeLong(stored.version());
                out.writeUTF(stored.owner().name());
                out.writeLong(stored.createdAt().toEpochMilli());
                out.writeLong(stored.updatedAt().toEpochMilli());
                byte[] spec = ResourceForm.write(stored.spec()).getBytes(UTF_8);
                out.writeInt(spec.length);
                out.write(spec);
            }
        } finally {
            fast.end();
        }
        return bytes.toByteArray();
    }

    private static Settings decode(byte[] plain) throws IOException {
        List<Stored<?>> resources = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(plain))) {
            long revision = in.readLong();
            while (in.available() > 0) resources.addAll(decodePage(in.readNBytes(in.readInt())));
            return Settings.of(revision, resources);
        }
    }

    private static List<Stored<?>> decodePage(byte[] deflated) throws IOException {
        List<Stored<?>> resources = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(deflated)))) {
            Kind kind = kind(in.readUTF());
            for (int left = in.readInt(); left > 0; left--) {
                String id = in.readUTF();
                String tenant = in.readUTF();
                long version = in.readLong();
                Owner owner = Owner.valueOf(in.readUTF());
                Instant createdAt = Instant.ofEpochMilli(in.readLong());
                Instant updatedAt = Instant.ofEpochMilli(in.readLong());
                String spec = new String(in.readNBytes(in.readInt()), UTF_8);
                resources.add(
                        new Stored<>(id, tenant, version, owner, createdAt, updatedAt, ResourceForm.read(kind, spec)));
            }
        }
        return resources;
    }

    private static Kind kind(String list) throws IOException {
        return Kind.ofList(list)
                .orElseThrow(() -> new IOException("it holds resources of the unknown kind \"" + list + "\""));
    }
}
