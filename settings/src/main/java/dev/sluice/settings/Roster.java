package dev.sluice.settings;

import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The resources of one kind by tenant and name, in the order in which they came. Immutable: an edit makes a new one that shares every page and
 * every part of the index that it does not touch. So one change costs the same among ten resources and among a hundred thousand, and
 * what two rosters differ in is found page by page.
 */
final class Roster extends AbstractMap<Settings.Key, Stored<?>> {
    private static final int PAGE = 256;
    static final Roster EMPTY = new Roster(List.of(), ShardedMap.empty());

    // Neither the list nor a page in it is changed once it is in here.
    private final List<List<Stored<?>>> pages;
    private final ShardedMap<Settings.Key, Place> index;

    private record Place(Stored<?> stored, int page) {}

    private Roster(List<List<Stored<?>>> pages, ShardedMap<Settings.Key, Place> index) {
        this.pages = pages;
        this.index = index;
    }

    Roster with(Collection<? extends Stored<?>> added) {
        Draft draft = new Draft(this);
        for (Stored<?> stored : added) draft.put(stored);
        return draft.done();
    }

    Roster without(Collection<? extends Stored<?>> removed) {
        Draft draft = new Draft(this);
        for (Stored<?> stored : removed) draft.remove(Settings.Key.of(stored));
        return draft.done();
    }

    List<List<Stored<?>>> pages() {
        return pages.stream().filter(page -> !page.isEmpty()).toList();
    }

    /** What stands on pages that the other roster has not got: all in which this one differs from it, and what stands next to that. */
    List<Stored<?>> apartFrom(Roster other) {
        List<Stored<?>> found = new ArrayList<>();
        for (int i = 0; i < pages.size(); i++) {
            if (i >= other.pages.size() || !isSame(pages.get(i), other.pages.get(i))) found.addAll(pages.get(i));
        }
        return found;
    }

    @SuppressWarnings("ReferenceEquality") // A page is never changed, so the same one holds the same.
    private static boolean isSame(List<Stored<?>> a, List<Stored<?>> b) {
        return a == b;
    }

    @Override
    public @Nullable Stored<?> get(@Nullable Object key) {
        Place place = key instanceof Settings.Key k ? index.get(k) : null;
        return place == null ? null : place.stored();
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return get(key) != null;
    }

    @Override
    public int size() {
        return index.size();
    }

    @Override
    public Collection<Stored<?>> values() {
        return new AbstractCollection<>() {
            @Override
            public Iterator<Stored<?>> iterator() {
                return pages.stream().flatMap(List::stream).iterator();
            }

            @Override
            public int size() {
                return index.size();
            }
        };
    }

    @Override
    public Set<Map.Entry<Settings.Key, Stored<?>>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<Settings.Key, Stored<?>>> iterator() {
                return pages.stream()
                        .flatMap(List::stream)
                        .<Map.Entry<Settings.Key, Stored<?>>>map(stored -> Map.entry(Settings.Key.of(stored), stored))
                        .iterator();
            }

            @Override
            public int size() {
                return index.size();
            }
        };
    }

    /** An edit that is under way. */
    private static final class Draft {
        private final List<List<Stored<?>>> pages;
        private final ShardedMap.Draft<Settings.Key, Place> index;
        private final BitSet own = new BitSet();
        private int size;

        Draft(Roster before) {
            pages = new ArrayList<>(before.pages);
            index = before.index.edit();
            size = before.size();
        }

        void put(Stored<?> stored) {
            Settings.Key key = Settings.Key.of(stored);
            Place place = index.get(key);
            if (place != null) {
                List<Stored<?>> page = own(place.page());
                page.set(page.indexOf(place.stored()), stored);
                index.put(key, new Place(stored, place.page()));
                return;
            }
            if (pages.isEmpty() || pages.getLast().size() >= PAGE) {
                own.set(pages.size());
                pages.add(new ArrayList<>());
            }
            int last = pages.size() - 1;
            own(last).add(stored);
            index.put(key, new Place(stored, last));
            size++;
        }

        void remove(Settings.Key key) {
            Place place = index.get(key);
            if (place == null) return;
            own(place.page()).remove(place.stored());
            index.remove(key);
            size--;
        }

        Roster done() {
            for (int i = own.nextSetBit(0); i >= 0; i = own.nextSetBit(i + 1)) {
                pages.set(i, Collections.unmodifiableList(pages.get(i)));
            }
            boolean sparse = pages.size() > 8 + 2 * (size / PAGE);
            Roster edited = new Roster(pages, index.done());
            return sparse ? EMPTY.with(List.copyOf(edited.values())) : edited;
        }

        private List<Stored<?>> own(int page) {
            if (!own.get(page)) {
                pages.set(page, new ArrayList<>(pages.get(page)));
                own.set(page);
            }
            return pages.get(page);
        }
    }
}
