package dev.sluice.admin.declaration;

import dev.sluice.admin.api.Answer;
import dev.sluice.admin.api.Bodies;
import dev.sluice.admin.api.Call;
import dev.sluice.admin.api.Edits;
import dev.sluice.admin.api.Handler;
import dev.sluice.admin.api.JsonWriter;
import dev.sluice.admin.api.PublishedSettings;
import dev.sluice.settings.Declaration;
import dev.sluice.settings.Edit;
import dev.sluice.settings.Editor;
import dev.sluice.settings.Environment;
import dev.sluice.settings.Owner;
import dev.sluice.settings.Secret;
import dev.sluice.settings.SecretResolver;
import dev.sluice.settings.Settings;
import dev.sluice.settings.binding.Binder;
import dev.sluice.settings.binding.FieldPath;
import dev.sluice.settings.binding.Form;
import dev.sluice.settings.binding.Json;
import dev.sluice.settings.binding.Problems;
import dev.sluice.settings.binding.Tree;
import dev.sluice.settings.binding.Yaml;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Apply and export. */
public final class DeclarationHandlers {
    private final PublishedSettings settings;
    private final Environment environment;
    private final SecretResolver secrets;
    private final Function<SecretResolver, Editor> editors;

    /**
     * @param environment the gateway's own
     * @param editors makes the editor of one call, which may bring values of secrets along
     */
    public DeclarationHandlers(
            PublishedSettings settings,
            Environment environment,
            SecretResolver secrets,
            Function<SecretResolver, Editor> editors) {
        this.settings = settings;
        this.environment = environment;
        this.secrets = secrets;
        this.editors = editors;
    }

    /** By operationId. */
    public Map<String, Handler> handlers() {
        return Map.of("applyDeclaration", this::apply, "exportDeclaration", this::export);
    }

    private Answer apply(Call call) {
        List<SentFile> files = files(call);
        Map<String, String> sent = new HashMap<>();
        files.forEach(file -> sent.putAll(file.environment()));
        Declaration declaration = Declaration.parse(
                files.stream()
                        .map(file -> new Declaration.Document(file.file(), file.text()))
                        .toList(),
                name -> sent.containsKey(name) ? sent.get(name) : environment.get(name));
        Editor editor = editors.apply(secret -> resolve(secret, sent));
        boolean prune = call.flag("prune");
        if (call.flag("dryRun")) {
            Edit edit = editor.apply(settings.current(), declaration, Owner.API, prune);
            return report(Edits.accepted(edit), true);
        }
        AtomicReference<Edit.@Nullable Accepted> last = new AtomicReference<>();
        settings.change(call.author(), current -> {
            Edit.Accepted edit = Edits.accepted(editor.apply(current, declaration, Owner.API, prune));
            last.set(edit);
            return edit.settings();
        });
        Edit.Accepted done = last.get();
        if (done == null) throw new IllegalStateException("the repository did not run the edit");
        return report(done, false);
    }

    private SecretResolver.Resolution resolve(Secret secret, Map<String, String> sent) {
        if (secret instanceof Secret.Reference reference && reference.scheme().equals("env")) {
            String value = sent.get(reference.target());
            if (value != null) return new SecretResolver.Resolution.Found(value);
        }
        return secrets.resolve(secret);
    }

    private static List<SentFile> files(Call call) {
        String text = Bodies.text(call.body());
        if (!Bodies.isJson(call.mediaType()))
            return List.of(new SentFile(call.parameter("file").orElse("request.yaml"), text, Map.of()));
        Problems problems = new Problems();
        Tree tree = Json.read("", text, problems).orElseThrow(() -> Bodies.refusal(problems.list()));
        if (!(tree instanceof Tree.Listing listing))
            return List.of(new SentFile(call.parameter("file").orElse("request.json"), text, Map.of()));
        List<SentFile> files = new ArrayList<>();
        for (Tree item : listing.items())
            Binder.read(SentFile.class, item, Form.DECLARED, FieldPath.item("", files.size()), problems)
                    .ifPresent(files::add);
        if (!problems.isEmpty()) throw Bodies.refusal(problems.list());
        return files;
    }

    private static Answer report(Edit.Accepted edit, boolean dryRun) {
        List<Map<String, @Nullable Object>> changes = edit.changes().stream()
                .filter(change -> change.action() != Edit.Action.UNCHANGED)
                .map(change -> JsonWriter.object(
                        "action", Binder.kebab(change.action().name()),
                        "kind", change.kind().list(),
                        "name", change.name(),
                        "differences",
                                change.differences().stream()
                                        .map(d -> JsonWriter.object(
                                                "path", d.path(), "before", d.before(), "after", d.after()))
                                        .toList()))
                .toList();
        // A dry run makes no secret that will ever hold.
        List<Map<String, @Nullable Object>> issued = dryRun
                ? List.of()
                : edit.issued().stream()
                        .map(i -> JsonWriter.object("name", i.apiKey(), "secret", i.secret()))
                        .toList();
        return Answer.json(200, JsonWriter.object("dryRun", dryRun, "changes", changes, "secrets", issued));
    }

    private Answer export(Call call) {
        Tree declaration =
                Declaration.export(settings.current(), call.parameter("tenant").orElse(Settings.DEFAULT_TENANT));
        boolean json = call.header("accept").orElse("").contains("json");
        return json
                ? Answer.text(200, "application/json", Json.write(declaration))
                : Answer.text(200, "application/yaml", Yaml.write(declaration));
    }
}
