package dev.sluice.app.apply;

import dev.sluice.settings.binding.Json;
import dev.sluice.settings.binding.Problems;
import dev.sluice.settings.binding.Tree;
import dev.sluice.settings.binding.Yaml;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One file of a declaration, as it lies on disk.
 *
 * @param name as the user gave it, so that problems can be clicked on
 */
record DeclarationFile(String name, String text) {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)");
    private static final String ENVIRONMENT = "env:";

    /** A file, or every declaration in a folder, in the order of their names. */
    static List<DeclarationFile> read(Path fileOrFolder) throws IOException {
        if (!Files.isDirectory(fileOrFolder)) return List.of(of(fileOrFolder));
        List<DeclarationFile> files = new ArrayList<>();
        try (Stream<Path> found = Files.list(fileOrFolder)) {
            for (Path path : found.filter(Files::isRegularFile)
                    .filter(p -> p.toString().toLowerCase(Locale.ROOT).matches(".*\\.(yaml|yml|json)"))
                    .sorted()
                    .toList()) files.add(of(path));
        }
        return files;
    }

    private static DeclarationFile of(Path path) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        try {
            return new DeclarationFile(
                    path.toString(),
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (CharacterCodingException e) {
            throw new IOException(path + " is not UTF-8 text", e);
        }
    }

    /** Names of the variables that the text asks for: as {@code ${NAME}}, or as the secret of an API key. */
    Set<String> variables() {
        Set<String> names = new TreeSet<>();
        Matcher matcher = VARIABLE.matcher(text);
        while (matcher.find()) names.add(matcher.group(1));
        Optional<Tree> tree = name.toLowerCase(Locale.ROOT).endsWith(".json")
                ? Json.read(name, text, new Problems())
                : Yaml.read(name, text, new Problems());
        // What cannot be read is sent all the same: the gateway says what is wrong with it.
        if (tree.isPresent() && GatewayConnection.child(tree.get(), "apiKeys") instanceof Tree.Listing keys) {
            for (Tree key : keys.items()) {
                String secret = GatewayConnection.text(key, "secret");
                if (secret.startsWith(ENVIRONMENT)) names.add(secret.substring(ENVIRONMENT.length()));
            }
        }
        return names;
    }
}
