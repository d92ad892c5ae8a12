package dev.sluice.upstreams.source;

import dev.sluice.settings.Address;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the names of DNS addresses: every address of every name is a node. A name is asked for again when its answer
 * has run out; while it cannot be resolved the addresses that are known stay, and it is tried again soon.
 */
public final class DnsSource {
    private static final long SHORTEST_TTL = 1_000;
    private static final long LONGEST_TTL = 300_000;
    private static final long FIRST_PAUSE = 1_000;
    private static final long LONGEST_PAUSE = 30_000;
    private static final long PATIENCE_MILLIS = 15_000;

    private final NameResolver resolver;
    private final ObjLongConsumer<Runnable> later;
    private final NodeListener listener;
    /** By service id. */
    private final Map<String, Followed> followed = new HashMap<>();

    /** The names that a service declares, and what they stood for last. All but the fields is guarded by the source. */
    private static final class Followed {
        final String serviceId;
        final List<Node> declared;
        final Map<Node, List<Node>> last = new HashMap<>();
        int failuresInRow;

        Followed(String serviceId, List<Node> declared) {
            this.serviceId = serviceId;
            this.declared = declared;
        }
    }

    /** @param later runs work after so many milliseconds, on any thread that may wait for a lock for a moment */
    public DnsSource(NameResolver resolver, ObjLongConsumer<Runnable> later, NodeListener listener) {
        this.resolver = resolver;
        this.later = later;
        this.listener = listener;
    }

    /** From now on the names of these services are resolved, and no others; what is followed already goes on. */
    public void follow(List<BoundService> services) {
        List<Followed> begun = new ArrayList<>();
        synchronized (this) {
            Set<String> wanted = new HashSet<>();
            for (BoundService service : services) {
                Address address = service.spec().address();
                if (address == null || address.dns().isEmpty()) continue;
                wanted.add(service.id());
                Followed known = followed.get(service.id());
                if (known != null && known.declared.equals(service.nodes())) continue;
                Followed fresh = new Followed(service.id(), service.nodes());
                followed.put(service.id(), fresh);
                begun.add(fresh);
            }
            for (String id : Set.copyOf(followed.keySet())) {
                if (wanted.contains(id)) continue;
                followed.remove(id);
                listener.missing(id, "");
            }
        }
        begun.forEach(this::resolve);
    }

    private void resolve(Followed service) {
        synchronized (this) {
            if (followed.get(service.serviceId) != service) return;
        }
        Map<Node, CompletableFuture<NameResolver.Resolved>> asked = new HashMap<>();
        for (Node node : service.declared) {
            asked.put(
                    node,
                    resolver.resolve(node.host())
                            .toCompletableFuture()
                            .orTimeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
        }
        CompletableFuture<?>[] all = asked.values().toArray(CompletableFuture[]::new);
        // What a single name comes to is looked at one by one.
        var _ = CompletableFuture.allOf(all).whenComplete((_, _) -> resolved(service, asked));
    }

    private void resolved(Followed service, Map<Node, CompletableFuture<NameResolver.Resolved>> asked) {
        long wait;
        synchronized (this) {
            if (followed.get(service.serviceId) != service) return;
            Map<String, String> problems = new TreeMap<>();
            wait = LONGEST_TTL;
            for (Node node : service.declared) {
                CompletableFuture<NameResolver.Resolved> answer = asked.get(node);
                String problem = problem(answer);
                if (problem != null) {
                    problems.put(node.host(), problem);
                } else if (answer != null) {
                    NameResolver.Resolved resolved = answer.join();
                    service.last.put(
                            node, resolved.addresses().stream().map(node::at).toList());
                    wait = Math.min(wait, Math.max(SHORTEST_TTL, resolved.ttlMillis()));
                }
            }
            List<Node> nodes = new ArrayList<>();
            for (Node node : service.declared) nodes.addAll(service.last.getOrDefault(node, List.of()));
            if (problems.size() < asked.size() && !nodes.isEmpty())
                listener.found(service.serviceId, service.declared, nodes);
            if (problems.isEmpty()) {
                service.failuresInRow = 0;
            } else {
                listener.missing(service.serviceId, sentence(problems));
                wait = Math.min(wait, Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(service.failuresInRow, 5)));
                service.failuresInRow++;
            }
        }
        later.accept(() -> resolve(service), wait);
    }

    /** Why an answer is of no use; null if it is. */
    private static @Nullable String problem(@Nullable CompletableFuture<NameResolver.Resolved> answer) {
        if (answer == null) return "was not asked for";
        try {
            return answer.join().addresses().isEmpty() ? "has no address" : null;
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            String message = cause == null ? null : cause.getMessage();
            return message == null ? "cannot be resolved" : "cannot be resolved: " + message;
        }
    }

    private static String sentence(Map<String, String> problems) {
        List<String> parts = new ArrayList<>();
        problems.forEach((name, problem) -> parts.add("\"" + name + "\" " + problem));
        return String.join("; ", parts);
    }
}
