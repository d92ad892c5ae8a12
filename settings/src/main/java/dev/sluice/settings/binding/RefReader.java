package dev.sluice.settings.binding;

import dev.sluice.settings.binding.RecordShape.Field;
import dev.sluice.settings.binding.Tree.Listing;
import dev.sluice.settings.binding.Tree.Mapping;
import dev.sluice.settings.binding.Tree.Scalar;
import java.util.List;

/** Finds references in a document that need not be right: what does not have the expected form is passed over. */
final class RefReader {
    private final List<Ref> found;

    RefReader(List<Ref> found) {
        this.found = found;
    }

    void record(RecordShape shape, Tree tree, String path) {
        if (tree instanceof Scalar && !shape.shorthand().isEmpty()) {
            Field field = shape.fields().get(shape.shorthand());
            if (field != null) field(field, tree, path);
        }
        if (!(tree instanceof Mapping mapping)) return;
        for (Field field : shape.fields().values()) {
            Tree written = field.kept() ? null : mapping.get(field.name());
            if (written != null) field(field, written, path);
        }
    }

    private void field(Field field, Tree tree, String path) {
        if (field.referring()) value(field.shape(), field.reference(), tree, FieldPath.key(path, field.name()));
    }

    private void value(Shape shape, String list, Tree tree, String path) {
        switch (shape) {
            case Shape.Simple _ -> {
                boolean named = tree instanceof Scalar scalar && scalar.type() != Tree.Type.NULL;
                if (named && !list.isEmpty()) found.add(new Ref(path, list, ((Scalar) tree).text()));
            }
            case Shape.ListOf l -> items(l.item(), list, tree, path);
            case Shape.SetOf s -> items(s.item(), list, tree, path);
            case Shape.MapOf m -> {
                if (!(tree instanceof Mapping mapping)) return;
                mapping.entries()
                        .forEach((key, entry) -> value(m.value(), list, entry.value(), FieldPath.key(path, key)));
            }
            case Shape.Nested n -> record(RecordShape.of(n.type()), tree, path);
            case Shape.Choice c -> {
                if (!(tree instanceof Mapping mapping) || !(mapping.get(c.key()) instanceof Scalar key)) return;
                Class<?> option = c.options().get(key.text());
                if (option != null) record(RecordShape.of(option), mapping, path);
            }
            case Shape.Constants _, Shape.Value _ -> {}
        }
    }

    private void items(Shape item, String list, Tree tree, String path) {
        if (!(tree instanceof Listing listing)) return;
        for (int i = 0; i < listing.items().size(); i++) {
            value(item, list, listing.items().get(i), FieldPath.item(path, i));
        }
    }
}
