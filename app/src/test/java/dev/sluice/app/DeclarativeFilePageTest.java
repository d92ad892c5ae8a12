package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.Kind;
import dev.sluice.settings.binding.Binder;
import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Discriminator;
import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Kept;
import dev.sluice.settings.binding.Range;
import dev.sluice.settings.binding.Reference;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The reference part of the page about the declarative file is written from the records. */
class DeclarativeFilePageTest {
    private static final String BEGIN = "<!-- fields: begin -->\n";
    private static final String END = "<!-- fields: end -->\n";
    private static final Path PAGE = Path.of("..", "docs", "declarative-file.md");

    @Test
    void thePageNamesEveryField() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        assertThat(begin).as("position of the markers in %s", PAGE).isBetween(BEGIN.length(), end);
        String wanted = page.substring(0, begin) + reference() + page.substring(end);
        if (Boolean.getBoolean("golden.update")) Files.writeString(PAGE, wanted);
        assertThat(Files.readString(PAGE))
                .as("%s, rewritten by ./sluice test -Dgolden.update=true", PAGE)
                .isEqualTo(wanted);
    }

    private static String reference() {
        StringBuilder out = new StringBuilder();
        for (Kind kind : Kind.values()) {
            Doc doc = kind.type().getAnnotation(Doc.class);
            out.append("\n## `").append(kind.list()).append("`\n\n");
            if (doc != null) out.append(doc.value()).append("\n\n");
            out.append("| field | value | default | meaning |\n|---|---|---|---|\n");
            rows(kind.type(), "", out);
        }
        return out.append('\n').toString();
    }

    private static void rows(Class<?> type, String path, StringBuilder out) {
        for (RecordComponent field : type.getRecordComponents()) {
            if (field.isAnnotationPresent(Kept.class)) continue;
            String name = path + field.getName();
            Class<?> element = element(field.getGenericType());
            out.append("| `").append(name).append("` | ").append(value(field, element));
            out.append(" | ")
                    .append(defaultOf(field))
                    .append(" | ")
                    .append(meaning(field, element))
                    .append(" |\n");
            if (element.isRecord() && isDeclared(element)) rows(element, name + (isList(field) ? "[]." : "."), out);
            if (element.isSealed() && element.isAnnotationPresent(Discriminator.class)) {
                for (Class<?> option : element.getPermittedSubclasses()) {
                    out.append("| `")
                            .append(name)
                            .append('.')
                            .append(element.getAnnotation(Discriminator.class).value());
                    out.append(": ").append(kebab(option)).append("` | | | ");
                    out.append(option.getAnnotation(Doc.class).value()).append(" |\n");
                    rows(option, name + ".", out);
                }
            }
        }
    }

    private static boolean isDeclared(Class<?> record) {
        return record.getPackageName().equals("dev.sluice.settings")
                && Arrays.stream(record.getInterfaces())
                        .noneMatch(i -> i.getSimpleName().equals("Secret"));
    }

    private static String value(RecordComponent field, Class<?> element) {
        String one;
        if (element.isEnum()) {
            one = Arrays.stream(element.getEnumConstants())
                    .map(c -> "`" + Binder.kebab(((Enum<?>) c).name()) + "`")
                    .collect(Collectors.joining(", "));
        } else if (field.isAnnotationPresent(Reference.class)) {
            one = "name in `" + field.getAnnotation(Reference.class).value() + "`";
        } else if (element.isRecord() || element.isSealed()) {
            one = element.getSimpleName().equals("Secret") ? "secret" : "mapping";
        } else {
            one = switch (element.getSimpleName()) {
                case "int", "long", "Integer", "Long" -> "number" + range(field);
                case "boolean" -> "true or false";
                case "Instant" -> "time, ISO 8601";
                case "BigDecimal" -> "decimal";
                default -> field.getType().getSimpleName().equals("Map") ? "text: text" : "text";
            };
        }
        return isList(field) ? "list of " + one : one;
    }

    private static String range(RecordComponent field) {
        Range range = field.getAnnotation(Range.class);
        if (range == null) return "";
        return " ≥ " + range.min() + (range.max() == Long.MAX_VALUE ? "" : ", ≤ " + range.max());
    }

    private static String defaultOf(RecordComponent field) {
        Default set = field.getAnnotation(Default.class);
        if (set != null) return set.value().isEmpty() ? "" : "`" + set.value().replace("|", "\\|") + "`";
        boolean optional = isList(field)
                || field.getType().getSimpleName().equals("Map")
                || field.getAnnotatedType().isAnnotationPresent(org.jspecify.annotations.Nullable.class);
        return optional ? "" : "**required**";
    }

    private static String meaning(RecordComponent field, Class<?> element) {
        Doc doc = field.getAnnotation(Doc.class);
        if (doc == null) doc = element.getAnnotation(Doc.class);
        return doc == null ? "" : doc.value().replace("|", "\\|");
    }

    private static boolean isList(RecordComponent field) {
        return java.util.Collection.class.isAssignableFrom(field.getType());
    }

    private static Class<?> element(Type type) {
        if (type instanceof ParameterizedType p) return element(p.getActualTypeArguments()[0]);
        return (Class<?>) type;
    }

    private static String kebab(Class<?> type) {
        return Binder.kebab(type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "_"));
    }
}
