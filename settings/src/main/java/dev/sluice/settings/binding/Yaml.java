package dev.sluice.settings.binding;

import dev.sluice.settings.binding.Tree.Entry;
import dev.sluice.settings.binding.Tree.Listing;
import dev.sluice.settings.binding.Tree.Mapping;
import dev.sluice.settings.binding.Tree.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Present;
import org.snakeyaml.engine.v2.api.lowlevel.Serialize;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** YAML 1.2: one document, no tags, aliases within limits. */
public final class Yaml {
    private Yaml() {}

    /**
     * Reads one document. An empty one is an empty mapping.
     *
     * @param file how messages name the text
     * @return empty when the text is not YAML at all; problems then say why
     */
    public static Optional<Tree> read(String file, String text, Problems problems) {
        return YamlReader.read(file, text, problems);
    }

    /** Writes a document in block style; keys keep their order. */
    public static String write(Tree tree) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setIndent(2)
                .setIndicatorIndent(2)
                .setIndentWithIndicator(true)
                .setSplitLines(false)
                .setUseUnicodeEncoding(true)
                .setDereferenceAliases(true)
                .build();
        return new Present(settings)
                .emitToString(new Serialize(settings).serializeOne(node(tree)).iterator());
    }

    private static Node node(Tree tree) {
        return switch (tree) {
            case Scalar s -> scalar(s);
            case Listing l ->
                new SequenceNode(
                        Tag.SEQ,
                        l.items().stream().map(Yaml::node).toList(),
                        l.items().stream().allMatch(i -> i instanceof Scalar) ? FlowStyle.FLOW : FlowStyle.BLOCK);
            case Mapping m -> {
                List<NodeTuple> tuples = new ArrayList<>();
                for (Map.Entry<String, Entry> e : m.entries().entrySet()) {
                    tuples.add(new NodeTuple(text(e.getKey()), node(e.getValue().value())));
                }
                yield new MappingNode(Tag.MAP, tuples, tuples.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK);
            }
        };
    }

    private static Node scalar(Scalar scalar) {
        return switch (scalar.type()) {
            case TEXT -> text(scalar.text());
            case NUMBER ->
                new ScalarNode(
                        scalar.text().matches("-?[0-9]+") ? Tag.INT : Tag.FLOAT, scalar.text(), ScalarStyle.PLAIN);
            case FLAG -> new ScalarNode(Tag.BOOL, scalar.text(), ScalarStyle.PLAIN);
            case NULL -> new ScalarNode(Tag.NULL, "null", ScalarStyle.PLAIN);
        };
    }

    /** A text that stays a text when it is read back, here and by readers of YAML 1.1. */
    private static Node text(String text) {
        boolean plain = Scalars.type(text) == Tree.Type.TEXT && !text.matches("(?i)y|n|yes|no|on|off|[-+.0-9].*");
        return new ScalarNode(Tag.STR, text, plain ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED);
    }
}
