package dev.sluice.bench.scale;

import dev.sluice.bench.compare.FirstCall;
import dev.sluice.bench.compare.Gateway;
import dev.sluice.bench.compare.LiveHeap;
import dev.sluice.bench.load.Call;
import dev.sluice.bench.load.Load;
import dev.sluice.bench.load.LoadPlan;
import dev.sluice.bench.load.LoadResult;
import dev.sluice.bench.load.Pace;
import dev.sluice.bench.load.Target;
import dev.sluice.bench.upstream.Upstream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.HdrHistogram.Histogram;

/**
 * Measures the two gateways. Both run on the processor of the proxies and take turns; load, mock providers and the one who makes the
 * changes share the other.
 */
final class Scale {
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration DRAIN = Duration.ofSeconds(20);
    private static final int DRAWN = 20_000;
    private static final int SATURATING = 32;
    private static final int LOOKUP_RATE = 2000;
    private static final int RATE = 1000;
    private static final int RATE_CONNECTIONS = 64;
    /** The name of an event loop's thread as far as Linux knows it. */
    private static final String EVENT_LOOPS = "vert.x-eventloo";

    private static final Population ONE = new Population(1, 1);

    private final Plan plan;
    private final PrintStream progress;
    private final Random random = new Random(1);
    private final List<String> complaints = new ArrayList<>();

    /**
     * How long and how much.
     *
     * @param warmUp of each gateway
     * @param rounds of calls at a constant rate against each
     * @param seconds of quiet, and as many with changes, in each turn of the second part
     */
    record Plan(
            Path launcher,
            Path work,
            int proxyCpu,
            Population population,
            Duration warmUp,
            int rounds,
            Duration round,
            int turns,
            int seconds) {}

    private Scale(Plan plan, PrintStream progress) {
        this.plan = plan;
        this.progress = progress;
    }

    static ScaleOutcome run(Plan plan, PrintStream progress) throws IOException, InterruptedException {
        return new Scale(plan, progress).run();
    }

    private record Started(Gateway gateway, Population population, double startSeconds, long resident, long heap)
            implements AutoCloseable {
        @Override
        public void close() {
            gateway.close();
        }
    }

    private ScaleOutcome run() throws IOException, InterruptedException {
        try (Upstream upstream = Upstream.start(0);
                Upstream other = Upstream.start(0)) {
            fill("one", ONE, ONE.declarations(upstream.port()));
            List<String> all = new ArrayList<>(plan.population().declarations(upstream.port()));
            all.add(Change.declaration(other.port()));
            double fillSeconds = fill("many", plan.population(), all);
            try (Started large = restart("many", plan.population())) {
                List<Side> sides = rounds(large);
                return publishing(large.gateway(), other, sides, fillSeconds);
            }
        }
    }

    private List<Side> rounds(Started large) throws IOException, InterruptedException {
        try (Started small = restart("one", ONE)) {
            List<Started> both = List.of(small, large);
            for (Started started : both) warmUp(started);
            List<List<Side.Cost>> costs = List.of(new ArrayList<>(), new ArrayList<>());
            for (int i = 1; i <= plan.rounds(); i++) {
                for (int side = 0; side < both.size(); side++) round(i, both.get(side), costs.get(side));
            }
            return List.of(side(small, costs.get(0)), side(large, costs.get(1)));
        }
    }

    /** Declares everything by the admin API of a gateway that is ended then; tells how long the declaring took. */
    private double fill(String run, Population population, List<String> declarations)
            throws IOException, InterruptedException {
        try (Gateway gateway = Gateway.start(plan.launcher(), plan.work(), run, "")) {
            while (gateway.gauge("sluice_calls_in_flight").isEmpty()) {
                if (!gateway.process().isAlive())
                    throw new IOException(
                            "the gateway does not start: " + gateway.process().lastWords());
                Thread.sleep(20);
            }
            long from = System.nanoTime();
            for (String declaration : declarations) {
                Gateway.Answer answer = gateway.admin("POST", "/admin/v1/apply", declaration);
                if (answer.status() != 200)
                    throw new IOException("the declaration was answered with " + answer.status() + ": "
                            + answer.body()
                                    .substring(0, Math.min(500, answer.body().length())));
            }
            double seconds = (System.nanoTime() - from) / 1e9;
            tell("%d keys and %d Model APIs declared in %.1f s"
                    .formatted(population.apiKeys(), population.modelApis(), seconds));
            return seconds;
        }
    }

