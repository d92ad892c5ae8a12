package dev.sluice.settings.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages of the providers are written from the catalogue. */
class ProviderPagesTest {
    private static final Path FOLDER = Path.of("../docs/providers");

    @Test
    void everyPageIsAsTheCatalogueHasIt() throws IOException {
        Catalogue catalogue = Catalogue.load();
        Map<String, String> pages = new TreeMap<>();
        pages.put("README.md", ProviderPage.index(catalogue.providers()));
        for (Provider p : catalogue.providers())
            pages.put(
                    p.id() + ".md", ProviderPage.of(p, catalogue.tariff(p.id()).orElse(null)));
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(FOLDER);
            for (Map.Entry<String, String> page : pages.entrySet())
                Files.writeString(FOLDER.resolve(page.getKey()), page.getValue());
        }
        for (Map.Entry<String, String> page : pages.entrySet()) {
            assertThat(FOLDER.resolve(page.getKey()))
                    .as("rewritten by ./sluice test -pl settings -Dgolden.update=true")
                    .hasContent(page.getValue());
        }
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(f -> f.getFileName().toString()).collect(Collectors.toSet()))
                    .isEqualTo(pages.keySet());
        }
    }
}
