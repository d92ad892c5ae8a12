package dev.sluice.app.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of the process, one row each: its flag, its environment variable, the form and the default of its value
 * and what it is for. Parsing, help and {@code docs/settings.md} read this table and nothing else.
 */
enum Option {
    CONFIG(
            Group.GATEWAY,
            "--config",
            "SLUICE_CONFIG",
            Form.PATH,
            "none",
            "Declarative file, or folder of them, that this gateway owns and follows."),
    DATA(
            Group.GATEWAY,
            "--data",
            "SLUICE_DATA",
            Form.PATH,
            "./data",
            "Folder of everything that the gateway keeps: store, journal, last good settings."),
    HOST(
            Group.GATEWAY,
            "--host",
            "SLUICE_HOST",
            Form.HOST,
            "0.0.0.0",
            "Address on which Model APIs are served; 0.0.0.0 is every interface."),
    PORT(Group.GATEWAY, "--port", "SLUICE_PORT", Form.PORT, "8080", "Port of the Model APIs; 0 takes a free one."),
    TLS_PORT(
            Group.GATEWAY,
            "--tls-port",
            "SLUICE_TLS_PORT",
            Form.PORT,
            "none",
            "Port of the Model APIs over TLS, HTTP/1.1 and HTTP/2; needs --tls-cert-dir."),
    TLS_CERT_DIR(
            Group.GATEWAY,
            "--tls-cert-dir",
            "SLUICE_TLS_CERT_DIR",
            Form.PATH,
            "none",
            "Folder of certificates, NAME.crt with NAME.key in PEM; changed files are taken up within seconds."),
    HTTP2_PORT(
            Group.GATEWAY,
            "--http2-port",
            "SLUICE_HTTP2_PORT",
            Form.PORT,
            "none",
            "Port of the Model APIs over HTTP/2 without TLS, for clients inside your network."),
    REUSE_PORT(
            Group.GATEWAY,
            "--reuse-port",
            "SLUICE_REUSE_PORT",
            Form.SWITCH,
            "off",
            "Let another gateway listen on the same ports, so that it can take over without a pause."),
    ADMIN_HOST(
            Group.GATEWAY,
            "--admin-host",
            "SLUICE_ADMIN_HOST",
            Form.HOST,
            "as --host",
            "Address of console, admin API, health and metrics; 127.0.0.1 keeps them on this machine."),
    ADMIN_PORT(
            Group.GATEWAY,
            "--admin-port",
            "SLUICE_ADMIN_PORT",
            Form.PORT,
            "8081",
            "Port of console, admin API, health and metrics; 0 takes a free one."),
    STORE(
            Group.GATEWAY,
            "--store",
            "SLUICE_STORE",
            Form.STORE,
            "sqlite in the data folder",
            "Where settings, usage and audit are kept; sqlite:FILE puts the database elsewhere."),
    EVENT_LOOPS(
            Group.GATEWAY,
            "--event-loops",
            "SLUICE_EVENT_LOOPS",
            Form.COUNT,
            "one per core",
            "Threads that serve calls."),
    ACCESS_LOG(
            Group.GATEWAY,
            "--access-log",
            "SLUICE_ACCESS_LOG",
            Form.ACCESS_LOG,
            "stdout",
            "Where one line of JSON per call goes."),
    MAX_BODY_BYTES(
            Group.GATEWAY,
            "--max-body-bytes",
            "SLUICE_MAX_BODY_BYTES",
            Form.BYTES,
            "32MiB",
            "Largest request body; a larger one is answered 413."),
    MAX_EVENT_BYTES(
            Group.GATEWAY,
            "--max-event-bytes",
            "SLUICE_MAX_EVENT_BYTES",
            Form.BYTES,
            "8MiB",
            "Largest single event of an upstream stream; a larger one ends the stream as an upstream failure."),
    MAX_ANSWER_BYTES(
            Group.GATEWAY,
            "--max-answer-bytes",
            "SLUICE_MAX_ANSWER_BYTES",
            Form.BYTES,
            "16MiB",
            "How much of a whole answer is held back to judge it; a longer one passes unjudged, or fails if it must be translated."),
    MAX_BUFFERED_BYTES(
            Group.GATEWAY,
            "--max-buffered-bytes",
            "SLUICE_MAX_BUFFERED_BYTES",
            Form.BYTES,
            "a quarter of the heap, at least 64MiB",
            "Request bodies, long answers and what slow clients have not taken, in memory, of all calls together; what needs more is answered 503."),
    MAX_HEADER_BYTES(
            Group.GATEWAY,
            "--max-header-bytes",
            "SLUICE_MAX_HEADER_BYTES",
            Form.BYTES,
            "32KiB",
            "Longest header section of a request, answered 431 above that, and of an upstream's answer."),
    MAX_URL_BYTES(
            Group.GATEWAY,
            "--max-url-bytes",
            "SLUICE_MAX_URL_BYTES",
            Form.BYTES,
            "8KiB",
            "Longest request line; a longer one is answered 414."),
    HEAD_TIMEOUT_MS(
            Group.GATEWAY,
            "--head-timeout-ms",
            "SLUICE_HEAD_TIMEOUT_MS",
            Form.MILLISECONDS,
            "15000",
            "How long a new connection may take until its first request head is complete."),
    BODY_TIMEOUT_MS(
            Group.GATEWAY,
            "--body-timeout-ms",
            "SLUICE_BODY_TIMEOUT_MS",
            Form.MILLISECONDS,
            "30000",
            "Longest pause within a request body; answered 408, as is a body below 16 kB/s after its first minute."),
    IDLE_TIMEOUT_MS(
            Group.GATEWAY,
            "--idle-timeout-ms",
            "SLUICE_IDLE_TIMEOUT_MS",
            Form.MILLISECONDS,
            "75000",
            "How long a connection may stay open without a call."),
    MAX_CONNECTIONS(
            Group.GATEWAY,
            "--max-connections",
            "SLUICE_MAX_CONNECTIONS",
            Form.LIMIT,
            "50000",
            "Connections of clients at the same time; further ones are closed at once."),
    MAX_CONNECTIONS_PER_ADDRESS(
            Group.GATEWAY,
            "--max-connections-per-address",
            "SLUICE_MAX_CONNECTIONS_PER_ADDRESS",
            Form.LIMIT,
            "0",
            "The same for one client address; 0 is no limit. Those of --trusted-proxies are not counted."),
    MAX_STREAMS(
            Group.GATEWAY,
            "--max-streams",
            "SLUICE_MAX_STREAMS",
            Form.COUNT,
            "200",
            "Calls at the same time on one HTTP/2 connection."),
    TRUSTED_PROXIES(
            Group.GATEWAY,
            "--trusted-proxies",
            "SLUICE_TRUSTED_PROXIES",
            Form.RANGES,
            "none",
            "Load balancers whose X-Forwarded-For tells where a client is; nobody else's is believed."),
    PROXY_PROTOCOL(
            Group.GATEWAY,
            "--proxy-protocol",
            "SLUICE_PROXY_PROTOCOL",
            Form.SWITCH,
            "off",
            "Each connection to the Model APIs begins with a PROXY line, version 1 or 2, as balancers of TCP send it."),
    SESSION_MS(
            Group.GATEWAY,
            "--session-ms",
            "SLUICE_SESSION_MS",
            Form.MILLISECONDS,
            "3600000",
            "Longest realtime session; it is closed with 1001 then."),
    SESSION_PING_MS(
            Group.GATEWAY,
            "--session-ping-ms",
            "SLUICE_SESSION_PING_MS",
            Form.SOME_MILLISECONDS,
            "30000",
            "How often both sides of a realtime session are pinged; one that misses two ends it."),
    ALLOW_METADATA_ADDRESSES(
            Group.GATEWAY,
            "--allow-metadata-addresses",
            "SLUICE_ALLOW_METADATA_ADDRESSES",
            Form.SWITCH,
            "off",
            "Let services and media be at link-local addresses and others where clouds hand their machines credentials."),
    MANAGED_IDENTITY(
            Group.GATEWAY,
            "--managed-identity",
            "SLUICE_MANAGED_IDENTITY",
            Form.SWITCH,
            "off",
            "Let provider keys be the managed identity that Azure gives this machine or app; its tokens go wherever services say."),
    DRAIN_GRACE_MS(
            Group.GATEWAY,
            "--drain-grace-ms",
            "SLUICE_DRAIN_GRACE_MS",
            Form.MILLISECONDS,
            "2000",
            "How long a stopping gateway still accepts, so that load balancers notice; demo: 0."),
    DRAIN_MS(
            Group.GATEWAY,
            "--drain-ms",
            "SLUICE_DRAIN_MS",
            Form.MILLISECONDS,
            "120000",
            "How long a stopping gateway lets calls in flight finish; demo: 10000."),
    ADMIN_TOKEN(
            Group.GATEWAY,
            null,
            "SLUICE_ADMIN_TOKEN",
            Form.SECRET,
            "generated, printed once",
            "Bearer token of the admin API and first sign-in to the console."),
    MASTER_KEY(
            Group.GATEWAY,
            null,
            "SLUICE_MASTER_KEY",
            Form.SECRET,
            "generated in the data folder",
            "Key that encrypts stored secrets; keep it apart from the data."),
    FILE(
            Group.CLIENT,
            "--file",
            null,
            Form.PATH,
            "required by apply; standard output for export",
            "The declarative file; apply also takes a folder of them. Short: -f."),
    PRUNE(
            Group.APPLY,
            "--prune",
            null,
            Form.SWITCH,
            "off",
            "Delete what the file does not name and nothing else depends on."),
    DRY_RUN(Group.APPLY, "--dry-run", null, Form.SWITCH, "off", "Print the difference and change nothing."),
    ADMIN_URL(
            Group.CLIENT,
            "--admin-url",
            "SLUICE_ADMIN_URL",
            Form.HTTP_URL,
            "http://127.0.0.1:8081",
            "Admin address of the running gateway."),
    TOKEN(
            Group.CLIENT,
            "--token",
            "SLUICE_ADMIN_TOKEN",
            Form.SECRET,
            "none",
            "Bearer token of the admin API; other users of this machine can see flags, so prefer the variable."),
    JAVA_OPTS(
            Group.LAUNCHER,
            null,
            "SLUICE_JAVA_OPTS",
            Form.JVM_FLAGS,
            "none",
            "Further flags of the JVM, after the launcher's own, like -Xmx512m.");

