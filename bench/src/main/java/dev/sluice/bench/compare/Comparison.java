package dev.sluice.bench.compare;

import dev.sluice.bench.load.Call;
import dev.sluice.bench.load.HeldStreams;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Measures no proxy, the proxies of others and the gateway in turn, round by round, so that a disturbance of the machine meets all of them.
 * Load and mock provider run in this JVM, on another processor than the proxies.
 */
final class Comparison {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final int STREAMS_PER_SECOND = 1000;
    /** By how much calls get faster from one warm-up to the next as long as there is anything to gain. */
    private static final double STILL_WARMING = 1.1;
    /** How many more there are at most. */
    private static final int MOST_WARM_UPS = 10;

    private static final Call.Streamed FLOWING = new Call.Streamed(12, 500);
    private static final String ALL_CPUS = "";

    private final Settings settings;
    private final Upstream upstream;
    private final PrintStream progress;
    private final String proxyCpu;
    private final List<String> complaints = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private final Map<String, Long> finishedCalls = new LinkedHashMap<>();
    private double othersShare;

    private Comparison(Settings settings, Upstream upstream, PrintStream progress) {
        this.settings = settings;
        this.upstream = upstream;
        this.progress = progress;
        this.proxyCpu = Integer.toString(settings.proxyCpu());
    }

    /** @param progress one line per step */
    static Outcome run(Settings settings, PrintStream progress) throws IOException, InterruptedException {
        try (Upstream upstream = Upstream.start(0)) {
            return new Comparison(settings, upstream, progress).run();
        }
    }

    private Outcome run() throws IOException, InterruptedException {
        List<Child> children = new ArrayList<>();
        try {
            List<Started> rivals = new ArrayList<>();
            for (Rival rival : Rival.values()) {
                if (settings.rivals().contains(rival)) start(rival, children).ifPresent(rivals::add);
            }
            Map<String, String> versions = new HashMap<>();
            rivals.forEach(started -> versions.put(started.rival().title(), started.version()));
            Machine machine = Machine.read(versions);
            Set<Shape> shapes = shapes(rivals);
            List<Contestant> contestants = new ArrayList<>();
            contestants.add(new Contestant(
                    Contestant.DIRECT,
                    target(upstream.port(), Map.of()),
                    Optional.empty(),
                    settings.warmUp().dividedBy(3),
                    shapes,
                    true));
            for (Started started : rivals) {
                Set<Shape> both = EnumSet.copyOf(shapes);
                both.retainAll(started.rival().shapes());
                contestants.add(new Contestant(
                        started.rival().title(),
                        started.target(),
                        Optional.of(started.child()),
                        settings.warmUp().dividedBy(3),
                        both,
                        started.rival().isYardstick()));
            }
            Optional<Outcome.OfGateway> gateway = Optional.empty();
            Map<Shape, Map<String, Round>> found;
            if (settings.launcher().isPresent()) {
                Path launcher = settings.launcher().get();
                List<Double> starts = starts(launcher, ALL_CPUS);
                List<Double> pinnedStarts = starts(launcher, proxyCpu);
                try (Gateway started = start(launcher, "main", proxyCpu)) {
                    FirstCall.await(started.target(), started.process(), START_LIMIT);
                    finishedCalls.merge(Contestant.GATEWAY, 1L, Long::sum);
                    tell("gateway idle for " + settings.idle().toSeconds() + " s");
                    Thread.sleep(settings.idle());
                    long idleBytes = started.process().residentBytes();
                    contestants.add(new Contestant(
                            Contestant.GATEWAY,
                            started.target(),
                            Optional.of(started.process()),
                            settings.warmUp(),
                            shapes,
                            true));
                    contestants.add(new Contestant(
                            Contestant.TRANSLATED,
                            started.translated(),
                            Optional.of(started.process()),
                            settings.warmUp(),
                            Set.of(Shape.SATURATED, Shape.STEADY, Shape.PACED),
                            true));
                    found = rounds(contestants);
                    long loadedBytes = started.process().residentBytes();
                    // Usage is shown two seconds after a call at the latest.
                    Thread.sleep(2500);
                    long sent = finishedCalls.getOrDefault(Contestant.GATEWAY, 0L)
                            + finishedCalls.getOrDefault(Contestant.TRANSLATED, 0L);
                    var metered = started.meteredCalls();
                    gateway = Optional.of(new Outcome.OfGateway(
                            starts,
                            pinnedStarts,
                            idleBytes,
                            loadedBytes,
                            held(started),
                            flows(started),
                            sent,
                            metered));
                }
            } else {
                found = rounds(contestants);
            }
            return new Outcome(Instant.now(), machine, othersShare, found, gateway, complaints, remarks);
        } finally {
            children.forEach(Child::close);
        }
    }

    /** A rival that serves calls. */
    private record Started(Rival rival, String version, Target target, Child child) {}

