package dev.sluice.protocol.embed;

import dev.sluice.protocol.chat.InexpressibleException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Inputs that are to become vectors, one each.
 *
 * @param inputs at least one
 * @param dimensions length of a vector; null for the model's own
 * @param purpose what the vectors are for; null if the client does not say
 * @param truncation what becomes of an input that is too long; null if the client does not say
 * @param encodings how the client wants its vectors; at least one
 * @param layout how the client put its inputs, which is how it expects its vectors
 */
public record EmbedRequest(
        List<Input> inputs,
        @Nullable Long dimensions,
        @Nullable Purpose purpose,
        @Nullable Truncation truncation,
        List<Encoding> encodings,
        Layout layout) {
    public EmbedRequest {
        inputs = List.copyOf(inputs);
        encodings = encodings.isEmpty() ? List.of(Encoding.FLOAT) : List.copyOf(encodings);
        if (inputs.isEmpty())
            throw new InexpressibleException("there is nothing to embed; give at least one input", "input");
    }

    /**
     * What becomes one vector.
     *
     * @param pieces at least one
     * @param title of the document that the input is; null for none
     */
    public record Input(List<Piece> pieces, @Nullable String title) {
        public Input {
            pieces = List.copyOf(pieces);
        }

        public static Input of(Piece piece) {
            return new Input(List.of(piece), null);
        }

        /** Its text, several pieces one below the other; null if it holds anything else. */
        public @Nullable String text() {
            List<String> texts = new ArrayList<>(1);
            for (Piece piece : pieces) {
                if (!(piece instanceof Piece.Text(String text))) return null;
                texts.add(text);
            }
            return String.join("\n", texts);
        }
    }

    /** A part of an input. */
    public sealed interface Piece {
        record Text(String text) implements Piece {}

        /** Text in the tokens of a model. */
        record Tokens(List<Long> ids) implements Piece {
            public Tokens {
                ids = List.copyOf(ids);
            }
        }

        /** @param url also a {@code data:} URL */
        record Image(String url) implements Piece {}

        /** @param url also a {@code data:} URL */
        record Video(String url) implements Piece {}
    }

    /** How vectors are written. */
    public enum Encoding {
        FLOAT,
        /** The little-endian single-precision numbers in Base64. */
        BASE64
    }

    /** What becomes of an input that is longer than the model reads. */
    public enum Truncation {
        /** The call fails. */
        NONE,
        /** The beginning is cut off. */
        START,
        /** The end is cut off. */
        END
    }

    public enum Layout {
        LIST,
        /** A single input that is not in a list. */
        SINGLE,
        /** A list of inputs of several media. */
        CONTENTS
    }

    /** Requests with the same wishes that have so many of the inputs at the most, in order. */
    List<EmbedRequest> split(int most) {
        if (inputs.size() <= most) return List.of(this);
        List<EmbedRequest> parts = new ArrayList<>();
        for (int from = 0; from < inputs.size(); from += most) {
            List<Input> some = inputs.subList(from, Math.min(inputs.size(), from + most));
            parts.add(new EmbedRequest(some, dimensions, purpose, truncation, encodings, layout));
        }
        return parts;
    }

    /** Whether all inputs are plain text. */
    public boolean isText() {
        return inputs.stream().allMatch(input -> input.text() != null);
    }

    /**
     * The texts of the inputs.
     *
     * @throws InexpressibleException if one is of tokens, pictures or films
     */
    public List<String> texts(String vendor) {
        List<String> texts = new ArrayList<>(inputs.size());
        for (Input input : inputs) {
            String text = input.text();
            if (text == null) throw new InexpressibleException(vendor + " takes inputs of text only here", "input");
            texts.add(text);
        }
        return texts;
    }

    /** Refuses titles for a format that has no place for them. */
    public void requireNoTitles(String vendor) {
        if (inputs.stream().anyMatch(input -> input.title() != null))
            throw new InexpressibleException(vendor + " takes no titles of inputs; leave them out", "title");
    }

    /** Refuses a wish about long inputs that a format cannot be told, but for what it does anyway. */
    public void requireTruncation(String vendor, @Nullable Truncation usual) {
        if (truncation != null && truncation != usual)
            throw new InexpressibleException(
                    vendor + " cannot be told what to do with inputs that are too long; leave it out", "truncate");
    }
}
