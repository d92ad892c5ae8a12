package dev.sluice.protocol.chat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Ids of calls with the letters that Anthropic allows. Different ids stay different, a call and its result stay together. */
public final class CallIds {
    private final Map<String, String> written = new HashMap<>();
    private final Set<String> taken = new HashSet<>();

    public String of(String id) {
        return written.computeIfAbsent(id, this::allowed);
    }

    private String allowed(String id) {
        StringBuilder allowed = new StringBuilder(id.length());
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            allowed.append(letter || c == '_' || c == '-' ? c : '_');
        }
        if (allowed.isEmpty()) allowed.append("call");
        String first = allowed.toString();
        String free = first;
        for (int i = 2; !taken.add(free); i++) free = first + "_" + i;
        return free;
    }
}
