package dev.sluice.admin.api;

import dev.sluice.settings.binding.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a call is not done, in words for the caller. Thrown, because it must also abort a transaction of settings that it is
 * found in.
 */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;
    private final transient List<Problem> problems;
    private final transient Map<String, Object> details;
    private final transient Map<String, String> headers;

    private Refusal(
            int status,
            String code,
            String message,
            List<Problem> problems,
            Map<String, Object> details,
            Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.problems = List.copyOf(problems);
        this.details = details;
        this.headers = Map.copyOf(headers);
    }

    public static Refusal of(int status, String code, String message) {
        return new Refusal(status, code, message, List.of(), Map.of(), Map.of());
    }

    /** 400: the request itself is wrong. */
    public static Refusal invalid(String message, List<Problem> problems) {
        return new Refusal(400, "invalid_request", message, problems, Map.of(), Map.of());
    }

    /** 400 with one problem, which is also the message. */
    public static Refusal invalid(String path, String message) {
        return invalid(message, List.of(problem(path, message)));
    }

    public static Refusal notFound(String message) {
        return of(404, "not_found", message);
    }

    public static Refusal conflict(String code, String message) {
        return of(409, code, message);
    }

    /** The same with another status and code. */
    Refusal as(int otherStatus, String otherCode) {
        return new Refusal(otherStatus, otherCode, String.valueOf(getMessage()), problems, details, headers);
    }

    /** Adds a member to the error object, e.g. the dependencies that stand in the way. */
    public Refusal with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(details);
        more.put(name, value);
        return new Refusal(status, code, String.valueOf(getMessage()), problems, more, headers);
    }

    public Refusal withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Refusal(status, code, String.valueOf(getMessage()), problems, details, more);
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    public Answer answer() {
        Map<String, @Nullable Object> error = JsonWriter.object("code", code, "message", getMessage());
        error.put("problems", problems.stream().map(Refusal::json).toList());
        error.putAll(details);
        Answer answer = Answer.json(status, JsonWriter.object("error", error));
        for (Map.Entry<String, String> h : headers.entrySet()) answer = answer.with(h.getKey(), h.getValue());
        return answer;
    }

    /** A problem of a request that is no file. */
    public static Problem problem(String path, String message) {
        return new Problem("", 0, path, message);
    }

    private static Map<String, @Nullable Object> json(Problem problem) {
        Map<String, @Nullable Object> json = JsonWriter.object("path", problem.path(), "message", problem.message());
        if (!problem.file().isEmpty()) json.put("file", problem.file());
        if (problem.line() > 0) json.put("line", problem.line());
        return json;
    }
}
