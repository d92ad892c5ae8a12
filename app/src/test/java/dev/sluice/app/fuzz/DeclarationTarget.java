package dev.sluice.app.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.settings.Declaration;
import dev.sluice.settings.Edit;
import dev.sluice.settings.Editor;
import dev.sluice.settings.Owner;
import dev.sluice.settings.SecretResolver;
import dev.sluice.settings.Settings;
import dev.sluice.settings.catalogue.Catalogue;
import dev.sluice.settings.snapshot.Snapshot;
import java.net.http.HttpClient;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;

/** Declarative files, in YAML and in JSON: refused with problems, or accepted and good for a snapshot. */
public final class DeclarationTarget {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
    private static final Catalogue CATALOGUE = Catalogue.load();
    private static final SecretResolver SECRETS = SecretResolver.of(_ -> null, HttpClient.newHttpClient(), CLOCK);

    private DeclarationTarget() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) return;
        String file = input[0] % 2 == 0 ? "a.yaml" : "a.json";
        String text = new String(input, 1, input.length - 1, UTF_8);
        Declaration declaration = Declaration.parse(List.of(new Declaration.Document(file, text)), _ -> null);
        Editor editor = new Editor(CATALOGUE, SECRETS, new Random(1), CLOCK);
        if (editor.apply(Settings.EMPTY, declaration, Owner.FILE, true) instanceof Edit.Accepted accepted)
            Snapshot.build(accepted.settings(), CATALOGUE, SECRETS);
    }
}
