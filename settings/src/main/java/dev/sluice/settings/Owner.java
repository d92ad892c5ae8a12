package dev.sluice.settings;

/** Who may change a resource: the admin API, or only the file it was declared in. */
public enum Owner {
    API,
    FILE;

    @Override
    public String toString() {
        return this == API ? "api" : "file";
    }
}
