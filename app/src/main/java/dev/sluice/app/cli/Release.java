package dev.sluice.app.cli;

import java.util.Objects;

/**
 * Which Sluice this is, and on what it runs.
 *
 * @param version as packaged; {@code development} when the classes do not come from the packaged jar
 */
public record Release(String version, String java, String system) {
    /** The running one. */
    public static Release current() {
        return new Release(
                Objects.requireNonNullElse(Release.class.getPackage().getImplementationVersion(), "development"),
                Runtime.version().toString(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    }

    @Override
    public String toString() {
        return "Sluice " + version + " (Java " + java + ", " + system + ")";
    }
}
