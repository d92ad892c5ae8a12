package dev.sluice.app.cli;

/** The form of a setting's value: how help calls it, and what a message says was expected. */
enum Form {
    PATH("PATH", "a path"),
    HOST("HOST", "a host name or an IP address"),
    PORT("PORT", "a port number 0–65535"),
    COUNT("N", "a whole number 1–1024"),
    LIMIT("N", "a whole number 0–10000000"),
    BYTES("BYTES", "a number of bytes 1–2147483647, like 8388608 or 8MiB"),
    MILLISECONDS("MS", "a number of milliseconds 0–86400000"),
    SOME_MILLISECONDS("MS", "a number of milliseconds 1–86400000"),
    RANGES("CIDR,…", "IP addresses and ranges like 10.0.0.0/8, separated by commas"),
    STORE("URL", "sqlite:FILE; other stores are not supported by this version"),
    HTTP_URL("URL", "an http:// or https:// address"),
    ACCESS_LOG("TARGET", "stdout, off or the path of a file"),
    SECRET("SECRET", "printable ASCII characters without spaces"),
    SWITCH("", "nothing, true or false"),
    JVM_FLAGS("FLAGS", "flags of the java command");

    private final String placeholder;
    private final String expected;

    Form(String placeholder, String expected) {
        this.placeholder = placeholder;
        this.expected = expected;
    }

    String placeholder() {
        return placeholder;
    }

    String expected() {
        return expected;
    }
}
