package dev.sluice.admin.api;

import dev.sluice.settings.binding.Binder;
import dev.sluice.settings.binding.Form;
import dev.sluice.settings.binding.Json;
import dev.sluice.settings.binding.Problem;
import dev.sluice.settings.binding.Problems;
import dev.sluice.settings.binding.Tree;
import dev.sluice.settings.binding.Yaml;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads request bodies; what is wrong with one is refused with 400, all of it at once. */
public final class Bodies {
    private Bodies() {}

    /** The body as a document, JSON or YAML by its media type; an empty one is an empty mapping. */
    public static Tree tree(Call call) {
        if (call.body().length == 0) return Tree.mapping(Map.of());
        Problems problems = new Problems();
        String text = text(call.body());
        Optional<Tree> tree = isJson(call.mediaType()) ? Json.read("", text, problems) : Yaml.read("", text, problems);
        if (tree.isEmpty() || !problems.isEmpty()) throw refusal(problems.list());
        return tree.get();
    }

    /** The body as a mapping. */
    public static Tree.Mapping mapping(Call call) {
        if (tree(call) instanceof Tree.Mapping mapping) return mapping;
        throw Refusal.invalid("", "the body must be a mapping of fields");
    }

    /** The body as a record. */
    public static <T> T read(Call call, Class<T> type) {
        return read(tree(call), type);
    }

    /** A document that came with a call as a record. */
    public static <T> T read(Tree tree, Class<T> type) {
        Problems problems = new Problems();
        return Binder.read(type, tree, Form.DECLARED, "", problems).orElseThrow(() -> refusal(problems.list()));
    }

    /** 400 with all problems; the message is the problem where there is only one. */
    public static Refusal refusal(List<Problem> problems) {
        return Refusal.invalid(
                problems.size() == 1
                        ? problems.getFirst().text()
                        : problems.size() + " problems; first: "
                                + problems.getFirst().text(),
                problems);
    }

    public static boolean isJson(String mediaType) {
        return mediaType.endsWith("json");
    }

    /** @throws Refusal 400 when the bytes are not UTF-8 */
    public static String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException _) {
            throw Refusal.invalid("", "the body is not UTF-8");
        }
    }
}
