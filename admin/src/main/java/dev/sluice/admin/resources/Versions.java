package dev.sluice.admin.resources;

import dev.sluice.admin.api.Call;
import dev.sluice.admin.api.Refusal;
import dev.sluice.settings.binding.Messages;
import dev.sluice.settings.binding.Tree;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the version that a change starts from. */
final class Versions {
    private static final Pattern IF_MATCH = Pattern.compile("(?:W/)?\"?([0-9]{1,18})\"?");

    private Versions() {}

    /**
     * The version of {@code If-Match}, else of the body; empty where neither is given, or any version will do.
     *
     * @param body the document that was sent, if any
     */
    static OptionalLong expected(Call call, Tree.@Nullable Mapping body) {
        String header = call.header("if-match").orElse("").strip();
        if (header.equals("*")) return OptionalLong.empty();
        if (!header.isEmpty()) return version(header, "If-Match");
        if (body != null && body.get("version") instanceof Tree.Scalar version)
            return version(version.text(), "version");
        return OptionalLong.empty();
    }

    private static OptionalLong version(String text, String where) {
        Matcher matcher = IF_MATCH.matcher(text);
        if (!matcher.matches())
            throw Refusal.invalid(
                    where, where + " " + Messages.quote(text) + " is no version (expected: a whole number such as 3)");
        return OptionalLong.of(Long.parseLong(matcher.group(1)));
    }
}
