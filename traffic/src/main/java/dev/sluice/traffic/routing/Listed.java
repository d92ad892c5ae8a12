package dev.sluice.traffic.routing;

import java.util.List;

/** Names in a message: all of a few, the first of many. */
final class Listed {
    private static final int MOST = 8;

    private Listed() {}

    static String names(List<String> names) {
        if (names.size() <= MOST) return String.join(", ", names);
        return String.join(", ", names.subList(0, MOST)) + " and " + (names.size() - MOST) + " more";
    }
}