    private Started restart(String run, Population population) throws IOException, InterruptedException {
        long from = System.nanoTime();
        Gateway gateway = Gateway.start(plan.launcher(), plan.work(), run, Integer.toString(plan.proxyCpu()));
        boolean serves = false;
        try {
            Target target = population.drawn(random, gateway.port(), 1).getFirst();
            double seconds = (FirstCall.await(target, gateway.process(), START_LIMIT) - from) / 1e9;
            long resident = gateway.process().residentBytes();
            long heap = LiveHeap.bytes(gateway.process().javaPid(), plan.work());
            tell("%d keys and %d Model APIs: started in %.2f s"
                    .formatted(population.apiKeys(), population.modelApis(), seconds));
            serves = true;
            return new Started(gateway, population, seconds, resident, heap);
        } finally {
            if (!serves) gateway.close();
        }
    }

    private void warmUp(Started started) throws IOException {
        tell("warm-up, " + plan.warmUp().toSeconds() + " s");
        load(started, new Pace.ClosedLoop(), SATURATING, plan.warmUp());
    }

    private void round(int number, Started started, List<Side.Cost> costs) throws IOException {
        double wholeBefore = started.gateway().process().cpuSeconds();
        double loopBefore = started.gateway().process().cpuSeconds(EVENT_LOOPS);
        // At the same rate, so that both wake up as often: the fewer calls a wake-up serves, the more each costs.
        LoadResult load = load(started, new Pace.Constant(LOOKUP_RATE), RATE_CONNECTIONS, plan.round());
        double loop = started.gateway().process().cpuSeconds(EVENT_LOOPS) - loopBefore;
        double whole = started.gateway().process().cpuSeconds() - wholeBefore;
        if (!load.isClean()) return;
        Side.Cost cost =
                new Side.Cost(loop * 1e6 / load.finished(), whole * 1e6 / load.finished(), load.callsPerSecond());
        costs.add(cost);
        tell("round %d of %d, %d keys: event loop %.1f us, all threads %.1f us per call, %.0f/s"
                .formatted(
                        number,
                        plan.rounds(),
                        started.population().apiKeys(),
                        cost.loop(),
                        cost.whole(),
                        cost.perSecond()));
    }

    private LoadResult load(Started started, Pace pace, int connections, Duration duration) throws IOException {
        List<Target> targets =
                started.population().drawn(random, started.gateway().port(), DRAWN);
        LoadResult load = Load.run(new LoadPlan(targets, new Call.Whole(), pace, connections, duration, DRAIN));
        load.complaint().ifPresent(complaint -> {
            complaints.add(started.population().apiKeys() + " keys: " + complaint);
            tell("NOT COUNTED " + complaint);
        });
        return load;
    }

    private Side side(Started started, List<Side.Cost> costs) throws IOException {
        return new Side(
                started.population(),
                started.startSeconds(),
                started.resident(),
                started.heap(),
                started.gateway().process().residentBytes(),
                costs);
    }

    private ScaleOutcome publishing(Gateway gateway, Upstream other, List<Side> sides, double fillSeconds)
            throws IOException, InterruptedException {
        Histogram quiet = new Histogram(3);
        Histogram busy = new Histogram(3);
        Started started = new Started(gateway, plan.population(), 0, 0, 0);
        Duration turn = Duration.ofSeconds(plan.seconds());
        try (Probe probe = Probe.start(Change.target(gateway.port()), other)) {
            Changes warmUp = new Changes(gateway, probe);
            steady(started, Duration.ofSeconds(Change.values().length), warmUp, Change.values().length);
            Changes changes = new Changes(gateway, probe);
            for (int i = 1; i <= plan.turns(); i++) {
                tell("turn %d of %d: %d s without changes, %d s with"
                        .formatted(i, plan.turns(), plan.seconds(), plan.seconds()));
                quiet.add(steady(started, turn, changes, 0).latency());
                busy.add(steady(started, turn, changes, plan.seconds()).latency());
            }
            return new ScaleOutcome(sides.get(0), sides.get(1), fillSeconds, quiet, busy, changes.made(), complaints);
        }
    }

    /** Calls at a constant rate, with so many changes meanwhile. */
    private LoadResult steady(Started started, Duration duration, Changes changes, int count)
            throws IOException, InterruptedException {
        FutureTask<Void> changing = new FutureTask<>(() -> {
            changes.make(count);
            return null;
        });
        Thread.ofPlatform().daemon().name("changes").start(changing);
        LoadResult load = load(started, new Pace.Constant(RATE), RATE_CONNECTIONS, duration);
        try {
            changing.get();
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        }
        return load;
    }

    private void tell(String step) {
        progress.println(step);
    }
}
