package dev.sluice.protocol.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Ids of the calls of one request in the form that an upstream allows. Different ids stay different, a call and its result stay together, and
 * the next request writes the same ids again, so that the vendor's cache knows its beginning.
 */
public final class CallIds {
    private static final int SHORT = 9;
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private final Map<String, String> written = new HashMap<>();
    private final Set<String> taken = new HashSet<>();
    private final Form form;

    public CallIds(Form form) {
        this.form = form;
    }

    /** What an id may be. */
    public enum Form {
        ANY,
        /** Letters, digits, {@code _} and {@code -}: Anthropic, Bedrock. */
        WORD,
        /** Nine letters and digits: Mistral. */
        NINE
    }

    public String of(String id) {
        return switch (form) {
            case ANY -> id;
            case WORD -> written.computeIfAbsent(id, this::word);
            case NINE -> written.computeIfAbsent(id, this::nine);
        };
    }

    private String word(String id) {
        StringBuilder allowed = new StringBuilder(id.length());
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            allowed.append(isLetter(c) || c == '_' || c == '-' ? c : '_');
        }
        if (allowed.isEmpty()) allowed.append("call");
        String first = allowed.toString();
        String free = first;
        for (int i = 2; !taken.add(free); i++) free = first + "_" + i;
        return free;
    }

    private String nine(String id) {
        boolean fits = id.length() == SHORT && id.chars().allMatch(CallIds::isLetter);
        String free = fits ? id : hash(id);
        for (int i = 2; !taken.add(free); i++) free = hash(id + "_" + i);
        return free;
    }

    private static String hash(String id) {
        long number = UUID.nameUUIDFromBytes(id.getBytes(UTF_8)).getMostSignificantBits();
        StringBuilder letters = new StringBuilder(SHORT);
        for (int i = 0; i < SHORT; i++) {
            letters.append(LETTERS.charAt((int) Long.remainderUnsigned(number, LETTERS.length())));
            number = Long.divideUnsigned(number, LETTERS.length());
        }
        return letters.toString();
    }

    private static boolean isLetter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }
}