    /** Starts a rival; without one that no budget needs the rest is measured as well, and the outcome says so. */
    private Optional<Started> start(Rival rival, List<Child> children) throws IOException, InterruptedException {
        int port = Machine.freePort();
        Rival.Site site = new Rival.Site(settings.work(), settings.packages(), upstream.port(), port);
        switch (rival.setUp(site)) {
            case Rival.SetUp.Missing missing -> {
                complain(rival.isYardstick(), rival.title() + " " + missing.why() + " and is left out");
                return Optional.empty();
            }
            case Rival.SetUp.Ready ready -> {
                Child child =
                        Child.start(rival.title(), settings.work(), proxyCpu, ready.command(), ready.environment());
                children.add(child);
                Target target = target(port, ready.headers());
                try {
                    FirstCall.await(target, child, START_LIMIT);
                } catch (IOException e) {
                    if (rival.isYardstick()) throw e;
                    complain(false, rival.title() + " does not start and is left out: " + e.getMessage());
                    return Optional.empty();
                }
                return Optional.of(new Started(rival, ready.version(), target, child));
            }
        }
    }

    /** Shapes for the slow are of use only when something slow is there. */
    private static Set<Shape> shapes(List<Started> rivals) {
        boolean isSlow =
                rivals.stream().anyMatch(started -> !started.rival().shapes().contains(Shape.STEADY));
        Set<Shape> shapes = EnumSet.allOf(Shape.class);
        if (!isSlow) shapes.removeIf(Shape::isGentle);
        return shapes;
    }

    private List<Double> starts(Path launcher, String cpus) throws IOException, InterruptedException {
        List<Double> seconds = new ArrayList<>();
        String where = cpus.equals(ALL_CPUS) ? "all" : "one";
        for (int i = 1; i <= settings.starts(); i++) {
            long from = System.nanoTime();
            try (Gateway gateway = start(launcher, where + i, cpus)) {
                seconds.add((FirstCall.await(gateway.target(), gateway.process(), START_LIMIT) - from) / 1e9);
            }
            tell("start %d of %d, processors: %s: %.2f s".formatted(i, settings.starts(), where, seconds.getLast()));
        }
        return seconds;
    }

    private Map<Shape, Map<String, Round>> rounds(List<Contestant> contestants) throws IOException {
        for (Contestant contestant : contestants) warmUp(contestant);
        Map<Shape, Map<String, List<Round>>> all = new EnumMap<>(Shape.class);
        double from = System.nanoTime() / 1e9;
        double othersBefore = othersSeconds(contestants);
        for (int i = 1; i <= settings.rounds(); i++) {
            for (Shape shape : Shape.values()) {
                for (Contestant contestant : contestants) {
                    if (!contestant.shapes().contains(shape)) continue;
                    String what =
                            "round %d of %d, %s, %s".formatted(i, settings.rounds(), shape.title(), contestant.name());
                    Optional<Round> round = round(shape, contestant, what);
                    round.ifPresent(clean -> all.computeIfAbsent(shape, _ -> new LinkedHashMap<>())
                            .computeIfAbsent(contestant.name(), _ -> new ArrayList<>())
                            .add(clean));
                }
            }
        }
        double processorSeconds = (System.nanoTime() / 1e9 - from) * Machine.processorCount();
        othersShare = (othersSeconds(contestants) - othersBefore) / processorSeconds;
        Map<Shape, Map<String, Round>> medians = new EnumMap<>(Shape.class);
        all.forEach((shape, byName) -> {
            Map<String, Round> middle = new LinkedHashMap<>();
            byName.forEach((name, rounds) -> middle.put(name, Round.median(rounds)));
            medians.put(shape, middle);
        });
        return medians;
    }

    /** Processor time of this machine that went neither into the contestants nor into this JVM. */
    private static double othersSeconds(List<Contestant> contestants) throws IOException {
        double seconds =
                Proc.busySeconds() - Proc.cpuSeconds(ProcessHandle.current().pid());
        // Two contestants may be one process.
        Set<Child> processes = new HashSet<>();
        for (Contestant contestant : contestants) contestant.process().ifPresent(processes::add);
        for (Child process : processes) seconds -= process.cpuSeconds();
        return seconds;
    }

    /** Goes on until calls get no faster: how long that takes depends on the machine. */
    private void warmUp(Contestant contestant) throws IOException {
        Duration whole = contestant.warmUp();
        double best = warmUp(contestant, whole);
        int inVain = 0;
        for (int i = 0; i < MOST_WARM_UPS && inVain < 2; i++) {
            double rate = warmUp(contestant, whole.dividedBy(2));
            inVain = rate < best * STILL_WARMING ? inVain + 1 : 0;
            best = Math.max(best, rate);
        }
        Shape streamed = contestant.shapes().contains(Shape.PACED) ? Shape.PACED : Shape.GENTLE_PACED;
        LoadPlan streams = streamed.plan(contestant.target(), whole.dividedBy(4));
        load(contestant, streams, "warm-up by streams, " + contestant.name());
    }

