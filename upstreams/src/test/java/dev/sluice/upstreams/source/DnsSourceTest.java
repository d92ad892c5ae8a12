package dev.sluice.upstreams.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.Declaration;
import dev.sluice.settings.Edit;
import dev.sluice.settings.Editor;
import dev.sluice.settings.Owner;
import dev.sluice.settings.SecretResolver;
import dev.sluice.settings.Settings;
import dev.sluice.settings.catalogue.Catalogue;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Node;
import dev.sluice.settings.snapshot.Snapshot;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DnsSourceTest {
    private final Map<String, NameResolver.Resolved> names = new HashMap<>();
    private final Deque<Work> work = new ArrayDeque<>();
    private final List<List<String>> found = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final DnsSource source = new DnsSource(
            this::resolve, (runnable, millis) -> work.add(new Work(millis, runnable)), new NodeListener() {
                @Override
                public void found(String serviceId, List<Node> declared, List<Node> nodes) {
                    found.add(nodes.stream().map(Node::address).toList());
                }

                @Override
                public void missing(String serviceId, String why) {
                    problems.add(why);
                }
            });

    private record Work(long millis, Runnable runnable) {}

    @Test
    void everyAddressOfEveryNameIsANode() {
        names.put("a", new NameResolver.Resolved(List.of("10.0.0.1", "fd00::1"), 20_000));
        names.put("b", new NameResolver.Resolved(List.of("10.0.0.2"), 5_000));
        source.follow(services("[a:8000, b:81]"));
        assertThat(found).containsExactly(List.of("10.0.0.1:8000", "[fd00::1]:8000", "10.0.0.2:81"));
        assertThat(work.getFirst().millis()).as("the shortest life counts").isEqualTo(5_000);
        assertThat(problems).isEmpty();
    }

    @Test
    void asksAgainWhenTheAnswerHasRunOut() {
        names.put("a", new NameResolver.Resolved(List.of("10.0.0.1"), 0));
        source.follow(services("[a:80]"));
        assertThat(work.getFirst().millis()).as("not all the time").isEqualTo(1_000);
        names.put("a", new NameResolver.Resolved(List.of("10.0.0.2"), 86_400_000));
        next();
        assertThat(found.getLast()).containsExactly("10.0.0.2:80");
        assertThat(work.getFirst().millis()).as("not once a day").isEqualTo(300_000);
    }

    @Test
    void keepsWhatIsKnownWhileANameCannotBeResolvedAndTriesAgainSoon() {
        names.put("a", new NameResolver.Resolved(List.of("10.0.0.1"), 60_000));
        names.put("b", new NameResolver.Resolved(List.of("10.0.0.2"), 60_000));
        source.follow(services("[a:80, b:80]"));
        names.remove("b");
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            next();
            pauses.add(work.getFirst().millis());
        }
        assertThat(pauses).containsExactly(1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L);
        assertThat(found.getLast()).containsExactly("10.0.0.1:80", "10.0.0.2:80");
        assertThat(problems).hasSize(7).containsOnly("\"b\" cannot be resolved: no such name b");
        names.put("b", new NameResolver.Resolved(List.of("10.0.0.3"), 60_000));
        next();
        assertThat(found.getLast()).containsExactly("10.0.0.1:80", "10.0.0.3:80");
        assertThat(problems).hasSize(7);
        assertThat(work.getFirst().millis()).isEqualTo(60_000);
    }

    @Test
    void anEmptyAnswerIsNoReasonToForget() {
        names.put("a", new NameResolver.Resolved(List.of("10.0.0.1"), 60_000));
        source.follow(services("[a:80]"));
        names.put("a", new NameResolver.Resolved(List.of(), 60_000));
        next();
        assertThat(found).hasSize(1);
        assertThat(problems).containsExactly("\"a\" has no address");
    }

    @Test
    void aChangedDeclarationIsResolvedAtOnceAndTheOldOneNoMore() {
        names.put("a", new NameResolver.Resolved(List.of("10.0.0.1"), 60_000));
        names.put("b", new NameResolver.Resolved(List.of("10.0.0.2"), 60_000));
        source.follow(services("[a:80]"));
        source.follow(services("[a:80]"));
        assertThat(found).as("what is the same goes on").hasSize(1);
        source.follow(services("[b:80]"));
        assertThat(found.getLast()).containsExactly("10.0.0.2:80");
        next();
        assertThat(found).hasSize(2);
        assertThat(work).hasSize(1);
        source.follow(List.of());
        next();
        assertThat(found).hasSize(2);
        assertThat(work).isEmpty();
        assertThat(problems).containsExactly("");
    }

    private void next() {
        work.removeFirst().runnable().run();
    }

    private CompletableFuture<NameResolver.Resolved> resolve(String name) {
        NameResolver.Resolved resolved = names.get(name);
        return resolved != null
                ? CompletableFuture.completedFuture(resolved)
                : CompletableFuture.failedFuture(new UnknownHostException("no such name " + name));
    }

    private static List<BoundService> services(String dns) {
        Catalogue catalogue = Catalogue.load();
        Declaration declaration = Declaration.parse(
                List.of(new Declaration.Document(
                        "test",
                        "services: [{ name: s, address: { dns: " + dns + " } }, { name: t, provider: openai }]")),
                _ -> null);
        Editor editor = new Editor(
                catalogue, SecretResolver.literals(), new Random(1), InstantSource.fixed(java.time.Instant.EPOCH));
        Edit edit = editor.apply(Settings.EMPTY, declaration, Owner.API, false);
        if (!(edit instanceof Edit.Accepted accepted)) throw new AssertionError(edit);
        // The id is made at random; that of one service stays.
        return Snapshot.build(accepted.settings(), catalogue, SecretResolver.literals())
                .services();
    }
}
