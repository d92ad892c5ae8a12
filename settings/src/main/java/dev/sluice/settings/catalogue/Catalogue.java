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
import java.util.concurrent.ConcurrentHashMap;

/** The providers that this gateway knows, and what they ask for their models. */
public final class Catalogue {
    private static final String PROVIDERS = "catalogue.yaml";
    private static final String PRICES = "prices.txt";

    private final List<Provider> providers;
    private final Map<String, Provider> byId;
    private final String prices;
    private final Map<String, Optional<Tariff>> tariffs = new ConcurrentHashMap<>();

    public Catalogue(List<Provider> providers) {
        this(providers, "");
    }

    /** @param prices a table as of {@code prices.txt} */
    Catalogue(List<Provider> providers, String prices) {
        this.providers = List.copyOf(providers);
        Map<String, Provider> index = new LinkedHashMap<>();
        for (Provider p : this.providers) {
            if (index.putIfAbsent(p.id(), p) != null)
                throw new IllegalArgumentException("provider \"" + p.id() + "\" is in the catalogue twice");
        }
        this.byId = Collections.unmodifiableMap(index);
        this.prices = prices;
    }

    /** The form of the resource file. */
    record Rows(List<Provider> providers) {}

    /** The catalogue that comes with the gateway. */
    public static Catalogue load() {
        Problems problems = new Problems();
        Optional<Tree> tree = Yaml.read(PROVIDERS, text(PROVIDERS), problems);
        Optional<Rows> rows = tree.flatMap(t -> Binder.read(Rows.class, t, Form.DECLARED, "", problems));
        return new Catalogue(
                rows.orElseThrow(() -> new IllegalStateException("bad catalogue: " + problems.list()))
                        .providers(),
                text(PRICES));
    }

    private static String text(String resource) {
        try (InputStream in = Catalogue.class.getResourceAsStream(resource)) {
            if (in == null) throw new IllegalStateException("resource " + resource + " is missing");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + resource, e);
        }
    }

    public List<Provider> providers() {
        return providers;
    }

    public Optional<Provider> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** What a provider asks for its models; empty where that is not known. */
    public Optional<Tariff> tariff(String provider) {
        return tariffs.computeIfAbsent(provider, id -> Optional.ofNullable(TariffReader.read(prices, id)));
    }
}
