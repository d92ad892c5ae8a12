package dev.sluice.settings.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.ModelApi;
import dev.sluice.settings.Operation;
import dev.sluice.settings.binding.Binder;
import dev.sluice.settings.binding.Form;
import dev.sluice.settings.binding.Problems;
import dev.sluice.settings.binding.Yaml;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RouteTableTest {
    private static final List<String> HOSTS = List.of("*", "a.x", "b.x", "*.x", "*.a.x", "x", "*.y.a.x", "y.a.x");
    private static final List<String> ASKED = List.of("a.x", "b.x", "c.x", "y.a.x", "z.y.a.x", "x", "other", ".x", "");
    private static final List<String> SEGMENTS = List.of("/v1", "/a", "/b", "/models", "/chat/completions", "/files");

    private static ModelApi api(String name, String host, String basePath, List<String> routes) {
        String yaml = "{ name: " + name + ", useCase: others, domains: [\"" + host + "\"], basePath: \"" + basePath
                + "\", routes: ["
                + String.join(", ", routes.stream().map(r -> '"' + r + '"').toList()) + "] }";
        Problems problems = new Problems();
        ModelApi api = Yaml.read("", yaml, problems)
                .flatMap(t -> Binder.read(ModelApi.class, t, Form.DECLARED, "", problems))
                .orElse(null);
        assertThat(problems.list()).isEmpty();
        return api;
    }

    private static String path(Random random, int most) {
        StringBuilder path = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) path.append(SEGMENTS.get(random.nextInt(SEGMENTS.size())));
        return path.isEmpty() ? "/" : path.toString();
    }

    private static List<Route> routes(Random random) {
        List<Route> routes = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        Routes generator = new Routes();
        for (int i = 0; i < 30; i++) {
            String host = HOSTS.get(random.nextInt(HOSTS.size()));
            String base = path(random, 2);
            if (!taken.add(host + base)) continue;
            Set<String> own = new HashSet<>();
            for (int r = random.nextInt(4); r > 0; r--) own.add(path(random, 2));
            ModelApi spec = api("n" + i, host, base, List.copyOf(own));
            routes.addAll(generator.of(new BoundModelApi("api_" + i, "default", spec, Map.of())));
        }
        return routes;
    }

    /** What {@link RouteTable} does, said in the plainest way. */
    private static Route naive(List<Route> routes, String host, String path) {
        return routes.stream()
                .filter(r -> r.host().equals("*")
                        || r.host().equals(host)
                        || r.host().startsWith("*.")
                                && host.endsWith(r.host().substring(1))
                                && host.length() >= r.host().length())
                .filter(r -> r.fullPath().equals(path)
                        || r.prefix() && (r.fullPath().equals("/") || path.startsWith(r.fullPath() + "/")))
                .max(Comparator.<Route>comparingInt(
                                r -> r.api().spec().basePath().equals("/")
                                        ? 0
                                        : r.api().spec().basePath().length())
                        .thenComparingInt(
                                r -> r.host().equals("*") ? 0 : r.host().startsWith("*.") ? 1 : 2)
                        .thenComparingInt(r -> r.host().length())
                        .thenComparingInt(r -> r.fullPath().length())
                        .thenComparing(r -> !r.prefix()))
                .orElse(null);
    }

    @Property(tries = 300)
    void findsWhatASearchThroughAllRoutesFinds(@ForAll int seed) {
        Random random = new Random(seed);
        List<Route> routes = routes(random);
        RouteTable table = RouteTable.of(routes);
        for (int i = 0; i < 100; i++) {
            String host = ASKED.get(random.nextInt(ASKED.size()));
            String path = path(random, 4) + (random.nextInt(5) == 0 ? "/x" : "");
            Route expected = naive(routes, host, path);
            assertThat(table.find(host, path)).as(host + path).isEqualTo(expected);
        }
    }

    @Test
    void theRootOfABasePathIsFoundWithItsSlashAndWithout() {
        ModelApi spec = Yaml.read(
                        "",
                        "{ name: n, basePath: /base, routes: [ { path: /, operation: hunyuan-chat }, /v1/rerank ] }",
                        new Problems())
                .flatMap(t -> Binder.read(ModelApi.class, t, Form.DECLARED, "", new Problems()))
                .orElseThrow();
        RouteTable table = RouteTable.of(new Routes().of(new BoundModelApi("api_1", "default", spec, Map.of())));
        assertThat(table.find("x", "/base").operation()).isEqualTo(Operation.HUNYUAN_CHAT);
        assertThat(table.find("x", "/base/").operation()).isEqualTo(Operation.HUNYUAN_CHAT);
        assertThat(table.find("x", "/base/v1/rerank").operation()).isEqualTo(Operation.RERANK);
        assertThat(table.find("x", "/base/v1/rerank/")).isNull();
        assertThat(table.find("x", "/base/other")).isNull();
        assertThat(table.find("x", "/")).isNull();
    }

    @Test
    void oddRequestsFindNothingOrTheRoot() {
        ModelApi root = api("root", "*", "/", List.of());
        RouteTable table = RouteTable.of(new Routes().of(new BoundModelApi("api_1", "default", root, Map.of())));
        assertThat(table.find("h", "")).isNull();
        assertThat(table.find("h", "*")).isNull();
        assertThat(table.find("h", "//")).isNotNull();
        assertThat(table.find("h", "/" + "/".repeat(10_000))).isNotNull();
        assertThat(table.find("a.".repeat(10_000), "/x")).isNotNull();
    }

    @Test
    void tenThousandModelApisAreFoundEach() {
        List<Route> routes = new ArrayList<>();
        Routes generator = new Routes();
        ModelApi template = api("t", "*", "/", List.of("/v1/chat/completions"));
        for (int i = 0; i < 10_000; i++) {
            ModelApi spec = new ModelApi(
                    "n" + i,
                    "",
                    template.useCase(),
                    template.protocol(),
                    template.domains(),
                    "/t" + i,
                    true,
                    template.routes(),
                    template.authentication(),
                    template.monitoring(),
                    template.distribution(),
                    template.fallback(),
                    0,
                    0,
                    1000,
                    0,
                    0,
                    ModelApi.Listing.EVERYONE,
                    true,
                    "default");
            routes.addAll(generator.of(new BoundModelApi("api_" + i, "default", spec, Map.of())));
        }
        RouteTable table = RouteTable.of(routes);
        for (int i = 0; i < 10_000; i++) {
            Route route = table.find("h", "/t" + i + "/v1/chat/completions");
            assertThat(route).isNotNull();
            assertThat(route.api().id()).isEqualTo("api_" + i);
        }
    }
}
