package dev.sluice.settings.catalogue;

import dev.sluice.settings.binding.Binder;
import dev.sluice.settings.binding.Form;
import dev.sluice.settings.binding.Problems;
import dev.sluice.settings.binding.Tree;
import dev.sluice.settings.binding.Yaml;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The providers that this gateway knows. */
public final class Catalogue {
    private static final String RESOURCE = "catalogue.yaml";

    private final List<Provider> providers;
    private final Map<String, Provider> byId;

    public Catalogue(List<Provider> providers) {
        this.providers = List.copyOf(providers);
        Map<String, Provider> index = new LinkedHashMap<>();
        for (Provider p : this.providers) {
            if (index.putIfAbsent(p.id(), p) != null)
                throw new IllegalArgumentException("provider \"" + p.id() + "\" is in the catalogue twice");
        }
        this.byId = Collections.unmodifiableMap(index);
    }

    /** The form of the resource file. */
    record Rows(List<Provider> providers) {}

    /** The catalogue that comes with the gateway. */
    public static Catalogue load() {
        try (InputStream in = Catalogue.class.getResourceAsStream(RESOURCE)) {
            if (in == null) throw new IllegalStateException("resource " + RESOURCE + " is missing");
            Problems problems = new Problems();
            Optional<Tree> tree = Yaml.read(RESOURCE, new String(in.readAllBytes(), StandardCharsets.UTF_8), problems);
            Optional<Rows> rows = tree.flatMap(t -> Binder.read(Rows.class, t, Form.DECLARED, "", problems));
            return new Catalogue(rows.orElseThrow(() -> new IllegalStateException("bad catalogue: " + problems.list()))
                    .providers());
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + RESOURCE, e);
        }
    }

    public List<Provider> providers() {
        return providers;
    }

    public Optional<Provider> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }
}
