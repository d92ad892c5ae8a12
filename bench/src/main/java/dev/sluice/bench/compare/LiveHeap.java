package dev.sluice.bench.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bytes of all objects that a JVM can still reach, read from the total of its class histogram, which collects garbage first
 * and looks the same under every collector.
 */
public final class LiveHeap {
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");
    private static final long LIMIT_SECONDS = 60;

    private LiveHeap() {}

    public static long bytes(long pid, Path work) throws IOException, InterruptedException {
        // The first collection hands references to cleaners and the like, whose objects the second one finds.
        ask(pid, work, "GC.run");
        String histogram = ask(pid, work, "GC.class_histogram");
        Matcher total = TOTAL.matcher(histogram);
        if (!total.find()) throw new IOException("jcmd told no total of live objects but: " + histogram.strip());
        return Long.parseLong(total.group(1));
    }

    private static String ask(long pid, Path work, String command) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Path out = work.resolve("jcmd.out");
        Process process = new ProcessBuilder(List.of(jcmd.toString(), Long.toString(pid), command))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("jcmd " + command + " took more than " + LIMIT_SECONDS + " s");
        }
        return Files.readString(out, StandardCharsets.UTF_8);
    }
}
