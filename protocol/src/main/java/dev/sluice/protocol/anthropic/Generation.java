package dev.sluice.protocol.anthropic;

import java.util.regex.Pattern;

/**
 * What a generation of Claude accepts, by its version.
 *
 * <table>
 * <caption>Generations</caption>
 * <tr><td>before 4.1</td><td>thinking by budget; temperature and top_p together</td></tr>
 * <tr><td>4.1</td><td>one of temperature and top_p</td></tr>
 * <tr><td>4.5</td><td>a schema for the output</td></tr>
 * <tr><td>4.6</td><td>adaptive thinking with an effort</td></tr>
 * <tr><td>after 4.6</td><td>no temperature, top_p and top_k, no budget; an effort above high</td></tr>
 * </table>
 *
 * <p>A model of another name is some vendor's own behind this format: it gets what the oldest generation got.
 *
 * @param version major times 100 plus minor, e.g. 405; 0 for a model of another name
 */
record Generation(int version) {
    private static final Pattern SEPARATORS = Pattern.compile("[-.@:/]");
    private static final int LONGEST_NUMBER = 2;

    static Generation of(String model) {
        int start = model.indexOf("claude-");
        if (start < 0) return new Generation(0);
        int major = -1;
        for (String word : SEPARATORS.split(model.substring(start + "claude-".length()))) {
            boolean number = !word.isEmpty() && word.chars().allMatch(c -> c >= '0' && c <= '9');
            if (number && word.length() <= LONGEST_NUMBER) {
                if (major >= 0) return new Generation(100 * major + Integer.parseInt(word));
                major = Integer.parseInt(word);
            } else if (major >= 0 && number) {
                break;
            }
        }
        return new Generation(Math.max(0, 100 * major));
    }

    boolean takesSampling() {
        return version <= 406;
    }

    boolean takesTemperatureWithTopP() {
        return version < 401;
    }

    boolean takesSchema() {
        return version >= 405;
    }

    boolean thinksAdaptively() {
        return version >= 406;
    }

    boolean takesBudget() {
        return version <= 406;
    }

    boolean takesHighestEfforts() {
        return version > 406;
    }
}
