package dev.sluice.settings;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map in many small ones. An edit copies only those that it touches, so that a change of one entry costs the same among ten
 * and among a hundred thousand, and the old map and the new one share the rest. Without an order.
 */
public final class ShardedMap<K, V> {
    private static final int SHARD_BITS = 8;
    private static final int SHARDS = 1 << SHARD_BITS;

    // Never changed once they are in here.
    private final List<Map<K, V>> shards;
    private final int size;

    private ShardedMap(List<Map<K, V>> shards, int size) {
        this.shards = shards;
        this.size = size;
    }

    public static <K, V> ShardedMap<K, V> empty() {
        List<Map<K, V>> shards = new ArrayList<>(SHARDS);
        for (int i = 0; i < SHARDS; i++) shards.add(Map.of());
        return new ShardedMap<>(shards, 0);
    }

    public @Nullable V get(K key) {
        return shards.get(shard(key)).get(key);
    }

    public int size() {
        return size;
    }

    public Stream<V> values() {
        return shards.stream().flatMap(shard -> shard.values().stream());
    }

    public Draft<K, V> edit() {
        return new Draft<>(this);
    }

    private static int shard(Object key) {
        // Hash codes of records of text differ in their low bits above all.
        return (key.hashCode() * 0x9E3779B9) >>> (Integer.SIZE - SHARD_BITS);
    }

    /** An edit that is under way. For one thread, and done with once {@link #done()} was called. */
    public static final class Draft<K, V> {
        private final List<Map<K, V>> shards;
        private final BitSet own = new BitSet(SHARDS);
        private int size;

        private Draft(ShardedMap<K, V> before) {
            shards = new ArrayList<>(before.shards);
            size = before.size;
        }

        public @Nullable V get(K key) {
            return shards.get(shard(key)).get(key);
        }

        public void put(K key, V value) {
            if (own(key).put(key, value) == null) size++;
        }

        public void remove(K key) {
            if (own(key).remove(key) != null) size--;
        }

        public ShardedMap<K, V> done() {
            return new ShardedMap<>(shards, size);
        }

        private Map<K, V> own(K key) {
            int shard = shard(key);
            if (!own.get(shard)) {
                shards.set(shard, new HashMap<>(shards.get(shard)));
                own.set(shard);
            }
            return shards.get(shard);
        }
    }
}