    /** @return calls per second */
    private double warmUp(Contestant contestant, Duration duration) throws IOException {
        LoadPlan plan = Shape.SATURATED.plan(contestant.target(), duration);
        double rate = load(contestant, plan, "warm-up by calls, " + contestant.name()).callsPerSecond();
        tell("warm-up of %s, %.1f s: %.0f/s".formatted(contestant.name(), duration.toMillis() / 1e3, rate));
        return rate;
    }

    private Optional<Round> round(Shape shape, Contestant contestant, String what) throws IOException {
        double before = cpu(contestant);
        LoadResult load = load(contestant, shape.plan(contestant.target(), settings.round()), what);
        double used = cpu(contestant) - before;
        if (!load.isClean()) return Optional.empty();
        Round round = Round.of(shape, load, used);
        tell("%s: %.1f us of processor time per %s, %.0f/s, p99 %.0f us"
                .formatted(what, round.cpu(), shape.unit(), round.perSecond(), round.p99()));
        return Optional.of(round);
    }

    private LoadResult load(Contestant contestant, LoadPlan plan, String what) throws IOException {
        LoadResult load = Load.run(plan);
        finishedCalls.merge(contestant.name(), load.finished(), Long::sum);
        load.complaint().ifPresent(complaint -> complain(contestant.isJudged(), what + ": " + complaint));
        return load;
    }

    private static double cpu(Contestant contestant) throws IOException {
        return contestant.process().isPresent() ? contestant.process().get().cpuSeconds() : 0;
    }

    private List<Outcome.Held> held(Gateway gateway) throws IOException, InterruptedException {
        List<Outcome.Held> found = new ArrayList<>();
        for (int streams : settings.heldStreams()) {
            tell("holding " + streams + " streams");
            held(gateway, streams).ifPresent(found::add);
        }
        return found;
    }

    private Optional<Outcome.Held> held(Gateway gateway, int streams) throws IOException, InterruptedException {
        long pid = gateway.process().javaPid();
        long heapBefore = LiveHeap.bytes(pid, settings.work());
        long residentBefore = gateway.process().residentBytes();
        Duration limit = Duration.ofSeconds(20 + streams / STREAMS_PER_SECOND);
        long heap;
        long resident;
        try (HeldStreams held = HeldStreams.open(gateway.target(), streams, STREAMS_PER_SECOND, limit)) {
            heap = LiveHeap.bytes(pid, settings.work());
            resident = gateway.process().residentBytes();
            if (held.count() != streams) {
                complain(
                        true,
                        "only " + held.count() + " of " + streams + " streams could be held: " + held.firstFailure());
                return Optional.empty();
            }
        }
        int left = streamsLeft();
        if (left > 0)
            complain(true, left + " of " + streams + " streams were still open upstream after their clients had gone");
        return Optional.of(new Outcome.Held(
                streams, (heap - heapBefore) / streams, Math.max(0, resident - residentBefore) / streams, left));
    }

    private List<Outcome.Flow> flows(Gateway gateway) throws IOException {
        if (settings.flow().isZero()) return List.of();
        int streams = settings.heldStreams().stream().max(Integer::compare).orElse(0);
        tell("events for " + streams + " open streams");
        Optional<Outcome.Evenness> direct = evenness(target(upstream.port(), Map.of()), streams);
        Optional<Outcome.Evenness> through = evenness(gateway.target(), streams);
        return direct.isPresent() && through.isPresent()
                ? List.of(new Outcome.Flow(streams, through.get(), direct.get()))
                : List.of();
    }

    private Optional<Outcome.Evenness> evenness(Target target, int streams) throws IOException {
        int lives = FLOWING.events() * FLOWING.paceMillis();
        int perSecond = Math.max(1, (int) (streams * 1000L / lives));
        LoadResult load = Load.run(new LoadPlan(
                target, FLOWING, new Pace.Constant(perSecond), streams + streams / 5, settings.flow(), DRAIN));
        load.complaint().ifPresent(complaint -> complain(true, streams + " open streams: " + complaint));
        if (!load.isClean()) return Optional.empty();
        return Optional.of(new Outcome.Evenness(
                load.gaps().getMaxValue() / 1e6 - FLOWING.paceMillis(),
                load.gaps().getValueAtPercentile(99.9) / 1e6 - FLOWING.paceMillis(),
                load.firstEvent().getValueAtPercentile(50) / 1e6));
    }

    /** Streams that the provider still has open, given some time to end. */
    private int streamsLeft() throws InterruptedException {
        long deadline = System.nanoTime() + DRAIN.toNanos();
        while (upstream.openStreams() > 0 && System.nanoTime() < deadline) Thread.sleep(50);
        return upstream.openStreams();
    }

    private Gateway start(Path launcher, String run, String cpus) throws IOException {
        return Gateway.start(launcher, settings.work(), run, cpus, upstream.port());
    }

    private static Target target(int port, Map<String, String> headers) {
        return new Target(port, Target.CHAT, "bench", Gateway.MODEL).with(headers);
    }

    private void complain(boolean isJudged, String complaint) {
        (isJudged ? complaints : remarks).add(complaint);
        tell("NOT COUNTED " + complaint);
    }

    private void tell(String step) {
        progress.println(step);
    }
}
