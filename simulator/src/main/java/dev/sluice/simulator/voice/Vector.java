package dev.sluice.simulator.voice;

import io.vertx.core.json.JsonArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;

/** An embedding of unit length: the sum of one pseudo-random direction per word, so that texts with common words are close. */
public record Vector(float[] values) {
    /** Words after this many do not move the vector any more. */
    private static final int MOST_WORDS = 64;

    private static final Pattern IDEOGRAPH = Pattern.compile("\\p{IsIdeographic}");
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");

    public static Vector of(String text, int dimensions) {
        double[] sum = new double[dimensions];
        String spaced = IDEOGRAPH.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" $0 ");
        String[] words = BETWEEN_WORDS.split(spaced.strip(), MOST_WORDS + 1);
        boolean worded = false;
        for (int word = 0; word < Math.min(words.length, MOST_WORDS); word++) {
            if (!words[word].isEmpty()) {
                add(sum, words[word]);
                worded = true;
            }
        }
        if (!worded) {
            add(sum, text);
        }
        return new Vector(normalised(sum));
    }

    private static void add(double[] sum, String word) {
        long state = Seed.of("word", word.getBytes(StandardCharsets.UTF_8));
        for (int index = 0; index < sum.length; index++) {
            state += 0x9e3779b97f4a7c15L;
            sum[index] += (Seed.mix(state) >> 11) * 0x1.0p-52;
        }
    }

    private static float[] normalised(double[] sum) {
        double squares = 0;
        for (double value : sum) {
            squares += value * value;
        }
        double length = squares == 0 ? 1 : Math.sqrt(squares);
        float[] values = new float[sum.length];
        for (int index = 0; index < sum.length; index++) {
            values[index] = (float) (sum[index] / length);
        }
        return values;
    }

    /** The vector as a JSON array. */
    public String json() {
        StringBuilder json = new StringBuilder(values.length * 12);
        appendTo(json);
        return json.toString();
    }

    public String base64() {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /** Whole numbers, each of which is a byte, as Base64. */
    public static String base64(JsonArray numbers) {
        byte[] bytes = new byte[numbers.size()];
        for (int index = 0; index < bytes.length; index++) {
            bytes[index] = numbers.getInteger(index).byteValue();
        }
        return Base64.getEncoder().encodeToString(bytes);
    }

    public JsonArray numbers() {
        return coded(value -> value);
    }

    /** The vector in numbers from -127 to 127. */
    public JsonArray int8() {
        return coded(value -> Math.round(value * Byte.MAX_VALUE));
    }

    /** The vector in numbers from 0 to 255. */
    public JsonArray uint8() {
        return coded(value -> Math.round((value + 1) / 2 * 255));
    }

    /** The signs of eight numbers in each number, the first in the highest bit. */
    public JsonArray bits(int offset) {
        JsonArray numbers = new JsonArray();
        for (int from = 0; from < values.length; from += Byte.SIZE) {
            int packed = 0;
            for (int index = from; index < from + Byte.SIZE; index++) {
                packed = packed << 1 | (values[index] > 0 ? 1 : 0);
            }
            numbers.add(packed + offset);
        }
        return numbers;
    }

    /** How one number of a vector is told. */
    private interface Coding {
        Number of(float value);
    }

    private JsonArray coded(Coding coding) {
        JsonArray numbers = new JsonArray();
        for (float value : values) {
            numbers.add(coding.of(value));
        }
        return numbers;
    }

    public void appendTo(StringBuilder json) {
        json.append('[');
        for (int index = 0; index < values.length; index++) {
            json.append(index == 0 ? "" : ",").append(values[index]);
        }
        json.append(']');
    }
}
