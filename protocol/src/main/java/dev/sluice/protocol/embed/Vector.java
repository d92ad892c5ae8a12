package dev.sluice.protocol.embed;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/** One vector as it came. */
public sealed interface Vector {
    /**
     * A JSON array of numbers in their spelling.
     *
     * @param json a document that holds it; not copied, since vectors are most of an answer
     * @param from offset of its opening bracket
     * @param to offset behind its closing bracket
     * @param length how many numbers there are
     */
    record Numbers(byte[] json, int from, int to, int length) implements Vector {
        @Override
        public boolean isUsable() {
            return length > 0;
        }

        @Override
        public void writeNumbers(JsonWriter out) {
            out.raw(json, from, to);
        }

        @Override
        public void writeBase64(JsonWriter out) {
            ByteBuffer bytes = ByteBuffer.allocate(length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            JsonScanner scanner = new JsonScanner().reset(json, from, to);
            scanner.enter();
            while (scanner.nextElement() && scanner.skip()) {
                String spelling =
                        new String(json, scanner.valueFrom(), scanner.valueTo() - scanner.valueFrom(), US_ASCII);
                bytes.putFloat(Float.parseFloat(spelling));
            }
            out.raw("\"").raw(Base64.getEncoder().encode(bytes.array())).raw("\"");
        }
    }

    /** Little-endian single-precision numbers in Base64. */
    record Encoded(String base64) implements Vector {
        @Override
        public boolean isUsable() {
            try {
                byte[] bytes = Base64.getDecoder().decode(base64);
                return bytes.length > 0 && bytes.length % Float.BYTES == 0 && isFinite(bytes);
            } catch (IllegalArgumentException _) {
                return false;
            }
        }

        private static boolean isFinite(byte[] bytes) {
            ByteBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            while (numbers.hasRemaining()) {
                if (!Float.isFinite(numbers.getFloat())) return false;
            }
            return true;
        }

        @Override
        public void writeNumbers(JsonWriter out) {
            ByteBuffer numbers =
                    ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
            StringBuilder json = new StringBuilder(numbers.remaining() * 3);
            char separator = '[';
            while (numbers.hasRemaining()) {
                json.append(separator).append(numbers.getFloat());
                separator = ',';
            }
            out.raw(json.append(']').toString());
        }

        @Override
        public void writeBase64(JsonWriter out) {
            out.string(base64);
        }
    }

    /** Whether it holds numbers, at least one, that can be written in both ways. */
    boolean isUsable();

    /** Writes it as an array of numbers; of Base64 the shortest spelling that is the same single-precision number. */
    void writeNumbers(JsonWriter out);

    /** Writes it as a string of Base64; numbers are rounded to single precision. */
    void writeBase64(JsonWriter out);

    default void write(EmbedRequest.Encoding encoding, JsonWriter out) {
        switch (encoding) {
            case FLOAT -> writeNumbers(out);
            case BASE64 -> writeBase64(out);
        }
    }
}
