package dev.sluice.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A proxy of others, measured beside the gateway as far as this machine has it. */
enum Rival {
    /** The yardstick: budgets are multiples of what it costs. */
    NGINX("nginx", true, false),
    HAPROXY("haproxy", false, false),
    /** One processor does not carry the steady shapes, so that it has slower ones, and others for its sake. */
    PORTKEY("portkey", false, true);

    private final String title;
    private final boolean isYardstick;
    private final boolean isSlow;

    Rival(String title, boolean isYardstick, boolean isSlow) {
        this.title = title;
        this.isYardstick = isYardstick;
        this.isSlow = isSlow;
    }

    String title() {
        return title;
    }

    /** Whether there are no budgets without it. */
    boolean isYardstick() {
        return isYardstick;
    }

    /** Whether there are shapes for its sake. */
    boolean isSlow() {
        return isSlow;
    }

    /** What it can be asked to do. */
    Set<Shape> shapes() {
        return isSlow ? EnumSet.of(Shape.SATURATED, Shape.GENTLE, Shape.GENTLE_PACED) : EnumSet.allOf(Shape.class);
    }

    /**
     * Where a rival is put.
     *
     * @param work for its files
     * @param packages the folder of what npm installed
     * @param upstreamPort of the mock provider
     * @param port where it listens
     */
    record Site(Path work, Path packages, int upstreamPort, int port) {}

    /** Whether it can be measured here. */
    sealed interface SetUp {
        /**
         * @param version of the program, as it tells itself
         * @param headers that a call must have beside the usual ones
         */
        record Ready(String version, List<String> command, Map<String, String> environment, Map<String, String> headers)
                implements SetUp {
            public Ready {
                command = List.copyOf(command);
                environment = Map.copyOf(environment);
                headers = Map.copyOf(headers);
            }
        }

        /** @param why as a sentence's end: it "is not installed" */
        record Missing(String why) implements SetUp {}
    }

    SetUp setUp(Site site) throws IOException, InterruptedException {
        return switch (this) {
            case NGINX -> Nginx.setUp(site);
            case HAPROXY -> HaProxy.setUp(site);
            case PORTKEY -> Portkey.setUp(site);
        };
    }

    /** A program of the PATH, or of where distributions put servers. */
    static Optional<Path> program(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(Stream.of(path.split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
