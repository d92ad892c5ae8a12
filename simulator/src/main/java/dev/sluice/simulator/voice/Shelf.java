package dev.sluice.simulator.voice;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a simulated provider keeps: files, batches, videos, responses, chats. Each belongs to the key that it was made with, and no other
 * key finds it. Bounded: the oldest are forgotten. Safe for all threads.
 */
public final class Shelf {
    private static final int MOST_THINGS = 10_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<Place, JsonObject> things = new LinkedHashMap<>();

    private record Place(String owner, String kind, String id) {}

    /** Keeps a thing under its own {@code id}, in place of an older one. */
    public void put(String owner, String kind, JsonObject thing) {
        lock.lock();
        try {
            if (things.size() >= MOST_THINGS) {
                things.pollFirstEntry();
            }
            things.put(new Place(owner, kind, thing.getString("id")), thing.copy());
        } finally {
            lock.unlock();
        }
    }

    /** A copy of a thing; null when the owner has none of this id. */
    public @Nullable JsonObject find(String owner, String kind, String id) {
        lock.lock();
        try {
            JsonObject thing = things.get(new Place(owner, kind, id));
            return thing == null ? null : thing.copy();
        } finally {
            lock.unlock();
        }
    }

    public boolean remove(String owner, String kind, String id) {
        lock.lock();
        try {
            return things.remove(new Place(owner, kind, id)) != null;
        } finally {
            lock.unlock();
        }
    }

    /** Copies of all things of a kind, the oldest first. */
    public List<JsonObject> all(String owner, String kind) {
        lock.lock();
        try {
            List<JsonObject> found = new ArrayList<>();
            for (Map.Entry<Place, JsonObject> entry : things.entrySet()) {
                Place place = entry.getKey();
                if (place.owner().equals(owner) && place.kind().equals(kind)) {
                    found.add(entry.getValue().copy());
                }
            }
            return found;
        } finally {
            lock.unlock();
        }
    }
}