    /** The commands that know a row; also the headings of the settings page. */
    enum Group {
        GATEWAY("run, demo and doctor"),
        CLIENT("apply and export"),
        APPLY("apply"),
        LAUNCHER("the launcher");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }

        boolean includes(Verb verb) {
            return switch (this) {
                case GATEWAY -> verb == Verb.RUN || verb == Verb.DEMO || verb == Verb.DOCTOR;
                case CLIENT -> verb == Verb.APPLY || verb == Verb.EXPORT;
                case APPLY -> verb == Verb.APPLY;
                case LAUNCHER -> false;
            };
        }
    }

    /** What every variable of the gateway starts with; another one of this kind is a mistake. */
    static final String VARIABLE_PREFIX = "SLUICE_";

    private final Group group;
    private final @Nullable String flag;
    private final @Nullable String variable;
    private final Form form;
    private final String fallback;
    private final String meaning;

    Option(Group group, @Nullable String flag, @Nullable String variable, Form form, String fallback, String meaning) {
        this.group = group;
        this.flag = flag;
        this.variable = variable;
        this.form = form;
        this.fallback = fallback;
        this.meaning = meaning;
    }

    Group group() {
        return group;
    }

    Optional<String> flag() {
        return Optional.ofNullable(flag);
    }

    Optional<String> variable() {
        return Optional.ofNullable(variable);
    }

    Form form() {
        return form;
    }

    /** The default, as written on the command line where it is a value, else in words. */
    String fallback() {
        return fallback;
    }

    String meaning() {
        return meaning;
    }

    boolean isSecret() {
        return form == Form.SECRET;
    }

    boolean isOf(Verb verb) {
        return group.includes(verb);
    }

    /** The spellings that select this row on the command line. */
    Stream<String> spellings() {
        return this == FILE ? Stream.of("--file", "-f") : Stream.ofNullable(flag);
    }

    static List<Option> of(Verb verb) {
        return Arrays.stream(values()).filter(option -> option.isOf(verb)).toList();
    }

    static Optional<Option> ofFlag(Verb verb, String spelling) {
        return of(verb).stream()
                .filter(option -> option.spellings().anyMatch(spelling::equals))
                .findFirst();
    }

    static List<String> variables() {
        return Arrays.stream(values())
                .flatMap(option -> option.variable().stream())
                .distinct()
                .toList();
    }
}
