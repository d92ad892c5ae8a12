package dev.sluice.settings.binding;

import dev.sluice.settings.binding.Tree.Entry;
import dev.sluice.settings.binding.Tree.Listing;
import dev.sluice.settings.binding.Tree.Mapping;
import dev.sluice.settings.binding.Tree.Scalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * Builds a tree from the parser's events. Works on events rather than on the parser's own tree so that depth, repetition by
 * aliases and duplicate keys are counted and reported here.
 */
final class YamlReader {
    private final String file;
    private final Problems problems;
    private final Iterator<Event> events;
    private final Map<Anchor, Anchored> anchors = new HashMap<>();
    private final AtomicInteger nodes = new AtomicInteger();

    /** @param nodes how many nodes the tree counts for each time it is repeated */
    private record Anchored(Tree tree, int nodes) {}

    private YamlReader(String file, Problems problems, Iterator<Event> events) {
        this.file = file;
        this.problems = problems;
        this.events = events;
    }

    /** A document that cannot be read on; problems are reported by whoever catches it. */
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Location at;

        Unreadable(Location at, String message) {
            super(message, null, false, false);
            this.at = at;
        }
    }

    static Optional<Tree> read(String file, String text, Problems problems) {
        if (text.length() > Limit.CHARACTERS) {
            problems.add(
                    new Location(file, 0, 0),
                    "",
                    "document of " + text.length() + " characters (expected: at most " + Limit.CHARACTERS + ")");
            return Optional.empty();
        }
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(Limit.CHARACTERS)
                .setUseMarks(true)
                .build();
        try {
            return new YamlReader(
                            file,
                            problems,
                            new Parse(settings).parseString(text).iterator())
                    .document();
        } catch (Unreadable e) {
            problems.add(e.at, "", String.valueOf(e.getMessage()));
        } catch (MarkedYamlEngineException e) {
            problems.add(location(file, e.getProblemMark()), "", "not valid YAML: " + e.getProblem());
        } catch (RuntimeException e) {
            // The parser throws further kinds on odd input, e.g. for characters that YAML does not allow.
            problems.add(new Location(file, 0, 0), "", "not valid YAML: " + firstLine(e));
        }
        return Optional.empty();
    }

    private static String firstLine(RuntimeException e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    private Optional<Tree> document() {
        Tree found = null;
        while (true) {
            Event event = events.next();
            if (event instanceof StreamEndEvent) break;
            if (event instanceof DocumentStartEvent) {
                if (found != null)
                    throw new Unreadable(at(event), "a second document begins here (expected: one document per file)");
                found = node(events.next(), 1, Step.ROOT);
            }
        }
        if (found == null || Tree.isNull(found)) return Optional.of(new Mapping(new Location(file, 1, 1), Map.of()));
        return Optional.of(found);
    }

    private Tree node(Event event, int depth, Step step) {
        if (depth > Limit.DEPTH)
            throw new Unreadable(at(event), "nested too deep (expected: at most " + Limit.DEPTH + " levels)");
        int before = count(event, 1);
        if (event instanceof AliasEvent alias) {
            Anchored target = anchors.get(alias.getAlias());
            if (target == null) throw new Unreadable(at(event), "unknown alias *" + alias.getAlias());
            count(event, target.nodes());
            return target.tree();
        }
        Tree tree = switch (event) {
            case ScalarEvent scalar -> scalar(scalar);
            case MappingStartEvent start -> mapping(start, depth, step);
            case CollectionStartEvent start -> listing(start, depth, step);
            default -> throw new Unreadable(at(event), "not valid YAML: unexpected " + event.getEventId());
        };
        if (event instanceof NodeEvent node)
            node.getAnchor().ifPresent(anchor -> anchors.put(anchor, new Anchored(tree, nodes.get() - before)));
        return tree;
    }

    /** Counts nodes and answers how many there were before. */
    private int count(Event event, int more) {
        int before = nodes.get();
        if (before > Limit.NODES - more)
            throw new Unreadable(at(event), "too large (expected: at most " + Limit.NODES + " values)");
        nodes.addAndGet(more);
        return before;
    }

    private Tree scalar(ScalarEvent event) {
        String tag = tag(event, event.getTag());
        boolean text = !event.isPlain() || tag.equals("tag:yaml.org,2002:str");
        return new Scalar(at(event), text ? Tree.Type.TEXT : Scalars.type(event.getValue()), event.getValue());
    }

    private Tree listing(CollectionStartEvent start, int depth, Step step) {
        tag(start, start.getTag());
        List<Tree> items = new ArrayList<>();
        for (Event next = events.next(); !(next instanceof SequenceEndEvent); next = events.next()) {
            items.add(node(next, depth + 1, step.item(items.size())));
        }
        return new Listing(at(start), items);
    }

    private Tree mapping(MappingStartEvent start, int depth, Step step) {
        tag(start, start.getTag());
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (Event next = events.next(); !(next instanceof MappingEndEvent); next = events.next()) {
            Tree key = node(next, depth + 1, step);
            Location at = at(next);
            Step below = key instanceof Scalar name ? step.key(name.text()) : step;
            Tree value = node(events.next(), depth + 1, below);
            if (!(key instanceof Scalar name)) {
                problems.add(at, step.path(), key.describe() + " as a key (expected: text)");
                continue;
            }
            Entry first = entries.putIfAbsent(name.text(), new Entry(at, value));
            if (first != null)
                problems.add(
                        at,
                        below.path(),
                        "given twice (first at line " + first.at().line() + ")");
        }
        return new Mapping(at(start), entries);
    }

    private String tag(Event event, Optional<String> tag) {
        String name = tag.orElse("");
        boolean known = name.isEmpty()
                || name.equals("!")
                || name.matches("tag:yaml.org,2002:(str|seq|map|int|float|bool|null)");
        if (!known) problems.add(at(event), "", "tag " + Messages.quote(name) + " (expected: no tag)");
        return name;
    }

    private Location at(Event event) {
        return location(file, event.getStartMark());
    }

    private static Location location(String file, Optional<Mark> mark) {
        return mark.map(m -> new Location(file, m.getLine() + 1, m.getColumn() + 1))
                .orElse(new Location(file, 0, 0));
    }
}
