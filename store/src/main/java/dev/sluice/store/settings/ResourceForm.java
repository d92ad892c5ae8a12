package dev.sluice.store.settings;

import dev.sluice.settings.Kind;
import dev.sluice.settings.Resource;
import dev.sluice.settings.binding.Binder;
import dev.sluice.settings.binding.Form;
import dev.sluice.settings.binding.Json;
import dev.sluice.settings.binding.Problem;
import dev.sluice.settings.binding.Problems;

/** The lossless JSON form that resources are kept in. */
final class ResourceForm {
    private ResourceForm() {}

    static String write(Resource resource) {
        return Json.write(Binder.write(resource, Form.STORED));
    }

    /** @throws IllegalArgumentException when the JSON is not a resource of this kind; the message shows no values */
    static Resource read(Kind kind, String json) {
        Problems problems = new Problems();
        return Json.read("", json, problems)
                .flatMap(tree -> Binder.<Resource>read(resourceType(kind), tree, Form.STORED, "", problems))
                .orElseThrow(() -> new IllegalArgumentException("a stored " + kind.label() + " does not fit its form: "
                        + problems.list().stream().map(Problem::path).toList()));
    }

    @SuppressWarnings("unchecked") // Only ever read from.
    private static Class<Resource> resourceType(Kind kind) {
        return (Class<Resource>) kind.type();
    }
}
