package dev.sluice.app.apply;

/** What a command ends with, for the shell. */
public enum Exit {
    OK(0),
    /** The gateway, or the file system, said no; the reasons were printed. */
    REFUSED(1),
    /** No gateway answered, or one that cannot work at the moment. */
    UNREACHABLE(3);

    private final int code;

    Exit(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
