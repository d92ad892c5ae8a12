package dev.sluice.app.cli;

import dev.sluice.proxy.Balancers;
import dev.sluice.proxy.Sessions;
import dev.sluice.proxy.Transport;
import dev.sluice.traffic.auth.AddressRanges;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The values of one command's options, read by type. A bad one is noted as a problem and stands as its default. */
final class OptionValues {
    private static final Pattern BYTES = Pattern.compile("(\\d{1,10})\\s*(|B|KiB|MiB|GiB)", Pattern.CASE_INSENSITIVE);
    private static final Pattern DIGITS = Pattern.compile("\\d{1,9}");
    /** What an address may carry of a user or a password. */
    private static final Pattern CREDENTIALS =
            Pattern.compile("(//(?=[^/@]*@)|(?:password|secret|token|user)=)[^@&;]*", Pattern.CASE_INSENSITIVE);

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]+");
    private static final Duration DEMO_DRAIN = Duration.ofSeconds(10);
    private static final Pattern SECRET = Pattern.compile("[!-~]+");

    /** Reads a value, or answers null when the text is not of its form. */
    private interface Reader<T> {
        @Nullable
        T read(String text);
    }

    private final Verb verb;
    private final Environment environment;
    private final Map<Option, String> given = new EnumMap<>(Option.class);
    private final List<String> problems = new ArrayList<>();

    private OptionValues(Verb verb, Environment environment) {
        this.verb = verb;
        this.environment = environment;
    }

    static OptionValues read(Verb verb, List<String> arguments, Environment environment) {
        OptionValues values = new OptionValues(verb, environment);
        values.readFlags(arguments);
        values.problems.addAll(environment.problems());
        return values;
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    GatewayOptions gateway(int cores) {
        Path data = valueOrFallback(Option.DATA, OptionValues::path);
        String host = valueOrFallback(Option.HOST, OptionValues::host);
        GatewayOptions options = new GatewayOptions(
                value(Option.CONFIG, OptionValues::path),
                data,
                host,
                valueOrFallback(Option.PORT, OptionValues::port),
                value(Option.ADMIN_HOST, OptionValues::host, host),
                valueOrFallback(Option.ADMIN_PORT, OptionValues::port),
                value(Option.STORE, OptionValues::store, new StoreLocation.Sqlite(data.resolve("sluice.db"))),
                value(Option.EVENT_LOOPS, text -> number(text, 1, 1024), cores),
                valueOrFallback(Option.ACCESS_LOG, OptionValues::accessLog),
                valueOrFallback(Option.MAX_BODY_BYTES, OptionValues::bytes),
                valueOrFallback(Option.MAX_EVENT_BYTES, OptionValues::bytes),
                valueOrFallback(Option.MAX_ANSWER_BYTES, OptionValues::bytes),
                value(Option.MAX_BUFFERED_BYTES, OptionValues::bytes),
                ofStop(Option.DRAIN_GRACE_MS, Duration.ZERO),
                ofStop(Option.DRAIN_MS, DEMO_DRAIN),
                value(Option.TLS_CERT_DIR, OptionValues::path),
                transport(),
                isOn(Option.ALLOW_METADATA_ADDRESSES),
                isOn(Option.MANAGED_IDENTITY) ? environment.identity() : null,
                value(Option.ADMIN_TOKEN, OptionValues::secret),
                value(Option.MASTER_KEY, OptionValues::secret));
        if (options.port() != 0 && options.port() == options.adminPort()) {
            problems.add("--admin-port: " + options.adminPort() + " is --port too (expected: two different ports)");
        }
        checkPorts(options);
        return options;
    }

    /** Nobody balances load over a demo, and who ends it sits in front of it. */
    private Duration ofStop(Option option, Duration ofDemo) {
        return verb == Verb.DEMO
                ? value(option, OptionValues::milliseconds, ofDemo)
                : valueOrFallback(option, OptionValues::milliseconds);
    }

    private Transport transport() {
        return new Transport(
                value(Option.TLS_PORT, OptionValues::port),
                value(Option.HTTP2_PORT, OptionValues::port),
                isOn(Option.REUSE_PORT),
                valueOrFallback(Option.MAX_HEADER_BYTES, OptionValues::bytes),
                valueOrFallback(Option.MAX_URL_BYTES, OptionValues::bytes),
                valueOrFallback(Option.HEAD_TIMEOUT_MS, OptionValues::milliseconds),
                valueOrFallback(Option.BODY_TIMEOUT_MS, OptionValues::milliseconds),
                valueOrFallback(Option.IDLE_TIMEOUT_MS, OptionValues::milliseconds),
                valueOrFallback(Option.MAX_CONNECTIONS, text -> number(text, 0, 10_000_000)),
                valueOrFallback(Option.MAX_CONNECTIONS_PER_ADDRESS, text -> number(text, 0, 10_000_000)),
                valueOrFallback(Option.MAX_STREAMS, text -> number(text, 1, 1024)),
                new Sessions(
                        valueOrFallback(Option.SESSION_MS, OptionValues::milliseconds),
                        valueOrFallback(Option.SESSION_PING_MS, OptionValues::someMilliseconds)),
                new Balancers(
                        value(Option.TRUSTED_PROXIES, OptionValues::ranges, List.of()), isOn(Option.PROXY_PROTOCOL)));
    }

    private void checkPorts(GatewayOptions options) {
        Transport transport = options.transport();
        checkPort("--tls-port", transport.tlsPort(), options.port(), options.adminPort());
        checkPort("--http2-port", transport.http2Port(), options.port(), options.adminPort());
        if (transport.http2Port() != null)
            checkPort("--tls-port", transport.tlsPort(), transport.http2Port(), transport.http2Port());
    }

    private void checkPort(String flag, @Nullable Integer port, int other, int another) {
        if (port == null || port == 0 || port != other && port != another) return;
        problems.add(flag + ": " + port + " is another port's number too (expected: different ports)");
    }

    Command apply() {
        @Nullable Path file = value(Option.FILE, OptionValues::path);
        if (file == null && !given.containsKey(Option.FILE)) {
            problems.add("apply needs -f PATH: the declarative file, or a folder of them");
        }
        return new Command.Apply(
                file == null ? Path.of("") : file, isOn(Option.PRUNE), isOn(Option.DRY_RUN), adminAccess());
    }

    Command export() {
        return new Command.Export(value(Option.FILE, OptionValues::path), adminAccess());
    }

    /** The part of an argument that may be shown: what follows {@code =} could be a secret. */
    static String nameOf(String argument) {
        int equals = argument.indexOf('=');
        return equals < 0 ? argument : argument.substring(0, equals);
    }

    private AdminAccess adminAccess() {
        return new AdminAccess(
                valueOrFallback(Option.ADMIN_URL, OptionValues::httpUrl), value(Option.TOKEN, OptionValues::secret));
    }

    private void readFlags(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            String name = nameOf(argument);
            Optional<Option> known = Option.ofFlag(verb, name);
            if (known.isEmpty()) {
                problems.add(argument.startsWith("-") ? unknownFlag(name) : unexpected(argument));
                // The word behind an unknown flag is most likely its value: not a second problem.
                boolean takesNext = argument.startsWith("-") && name.equals(argument) && hasValueAt(arguments, i + 1);
                if (takesNext) i++;
                continue;
            }
            Option option = known.get();
            String value;
            if (!name.equals(argument)) {
                value = argument.substring(name.length() + 1);
            } else if (option.form() == Form.SWITCH) {
                value = "true";
            } else if (hasValueAt(arguments, i + 1)) {
                value = arguments.get(++i);
            } else {
                problems.add(name + ": no value (expected: " + option.form().expected() + ")");
                given.putIfAbsent(option, option.fallback());
                continue;
            }
            if (given.putIfAbsent(option, value) != null) problems.add(name + ": given more than once");
        }
    }

    private static boolean hasValueAt(List<String> arguments, int index) {
        return index < arguments.size() && !arguments.get(index).startsWith("--");
    }

    private String unexpected(String argument) {
        String hint = verb == Verb.APPLY || verb == Verb.EXPORT ? "; a file is named with -f" : "";
        return "unexpected argument \"" + nameOf(argument) + "\" (" + verb.word() + " takes only flags" + hint + ")";
    }

    private String unknownFlag(String name) {
        String asVariable = Option.VARIABLE_PREFIX
                + name.replaceFirst("^-+", "").replace('-', '_').toUpperCase(Locale.ROOT);
        boolean variableOnly = Option.of(verb).stream()
                .anyMatch(option -> option.flag().isEmpty()
                        && option.variable().filter(asVariable::equals).isPresent());
        if (variableOnly) {
            return "\"" + name + "\" is not a flag, because other users of a machine can see flags; set " + asVariable
                    + " in the environment";
        }
        String others = Arrays.stream(Verb.values())
                .filter(other -> Option.ofFlag(other, name).isPresent())
                .map(Verb::word)
                .collect(Collectors.joining(", "));
        if (!others.isEmpty()) return "\"" + name + "\" is a flag of " + others + ", not of " + verb.word();
        List<String> known = Option.of(verb).stream().flatMap(Option::spellings).toList();
        return "unknown flag \"" + name + "\" of " + verb.word()
                + Nearest.to(name, known)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse(" (its flags: sluice help " + verb.word() + ")");
    }

    private boolean isOn(Option option) {
        return value(option, OptionValues::onOff, false);
    }

    /** For options whose default in the table is a value and not a description of one. */
    private <T> T valueOrFallback(Option option, Reader<T> reader) {
        return value(option, reader, Objects.requireNonNull(reader.read(option.fallback()), option.name()));
    }

    private <T> T value(Option option, Reader<T> reader, T fallback) {
        @Nullable T value = value(option, reader);
        return value == null ? fallback : value;
    }

    /** The value of a flag, else of its variable, else null; also null, with a problem noted, if it cannot be read. */
    private <T> @Nullable T value(Option option, Reader<T> reader) {
        boolean byFlag = given.containsKey(option);
        Optional<String> text = byFlag ? Optional.ofNullable(given.get(option)) : environment.value(option);
        if (text.isEmpty()) return null;
        @Nullable T value = reader.read(text.get());
        if (value == null) {
            String name =
                    byFlag ? option.flag().orElseThrow() : option.variable().orElseThrow();
            String shown = option.isSecret() ? "the value, not shown," : "\"" + withoutCredentials(text.get()) + "\"";
            problems.add(name + ": " + shown + " (expected: " + option.form().expected() + ")");
        }
        return value;
    }

    private static String withoutCredentials(String text) {
        return CREDENTIALS.matcher(text).replaceAll("$1***");
    }

    private static @Nullable Integer port(String text) {
        return number(text, 0, 65_535);
    }

    private static @Nullable Duration milliseconds(String text) {
        @Nullable Integer number = number(text, 0, 86_400_000);
        return number == null ? null : Duration.ofMillis(number);
    }

    private static @Nullable Duration someMilliseconds(String text) {
        @Nullable Duration read = milliseconds(text);
        return read == null || read.isZero() ? null : read;
    }

    private static @Nullable List<String> ranges(String text) {
        List<String> ranges = new ArrayList<>();
        for (String range : text.split(",", -1)) ranges.add(range.strip());
        return ranges.stream().allMatch(AddressRanges::isRange) ? List.copyOf(ranges) : null;
    }

    private static @Nullable Integer number(String text, int min, int max) {
        if (!DIGITS.matcher(text).matches()) return null;
        int number = Integer.parseInt(text);
        return number < min || number > max ? null : number;
    }

    private static @Nullable Path path(String text) {
        if (text.isBlank()) return null;
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static @Nullable String host(String text) {
        return HOST.matcher(text).matches() ? text : null;
    }

    private static @Nullable Redacted secret(String text) {
        return SECRET.matcher(text).matches() ? new Redacted(text) : null;
    }

    private static @Nullable Boolean onOff(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> null;
        };
    }

    private static @Nullable Integer bytes(String text) {
        Matcher matcher = BYTES.matcher(text);
        if (!matcher.matches()) return null;
        int shift = switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
            case "kib" -> 10;
            case "mib" -> 20;
            case "gib" -> 30;
            default -> 0;
        };
        long number = Long.parseLong(matcher.group(1)) << shift;
        return number < 1 || number > Integer.MAX_VALUE ? null : (int) number;
    }

    private static @Nullable AccessLog accessLog(String text) {
        return switch (text) {
            case "stdout" -> new AccessLog.Stdout();
            case "off" -> new AccessLog.Off();
            default -> {
                @Nullable Path file = path(text);
                yield file == null ? null : new AccessLog.ToFile(file);
            }
        };
    }

    private static @Nullable StoreLocation store(String text) {
        String address = text.startsWith("jdbc:") ? text.substring("jdbc:".length()) : text;
        if (!address.startsWith("sqlite:")) return null;
        @Nullable Path file = path(address.substring("sqlite:".length()));
        return file == null ? null : new StoreLocation.Sqlite(file);
    }

    private static @Nullable URI httpUrl(String text) {
        try {
            URI url = new URI(text);
            boolean isHttp = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            return isHttp && url.getHost() != null && url.getUserInfo() == null ? url : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
