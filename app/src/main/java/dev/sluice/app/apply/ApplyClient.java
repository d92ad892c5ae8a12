package dev.sluice.app.apply;

import dev.sluice.app.apply.GatewayConnection.Outcome;
import dev.sluice.settings.binding.Json;
import dev.sluice.settings.binding.Problems;
import dev.sluice.settings.binding.Tree;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * {@code sluice apply}: sends a declaration, prints what changes. Generated secrets are printed once, here.
 *
 * <p>{@code ${NAME}}, and {@code env:NAME} as the secret of an API key, take their values from the environment of this
 * command; what it does not have, the gateway looks up in its own.
 */
public final class ApplyClient {
    private final GatewayConnection gateway;
    private final Function<String, Optional<String>> environment;
    private final PrintStream out;

    public ApplyClient(GatewayConnection gateway, Function<String, Optional<String>> environment, PrintStream out) {
        this.gateway = gateway;
        this.environment = environment;
        this.out = out;
    }

    /**
     * Applies a file, or all files of a folder as one declaration.
     *
     * @param prune deletes what the declaration does not name
     */
    public Exit apply(Path fileOrFolder, boolean dryRun, boolean prune) {
        List<DeclarationFile> files;
        try {
            files = DeclarationFile.read(fileOrFolder);
        } catch (NoSuchFileException e) {
            out.println("error: " + e.getFile() + " does not exist (expected: a declaration, or a folder of them)");
            return Exit.REFUSED;
        } catch (IOException e) {
            out.println("error: " + fileOrFolder + " cannot be read: " + e.getMessage());
            return Exit.REFUSED;
        }
        if (files.isEmpty()) {
            out.println("error: " + fileOrFolder + " holds no file that ends in .yaml, .yml or .json");
            return Exit.REFUSED;
        }
        Outcome outcome = gateway.post("/admin/v1/apply?dryRun=" + dryRun + "&prune=" + prune, body(files));
        if (!(outcome instanceof Outcome.Answered answered) || answered.status() != 200)
            return GatewayConnection.explain(outcome, out);
        Optional<Tree> report = Json.read("", answered.body(), new Problems());
        if (report.isEmpty()) {
            out.println("error: the answer is not from the admin API of a gateway");
            return Exit.UNREACHABLE;
        }
        print(report.get(), dryRun);
        return Exit.OK;
    }

    private String body(List<DeclarationFile> files) {
        return Json.write(Tree.listing(files.stream()
                .map(file -> {
                    Map<String, Tree> values = new LinkedHashMap<>();
                    for (String name : file.variables())
                        environment.apply(name).ifPresent(value -> values.put(name, Tree.text(value)));
                    Map<String, Tree> entry = new LinkedHashMap<>();
                    entry.put("file", Tree.text(file.name()));
                    entry.put("text", Tree.text(file.text()));
                    if (!values.isEmpty()) entry.put("environment", Tree.mapping(values));
                    return Tree.mapping(entry);
                })
                .toList()));
    }

    private void print(Tree report, boolean dryRun) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Tree change : items(report, "changes")) {
            String action = GatewayConnection.text(change, "action");
            counts.merge(action, 1, Integer::sum);
            String sign = switch (action) {
                case "create" -> "+";
                case "delete" -> "-";
                default -> "~";
            };
            out.println(
                    sign + " " + GatewayConnection.text(change, "kind") + " " + GatewayConnection.text(change, "name"));
            if (!action.equals("update")) continue;
            for (Tree difference : items(change, "differences"))
                out.println("    " + GatewayConnection.text(difference, "path") + ": " + side(difference, "before")
                        + " -> " + side(difference, "after"));
        }
        int all = counts.values().stream().mapToInt(Integer::intValue).sum();
        if (all == 0) out.println("nothing to change");
        else
            out.println(String.format(
                    Locale.ROOT,
                    "%d to create, %d to update, %d to delete; %s",
                    counts.getOrDefault("create", 0),
                    counts.getOrDefault("update", 0),
                    counts.getOrDefault("delete", 0),
                    dryRun ? "dry run, nothing was changed" : "done"));
        List<Tree> secrets = items(report, "secrets");
        if (!secrets.isEmpty()) out.println("Generated secrets. They are not shown again:");
        for (Tree secret : secrets)
            out.println(
                    "    " + GatewayConnection.text(secret, "name") + ": " + GatewayConnection.text(secret, "secret"));
    }

    private static String side(Tree difference, String key) {
        String text = GatewayConnection.text(difference, key);
        return text.isEmpty() ? "(none)" : text;
    }

    private static List<Tree> items(Tree tree, String key) {
        return GatewayConnection.child(tree, key) instanceof Tree.Listing listing ? listing.items() : List.of();
    }
}
