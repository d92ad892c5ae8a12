package dev.sluice.app.apply;

import dev.sluice.settings.binding.Json;
import dev.sluice.settings.binding.Problems;
import dev.sluice.settings.binding.Tree;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The admin API of a running gateway, as commands call it.
 *
 * @param address of the admin port, e.g. {@code http://127.0.0.1:8081}
 * @param token that the gateway was started with, or printed at its first start
 */
public record GatewayConnection(URI address, String token) {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(60);

    public GatewayConnection {
        String scheme = address.getScheme();
        if (!"http".equals(scheme) && !"https".equals(scheme) || address.getHost() == null)
            throw new IllegalArgumentException(
                    "admin address \"" + address + "\" (expected: http://HOST:PORT or https://HOST:PORT)");
    }

    /** Without the token. */
    @Override
    public String toString() {
        return address.toString();
    }

    /** What came of one call. */
    sealed interface Outcome {
        record Answered(int status, String body) implements Outcome {}

        /** @param why in words that say what to do */
        record Silent(String why) implements Outcome {}
    }

    Outcome get(String path, String accept) {
        return send(request(path).header("accept", accept).GET());
    }

    Outcome post(String path, String json) {
        return send(request(path)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private HttpRequest.Builder request(String path) {
        String base = address.toString();
        return HttpRequest.newBuilder(
                        URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path))
                .timeout(ANSWER)
                .header("authorization", "Bearer " + token.strip());
    }

    private Outcome send(HttpRequest.Builder request) {
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build()) {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Outcome.Answered(response.statusCode(), response.body());
        } catch (ConnectException | HttpConnectTimeoutException _) {
            return new Outcome.Silent("no gateway listens at " + address
                    + "; start one with ./sluice run, or give the address of its admin port");
        } catch (HttpTimeoutException _) {
            return new Outcome.Silent("the gateway at " + address + " took longer than " + ANSWER.toSeconds()
                    + " s; the change may still take effect, run the command with --dry-run to see");
        } catch (IOException e) {
            return new Outcome.Silent("the connection to " + address + " broke (" + e.getMessage()
                    + "); see that it is the admin port and whether it speaks http or https");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Outcome.Silent("interrupted");
        }
    }

    /** Prints why an answer is no success and says how the command ends. */
    static Exit explain(Outcome outcome, PrintStream out) {
        return switch (outcome) {
            case Outcome.Silent silent -> {
                out.println("error: " + silent.why());
                yield Exit.UNREACHABLE;
            }
            case Outcome.Answered answered -> {
                printProblems(answered, out);
                if (answered.status() == 401)
                    out.println("  set SLUICE_ADMIN_TOKEN to the token that the gateway was started with or printed");
                yield answered.status() >= 500 ? Exit.UNREACHABLE : Exit.REFUSED;
            }
        };
    }

    private static void printProblems(Outcome.Answered answered, PrintStream out) {
        Optional<Tree> body = Json.read("", answered.body(), new Problems());
        Tree error = body.isPresent() ? child(body.get(), "error") : null;
        if (error == null) {
            out.println("error: HTTP " + answered.status() + ", and not from the admin API of a gateway");
            return;
        }
        if (!(child(error, "problems") instanceof Tree.Listing problems)
                || problems.items().isEmpty()) {
            out.println("error: " + text(error, "message"));
            return;
        }
        for (Tree problem : problems.items()) {
            String file = text(problem, "file");
            String line = text(problem, "line");
            String path = text(problem, "path");
            out.println((file.isEmpty() ? "" : file + ":")
                    + (line.isEmpty() ? "" : line + ":")
                    + (file.isEmpty() && line.isEmpty() ? "" : " ")
                    + (path.isEmpty() ? "" : path + ": ")
                    + text(problem, "message"));
        }
    }

    static @Nullable Tree child(Tree tree, String key) {
        return tree instanceof Tree.Mapping mapping ? mapping.get(key) : null;
    }

    static String text(Tree tree, String key) {
        return child(tree, key) instanceof Tree.Scalar scalar ? scalar.text() : "";
    }
}
